//! The workflows of the account as a stream, page after page.
//!
//! ```console
//! $ cargo run -p civitai-jobs --example list_workflows -- lighthouse
//! ```

#![allow(clippy::print_stdout, reason = "an example tells what it does")]

use std::error::Error;

use civitai_jobs::workflows::{Step, WorkflowRequest};
use civitai_jobs::{Air, Buzz, Client};
use stage::Stage;

mod stage;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Stage { client, sim } = Stage::open().await?;
    let tag = std::env::args().nth(1);
    let tag = tag.as_deref().unwrap_or("lighthouse");
    if sim.is_some() {
        fill(&client, tag).await?;
    }

    // A page of two is smaller than anybody wants; the stream asks for the next one when it has to.
    let list = client.workflows().list().tag(tag).page_size(2);
    let (mut workflows, mut charged) = (list.stream(), Buzz::ZERO);
    while let Some(seen) = workflows.next().await {
        let seen = seen?;
        println!(
            "{:?} {} with {} files",
            seen.id(),
            seen.status(),
            seen.files().len()
        );
        charged += seen.charged();
    }
    println!("all of it took {charged} Buzz");
    Ok(())
}

/// Five workflows, two of them of another tag.
async fn fill(client: &Client, tag: &str) -> Result<(), Box<dyn Error>> {
    let model = Air::civitai("sd1", "checkpoint", 4384, 128_713)?;
    for tag in [tag, "other", tag, "other", tag] {
        let mut request = WorkflowRequest::new().tag(tag);
        request.add(Step::text_to_image(model.clone(), "a lighthouse in fog"));
        client.workflows().submit(&request).await?.watch().await?;
    }
    Ok(())
}
