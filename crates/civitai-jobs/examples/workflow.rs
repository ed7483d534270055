//! A picture that is made, made larger and cut out of its background, as one workflow.
//!
//! ```console
//! $ cargo run -p civitai-jobs --example workflow
//! ```

#![allow(clippy::print_stdout, reason = "an example tells what it does")]

use std::error::Error;

use civitai_jobs::workflows::{Step, Text, WorkflowRequest};
use civitai_jobs::{Air, Naming, WatchError};
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

    let done = match workflow.watch().await {
        Ok(done) => done,
        Err(WatchError::Ended { last, .. }) => {
            if let Some(failure) = last.failure() {
                println!("{failure}");
            }
            last // What earlier steps have made can be used all the same.
        }
        Err(error) => return Err(error.into()),
    };
    for output in done.files() {
        let (step, kind, size) = (output.step(), output.kind(), output.size());
        println!("{step:?} made one {kind:?} of {size:?} pixels");
    }

    let folder = std::env::temp_dir().join("civitai-jobs");
    let naming = Naming::from_prompt("a lighthouse in fog");
    let files = client.save(cut.files(&done), folder, &naming);
    for file in files.await? {
        println!("saved {}", file.path.display());
    }
    Ok(())
}
