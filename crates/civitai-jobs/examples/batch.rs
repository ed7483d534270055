//! Many requests as one batch, and each of its pictures as soon as it is there.
//!
//! ```console
//! $ cargo run -p civitai-jobs --example batch
//! ```

#![allow(clippy::print_stdout, reason = "an example tells what it does")]

use std::error::Error;

use civitai_jobs::{Air, TextToImage};
use stage::Stage;

mod stage;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Stage { client, sim: _sim } = Stage::open().await?;
    let model = Air::civitai("sd1", "checkpoint", 4384, 128_713)?;
    let template = TextToImage::new(model, "a lighthouse in fog");

    // All of it is checked before anything is sent, and everything that is wrong is told.
    let wrong = [template.clone().steps(0), template.clone().size(500, 512)];
    if let Err(error) = client.jobs().submit_all(&wrong).await {
        println!("not sent: {error}");
    }

    let requests: Vec<_> = (1..=6).map(|seed| template.clone().seed(seed)).collect();
    let batch = client.jobs().submit_all(&requests).await?;
    println!("{} jobs under one token", batch.ids().len());

    let mut watch = batch.watch();
    let mut cost = None;
    while let Some(update) = watch.next().await? {
        for output in update.new_items {
            let (job, seed) = (output.work_id(), output.seed());
            println!("a picture of job {job} is there, of seed {seed:?}");
        }
        cost = update.snapshot.cost();
    }
    println!("all of it cost {cost:?} Buzz");
    Ok(())
}
