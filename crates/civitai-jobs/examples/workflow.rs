//! A picture that is made, made larger and cut out of its background, as one workflow.
//!
//! ```console
//! $ cargo run -p civitai-jobs --example workflow
//! ```

#![allow(clippy::print_stdout, reason = "an example tells what it does")]

use std::error::Error;

use civitai_jobs::workflow::{Step, Text, WorkflowRequest};
use civitai_jobs::{Air, WatchError};
use stage::Stage;

mod stage;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Stage { client, sim: _sim } = Stage::open().await?;
    let model = Air::civitai("sd1", "checkpoint", 4384, 128_713)?;

    let mut request = WorkflowRequest::new().tag("lighthouse");
    let prompt = request.argument::<Text>("prompt", "a lighthouse in fog");
    let hero = request.add(Step::text_to_image(model, prompt).name("hero"));
    let large = request.add(Step::upscale_image(hero.image(0)).repeats(2));
    let cut = request.add(Step::remove_background(large.image()));

    let workflow = client.workflows().submit(&request).await?;
    println!("submitted; the id {workflow} finds it again");

    let mut watch = workflow.watch();
    let mut last = None;
    loop {
        match watch.next().await {
            Ok(Some(update)) => {
                println!("{} after {:.1?}", update.phase, update.waited);
                last = Some(update.snapshot);
            }
            Ok(None) => break,
            Err(WatchError::Ended { last, .. }) => {
                // What the steps before have made can be used all the same.
                let made = last.outputs().len();
                let why = last.failure().map(|failure| failure.to_string());
                return Err(format!("{}; {made} files are there", why.unwrap_or_default()).into());
            }
            Err(error) => return Err(error.into()),
        }
    }
    for step in last.iter().flat_map(|last| last.steps()) {
        for output in step.outputs() {
            let (kind, size) = (output.kind(), output.size());
            println!("{} made one {kind:?} of {size:?} pixels", step.name());
        }
    }
    println!("{} is the one to keep", cut.name());
    Ok(())
}
