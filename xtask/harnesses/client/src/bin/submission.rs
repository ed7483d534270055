//! Times the submission of a workflow of ten steps, of which each but the first takes what the one before makes: how long
//! its thread keeps a processor busy, against a bare call with the body as text.
//!
//! `submission`. Prints one JSON object for each line.

#![allow(
    clippy::print_stdout,
    reason = "what was measured goes to who started it"
)]

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use bench_client::server;
use civitai_api::v2::types;
use civitai_jobs::workflows::Step;
use civitai_jobs::{Air, Client, WorkflowRequest};
use serde_json::{Value, json};

/// How many submissions count, and how many come before to fill the caches.
const SUBMISSIONS: u32 = 3_000;
const BEFORE: u32 = 300;
const SECRET: &str = "a-token-of-some-forty-characters-in-length";

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> Outcome {
    let request = ten_steps()?;
    let body = serde_json::to_string(&request.to_template()?)?;
    let reply = server::reply(&accepted(&body)?);
    let url = server::start(Arc::new(move |_| Arc::clone(&reply)))?;
    // One thread, so that its time is all there is.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let client = Client::builder().token(SECRET.to_owned());
        let client = client.base_url(url.as_str()).build()?;
        let high = time(async || {
            drop(black_box(client.workflows().submit(&request).await?));
            Ok(())
        });
        tell("high", high.await?)?;

        let bare = reqwest::Client::builder().no_proxy().build()?;
        let address = format!("{url}/v2/consumer/workflows");
        let low = time(async || {
            let call = bare.post(&address).bearer_auth(SECRET).body(body.clone());
            let reply = call.header("content-type", "application/json").send();
            let seen: types::Workflow = reply.await?.error_for_status()?.json().await?;
            drop(black_box(seen));
            Ok(())
        });
        tell("bare", low.await?)
    })
}

/// A picture that is made larger eight times and then cut out.
fn ten_steps() -> Result<WorkflowRequest, Box<dyn Error>> {
    let model = Air::civitai("sd1", "checkpoint", 4384, 128_713)?;
    let mut request = WorkflowRequest::new();
    let mut picture = request
        .add(Step::text_to_image(model, "a lighthouse in fog"))
        .image(0);
    for _ in 0..8 {
        picture = request.add(Step::upscale_image(picture)).image();
    }
    request.add(Step::remove_background(picture));
    Ok(request)
}

/// What the service answers: the workflow with an id, and each step waiting.
fn accepted(workflow: &str) -> Result<String, Box<dyn Error>> {
    let mut workflow: Value = serde_json::from_str(workflow)?;
    workflow["id"] = json!("0-20260214093012000");
    workflow["status"] = json!("unassigned");
    workflow["createdAt"] = json!("2026-02-14T09:30:12Z");
    for list in ["callbacks", "tags"] {
        workflow[list] = json!([]);
    }
    workflow["metadata"] = json!({});
    workflow["arguments"] = json!({});
    let steps = workflow["steps"].as_array_mut();
    for (index, step) in steps.into_iter().flatten().enumerate() {
        step["name"] = json!(format!("step{index}"));
        step["status"] = json!("unassigned");
        step["priority"] = json!("normal");
        step["retries"] = json!(0);
    }
    Ok(workflow.to_string())
}

/// How long this thread is on a processor for one.
async fn time(submit: impl AsyncFn() -> Outcome) -> Result<Duration, Box<dyn Error>> {
    for _ in 0..BEFORE {
        submit().await?;
    }
    let begun = busy()?;
    for _ in 0..SUBMISSIONS {
        submit().await?;
    }
    Ok((busy()? - begun) / SUBMISSIONS)
}

/// How long this thread has been on a processor.
fn busy() -> Result<Duration, Box<dyn Error>> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let busy = told.split(' ').next().unwrap_or_default();
    Ok(Duration::from_nanos(busy.parse()?))
}

fn tell(who: &str, time: Duration) -> Outcome {
    let nanoseconds = u64::try_from(time.as_nanos())?;
    println!(
        "{}",
        json!({ "what": "submission", "who": who, "bytes": 0, "time": nanoseconds })
    );
    Ok(())
}
