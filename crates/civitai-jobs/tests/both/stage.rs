//! What every test plays on: a simulator, and a client that shares its time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use civitai_jobs::{Client, ClientBuilder, Error, blocking};
use civitai_sim::{SimTime, Simulator};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const TOKEN: &str = "canary-token-7f3a";

pub(crate) struct Stage {
    pub(crate) sim: Arc<Simulator>,
    pub(crate) client: Client,
    pub(crate) dir: TempDir,
    failure: Arc<Mutex<Option<String>>>,
}

impl Stage {
    async fn open() -> Self {
        let failure = Arc::new(Mutex::new(None));
        let reason = Arc::clone(&failure);
        let sim = Simulator::builder()
            .time(SimTime::manual())
            .token(TOKEN)
            .queue_delay(Duration::from_secs(5))
            .fail_when(move |_| reason.lock().unwrap().clone());
        let sim = Arc::new(sim.start().await.unwrap());
        let client = builder(&sim, TOKEN).build().unwrap();
        let dir = tempfile::tempdir().unwrap();
        Self {
            sim,
            client,
            dir,
            failure,
        }
    }

    /// Lets all work fail from now on.
    pub(crate) fn fail(&self, reason: &str) {
        *self.failure.lock().unwrap() = Some(reason.to_owned());
    }

    /// Another client, with another token.
    pub(crate) fn another(&self, token: &str) -> ClientBuilder {
        builder(&self.sim, token)
    }
}

fn builder(sim: &Arc<Simulator>, token: &str) -> ClientBuilder {
    Client::builder()
        .token(token.to_owned())
        .base_url(sim.base_url())
        .clock(Arc::new(sim.clock()))
}

/// Runs a test on the async client.
pub(crate) fn async_client<F: Future<Output = ()>>(test: impl FnOnce(Stage) -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    runtime.block_on(async { test(Stage::open().await).await });
}

/// Runs a test on the blocking client, whose simulator lives elsewhere.
pub(crate) fn blocking_client<F: Future<Output = ()>>(test: impl FnOnce(Stage) -> F) {
    let elsewhere = Runtime::new().unwrap();
    let stage = elsewhere.block_on(Stage::open());
    let client = blocking::Client::new(stage.client.clone()).unwrap();
    let run = async {
        test(stage).await;
        Ok::<_, Error>(())
    };
    client.run(run).unwrap();
}
