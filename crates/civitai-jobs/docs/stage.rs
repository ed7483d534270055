// What the blocks of the README and the guide run in: a simulator of the service, a client of it, and
// a folder for files.

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use civitai_jobs::{Air, Client, Pace, TextToImage, WatchPolicy, WorkflowRequest};
use civitai_sim::{SimTime, Simulator};
use tokio::runtime::Runtime;

pub struct Stage {
    pub sim: Simulator,
    dir: tempfile::TempDir,
}

impl Stage {
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }
}

pub fn model() -> Air {
    Air::civitai("sd1", "checkpoint", 4384, 128_713).unwrap()
}

pub fn request() -> TextToImage {
    TextToImage::new(model(), "a lighthouse in fog")
}

/// The same picture as a workflow, whatever the features.
pub fn workflow() -> WorkflowRequest {
    let step = serde_json::json!({"$type": "textToImage", "input": {
        "model": model(), "prompt": "a lighthouse in fog", "width": 512, "height": 512}});
    let step: civitai_jobs::workflows::types::WorkflowStepTemplate =
        serde_json::from_value(step).unwrap();
    let mut request = WorkflowRequest::new();
    request.add(step);
    request
}

pub fn run(block: impl AsyncFnOnce(Client, &Stage) -> Result<(), Box<dyn Error>>) {
    let runtime = Runtime::new().unwrap();
    let result = runtime.block_on(async {
        let (client, stage) = open().await?;
        block(client, &stage).await
    });
    result.unwrap();
}

/// The same for a block without a runtime: the simulator has one elsewhere.
pub fn beside(block: impl FnOnce(Client, &Stage) -> Result<(), Box<dyn Error>>) {
    let runtime = Runtime::new().unwrap();
    let (client, stage) = runtime.block_on(open()).unwrap();
    block(client, &stage).unwrap();
}

async fn open() -> Result<(Client, Stage), Box<dyn Error>> {
    let sim = Simulator::builder()
        .time(SimTime::real(1000.0))
        .start()
        .await?;
    // A minute of work takes some milliseconds there, so looks can be as close.
    let policy = WatchPolicy::default().pace(Pace::fixed(Duration::from_millis(100)));
    let client = Client::builder().token(sim.token().to_owned());
    let client = client.base_url(sim.base_url()).watch_policy(policy);
    let (client, dir) = (client.build()?, tempfile::tempdir()?);
    Ok((client, Stage { sim, dir }))
}
