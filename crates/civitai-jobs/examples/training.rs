//! A model that is trained, and watched for what each epoch leaves.
//!
//! ```console
//! $ cargo run -p civitai-jobs --features training --example training -- urn:air:other:other:civitai:1@2 24
//! ```
//!
//! The arguments are the AIR of a zip archive of images and their number.

#![allow(clippy::print_stdout, reason = "an example tells what it does")]

use std::error::Error;

use civitai_jobs::workflows::{Step, WorkflowRequest, types::SdxlAiToolkitTrainingInput};
use civitai_jobs::{Air, Budget, FileKind};
use stage::Stage;

mod stage;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let data = arguments.next();
    let data: Air = data
        .as_deref()
        .unwrap_or("urn:air:other:other:civitai:1@2")
        .parse()?;
    let images: i32 = arguments.next().as_deref().unwrap_or("24").parse()?;

    let Stage { client, sim: _sim } = Stage::open().await?;
    let mut request = WorkflowRequest::new().tag("training");
    request.add(
        Step::<SdxlAiToolkitTrainingInput>::train(&data, images)
            .epochs(3)
            .trigger_word("fogtower")
            .sample_prompt("fogtower by the sea"),
    );

    // Training costs more than a picture: ask before, and set a limit.
    let price = client.workflows().preview(&request).await?.price();
    println!("three epochs cost {price} Buzz");
    let budget = Budget::new(price);
    let workflow = client.workflows().submit(&request).budget(&budget).await?;

    let mut watch = workflow.watch();
    while let Some(update) = watch.next().await? {
        for output in update.new_items {
            match output.kind() {
                FileKind::Image => println!("a sample at {}", output.path()),
                _ => println!("a model at {}", output.path()),
            }
        }
    }
    println!("{budget}");
    Ok(())
}
