//! Workflows within a limit on what they may cost together.
//!
//! ```console
//! $ cargo run -p civitai-jobs --example budget
//! ```

#![allow(clippy::print_stdout, reason = "an example tells what it does")]

use std::error::Error;

use civitai_jobs::workflows::{Currency, Step, WorkflowRequest};
use civitai_jobs::{Air, Budget};
use stage::Stage;
use tokio::task::JoinSet;

mod stage;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Stage { client, sim: _sim } = Stage::open().await?;
    let model = Air::civitai("sd1", "checkpoint", 4384, 128_713)?;
    let mut request = WorkflowRequest::new().currency(Currency::Blue);
    request.add(Step::text_to_image(model, "a lighthouse in fog"));

    // Nothing runs, and nothing is paid.
    let preview = client.workflows().preview(&request).await?;
    println!(
        "one costs {} Buzz, {:?}",
        preview.price(),
        preview.by_currency()
    );
    let budget = Budget::new(preview.price() * 3);

    // Ten at once, and money for three: the order does not matter.
    let mut tasks = JoinSet::new();
    for _ in 0..10 {
        let (client, request, budget) = (client.clone(), request.clone(), budget.clone());
        tasks.spawn(async move { client.workflows().submit(&request).budget(&budget).await });
    }
    let mut workflows = Vec::new();
    while let Some(submitted) = tasks.join_next().await {
        match submitted? {
            Ok(workflow) => workflows.push(workflow),
            Err(error) if error.is_over_budget() => println!("{error}"),
            Err(error) => return Err(error.into()),
        }
    }
    println!("{} run: {budget}", workflows.len());

    // What was not delivered is given back, and the budget learns it from the last poll.
    for workflow in &workflows {
        workflow.watch().await?;
    }
    println!("{budget}");
    Ok(())
}
