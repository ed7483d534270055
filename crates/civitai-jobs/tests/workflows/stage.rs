//! What every test plays on: a simulator and a client that share their time.

use std::sync::Arc;
use std::time::Duration;

use civitai_jobs::workflows::{Step, WorkflowRequest};
use civitai_jobs::{Air, Client, ClientBuilder};
use civitai_sim::{Origin, Recorded, Shape, SimTime, Simulator, SimulatorBuilder};
use wiremock::MockServer;

/// The token of every test.
const TOKEN: &str = "canary-token-7f3a";
/// The variable that says so of another run.
pub(crate) const SHAPE: &str = "CIVITAI_JOBS_TESTS_SHAPE";
/// What a workflow of one picture costs, in Buzz.
pub(crate) const PRICE: u64 = 8;

/// What the replies of the service look like, in this run of the suite.
pub(crate) fn shape() -> Shape {
    match std::env::var(SHAPE).as_deref() {
        Ok("old") => Shape::Old,
        Ok("new") => Shape::New,
        _ => Shape::Both,
    }
}

/// So many of something, or a tenth in the other runs of the suite: what it takes a crowd to show has little
/// to do with the shape of replies.
pub(crate) fn many(number: usize) -> usize {
    match shape() {
        Shape::Both => number,
        _ => number / 10,
    }
}

pub(crate) struct Stage {
    pub(crate) sim: Arc<Simulator>,
    pub(crate) client: Client,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        Self::with(|sim| sim).await
    }

    pub(crate) async fn with(setting: impl FnOnce(SimulatorBuilder) -> SimulatorBuilder) -> Self {
        Self::in_strides(Duration::MAX, setting).await
    }

    /// Time moves by so much at once, so that nothing is passed over that happens in between.
    pub(crate) async fn in_strides(
        stride: Duration,
        setting: impl FnOnce(SimulatorBuilder) -> SimulatorBuilder,
    ) -> Self {
        let time = SimTime::manual().step(stride);
        let sim = Simulator::builder().time(time).token(TOKEN);
        let sim = sim.shape(shape());
        let sim = Arc::new(setting(sim).start().await.unwrap());
        let client = builder(&sim).build().unwrap();
        Self { sim, client }
    }

    /// Another client, such as the one of a process that was started again.
    pub(crate) fn another(&self) -> ClientBuilder {
        builder(&self.sim)
    }

    /// The requests to workflows so far.
    pub(crate) fn requests(&self) -> Vec<Recorded> {
        let all = self.sim.requests().into_iter();
        let here = |request: &Recorded| request.path.starts_with("/v2/consumer/workflows");
        all.filter(|request| request.origin == Origin::Api && here(request))
            .collect()
    }

    /// The Buzz that was charged and not given back, by the ledger of the service.
    pub(crate) fn spent(&self) -> u64 {
        let moves = self.sim.ledger();
        let sum = |refund| -> u64 {
            let of_kind = moves.iter().filter(|one| one.refund == refund);
            of_kind.map(|one| one.amount).sum()
        };
        sum(false) - sum(true)
    }
}

fn builder(sim: &Simulator) -> ClientBuilder {
    Client::builder()
        .token(TOKEN)
        .base_url(sim.base_url())
        .clock(Arc::new(sim.clock()))
}

/// A client of a service that is played by hand, whose pauses take no time.
pub(crate) fn client_of(server: &MockServer) -> Client {
    let clock = Arc::new(civitai_jobs::SkipClock::new());
    let client = Client::builder().token(TOKEN).base_url(server.uri());
    client.clock(clock).build().unwrap()
}

/// A picture from a prompt.
pub(crate) fn picture(prompt: &str) -> Step<civitai_jobs::workflows::types::TextToImageInput> {
    let model = Air::civitai("sd1", "checkpoint", 4384, 128_713).unwrap();
    Step::text_to_image(model, prompt).seed(7)
}

/// A workflow of one picture.
pub(crate) fn request() -> WorkflowRequest {
    let mut request = WorkflowRequest::new();
    request.add(picture("a lighthouse in fog").name("hero"));
    request
}
