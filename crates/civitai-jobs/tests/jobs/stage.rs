//! What every test plays on: a simulator whose time moves with the client's pauses.

use std::sync::Arc;

use civitai_jobs::{Air, Client, ClientBuilder, TextToImage};
use civitai_sim::{Origin, Recorded, SimTime, Simulator, SimulatorBuilder};

/// The token of every test; must never show.
pub(crate) const CANARY: &str = "canary-token-7f3a";

pub(crate) struct Stage {
    pub(crate) sim: Arc<Simulator>,
    pub(crate) client: Client,
    pub(crate) dir: tempfile::TempDir,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        Self::with(|sim| sim).await
    }

    pub(crate) async fn with(setting: impl FnOnce(SimulatorBuilder) -> SimulatorBuilder) -> Self {
        let sim = Simulator::builder().time(SimTime::manual()).token(CANARY);
        let sim = Arc::new(setting(sim).start().await.unwrap());
        let client = builder(&sim).build().unwrap();
        let dir = tempfile::tempdir().unwrap();
        Self { sim, client, dir }
    }

    /// The requests to one of the servers.
    pub(crate) fn requests(&self, origin: Origin) -> Vec<Recorded> {
        let all = self.sim.requests().into_iter();
        all.filter(|request| request.origin == origin).collect()
    }

    /// How many submissions reached the service.
    pub(crate) fn submissions(&self) -> usize {
        let all = self.requests(Origin::Api);
        let posts = all
            .iter()
            .filter(|r| r.method == "POST" && r.path == "/v1/consumer/jobs");
        posts.count()
    }

    /// The names in the folder for files, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.dir.path()).unwrap();
        let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name();
        let mut names: Vec<_> = entries.map(|e| name(e).into_string().unwrap()).collect();
        names.sort();
        names
    }
}

pub(crate) fn builder(sim: &Arc<Simulator>) -> ClientBuilder {
    Client::builder()
        .token(CANARY)
        .base_url(sim.base_url())
        .clock(Arc::new(sim.clock()))
}

pub(crate) fn request() -> TextToImage {
    let model = Air::civitai("sd1", "checkpoint", 4384, 128_713).unwrap();
    TextToImage::new(model, "A lighthouse in fog").seed(7)
}

/// The messages of an error and of everything behind it.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = format!("{error:?} {error}");
    let mut next = error.source();
    while let Some(error) = next {
        text += &format!(": {error}");
        next = error.source();
    }
    text
}
