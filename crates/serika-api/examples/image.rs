//! An image on the simulator: submitted, watched, saved. `cargo run -p serika-api --example image`

#![allow(clippy::print_stdout, reason = "an example speaks through its output")]

use civitai_sim::{SimTime, Simulator};
use serika_api::types::ImageJobRequest;
use serika_api::{Client, Http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sim = Simulator::builder()
        .time(SimTime::real(20.0))
        .start()
        .await?;
    let http = Http::builder(sim.serika_url())
        .token(sim.token().to_owned())
        .build()?;
    let client = Client::new(http);
    let request = ImageJobRequest {
        model: "tensorart-animagine-xl".to_owned(),
        prompt: "a lighthouse in fog".to_owned(),
        width: Some(256),
        height: Some(256),
        ..ImageJobRequest::default()
    };
    let job = client.create_image_job(&request).await?.image_job();
    println!("{}: take it up again with this", job.handle());

    let mut watch = job.watch();
    while let Some(update) = watch.next().await? {
        println!("{} after {:.1?}", update.phase, update.elapsed);
    }
    let naming = "{job}-{index}".parse()?;
    let dir = std::env::temp_dir().join("serika");
    let files = watch.await?;
    let saved = file_save::Saver::new()?
        .save(files.files(), dir, &naming)
        .await?;
    println!("{} ({} bytes)", saved[0].path.display(), saved[0].bytes);
    Ok(())
}
