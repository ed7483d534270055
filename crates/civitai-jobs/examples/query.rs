//! Jobs found again by the labels that they carry.
//!
//! ```console
//! $ cargo run -p civitai-jobs --example query
//! ```

#![allow(clippy::print_stdout, reason = "an example tells what it does")]

use std::error::Error;

use civitai_jobs::{Air, Taint, TextToImage};
use stage::Stage;

mod stage;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Stage { client, sim: _sim } = Stage::open().await?;
    let model = Air::civitai("sd1", "checkpoint", 4384, 128_713)?;
    for (user, prompt) in [(7, "fog"), (7, "dawn"), (8, "storm")] {
        let request = TextToImage::new(model.clone(), format!("a lighthouse, {prompt}"))
            .property("user", user)
            .property("tags", vec!["lighthouse", prompt]);
        client.jobs().submit(&request).await?.watch().await?;
    }

    // The pages are followed while the stream is read.
    let of_one = client.jobs().list().property("user", 7);
    let mut jobs = of_one.stream();
    while let Some(job) = jobs.next().await {
        let job = job?;
        let (id, cost) = (job.id(), job.cost());
        println!("{id:?} {} for {cost:?} Buzz", job.phase());
    }

    // Several labels must all fit; each job comes with its request.
    let foggy = client.jobs().list().property("user", 7);
    let foggy = foggy.property("tags", vec!["lighthouse", "fog"]);
    for job in foggy.all().await? {
        let request = job.reply().and_then(|status| status.job.as_ref());
        println!("{:?} was asked for as {request:?}", job.id());
    }

    let marked = of_one.taint(&Taint::new("too dark")).await?;
    println!("{marked:?} results are marked as bad");
    Ok(())
}
