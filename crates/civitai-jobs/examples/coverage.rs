//! Whether models can be used now, and what the account has spent.
//!
//! ```console
//! $ cargo run -p civitai-jobs --example coverage -- urn:air:sd1:checkpoint:civitai:4384@128713
//! ```

#![allow(clippy::print_stdout, reason = "an example tells what it does")]

use std::error::Error;

use civitai_jobs::{Air, Availability, TextToImage};
use stage::Stage;

mod stage;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let named: Result<Vec<Air>, _> = std::env::args().skip(1).map(|air| air.parse()).collect();
    let mut models = named?;
    if models.is_empty() {
        models = vec![
            Air::civitai("sd1", "checkpoint", 4384, 128_713)?,
            Air::civitai("sdxl", "checkpoint", 101_055, 128_078)?,
        ];
    }
    let Stage { client, sim: _sim } = Stage::open().await?;

    let coverage = client.account().coverage(&models).await?;
    for model in &models {
        match coverage.get(model) {
            Some(seen) => println!("{model}: {} on {:?} workers", seen.readiness, seen.workers),
            None => println!("{model}: the service says nothing"),
        }
    }

    let usable = |air: &Air| coverage.get(air).is_some_and(Availability::is_available);
    if let Some(model) = models.into_iter().find(usable) {
        let request = TextToImage::new(model, "a lighthouse in fog");
        client.jobs().submit(&request).await?.watch().await?;
    }
    let used = client.account().consumption(..).await?;
    println!(
        "used so far: {:?} images, {:?} Buzz",
        used.images, used.cost
    );
    Ok(())
}
