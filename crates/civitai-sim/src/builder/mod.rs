//! The builder of a simulator: what all services share, and where it listens.

mod v1;
mod v2;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use crate::core::content::Content;
use crate::core::fault::Fault;
use crate::core::faults::Faults;
use crate::core::request_rule::RequestRule;
use crate::core::rule::{Rule, Submission};
use crate::core::seed::Seed;
use crate::core::setup::Setup;
use crate::core::time::{Clock, LONGEST, SimTime};
use crate::error::StartError;
use crate::photogpt::state::State as PhotoGpt;
use crate::saved::Saved;
use crate::serika::state::State as Serika;
use crate::server::listen::listen;
use crate::server::shared::Opening;
use crate::server::storage::Storage;
use crate::server::storage::fault::BlobFault;
use crate::simulator::Simulator;
use crate::v1::settings::Settings as V1;
use crate::v1::state::State as V1State;
use crate::v2::settings::Settings as V2;
use crate::v2::state::State as V2State;

/// Builds a [`Simulator`].
///
/// All durations are simulated time; one of more than 365 days counts as 365 days.
///
/// ```
/// use std::time::Duration;
/// use civitai_sim::{SimTime, Simulator};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), civitai_sim::StartError> {
/// let sim = Simulator::builder()
///     .seed(7)
///     .time(SimTime::manual())
///     .queue_delay(Duration::from_secs(8))
///     .workers(1)
///     .start()
///     .await?;
/// assert!(sim.base_url().starts_with("http://127.0.0.1:"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a simulator does nothing until it is started"]
pub struct SimulatorBuilder {
    pub(crate) setup: Setup,
    pub(crate) v1: V1,
    pub(crate) v2: V2,
    time: SimTime,
    token: String,
    api: SocketAddr,
    blobs: SocketAddr,
    chances: Vec<(f64, Fault)>,
    blob_chances: Vec<(f64, BlobFault)>,
    model_training: Duration,
    saved: Option<Saved>,
    control: bool,
    skew: chrono::Duration,
    rules: Vec<RequestRule>,
}

impl Simulator {
    /// Returns a builder whose settings suit a first look.
    pub fn builder() -> SimulatorBuilder {
        SimulatorBuilder::new()
    }
}

impl SimulatorBuilder {
    pub(crate) fn new() -> Self {
        let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let time = SimTime::real(1.0);
        Self {
            setup: Setup::new(time.start()),
            v1: V1::default(),
            v2: V2::default(),
            time,
            token: "sim-token".to_owned(),
            api: anywhere,
            blobs: anywhere,
            chances: Vec::new(),
            blob_chances: Vec::new(),
            model_training: Duration::from_secs(22 * 60),
            saved: None,
            control: false,
            skew: chrono::Duration::zero(),
            rules: Vec::new(),
        }
    }

    /// Sets the seed of everything that looks random: equal seeds give equal replies. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.setup.seed = Seed(seed);
        self
    }

    /// Sets the bearer token that the API accepts. Default: `sim-token`.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = token.into();
        self
    }

    /// Sets how simulated time passes. Default: [`SimTime::real`] at speed 1.
    pub fn time(mut self, time: SimTime) -> Self {
        self.time = time;
        self
    }

    /// Sets how long a job waits before a worker may take it. Default: 2 s.
    pub fn queue_delay(mut self, delay: Duration) -> Self {
        self.setup.queue_delay = delay.min(LONGEST);
        self
    }

    /// Sets how long a worker takes: for one image of 30 steps in version 1, for one unit of a step in
    /// version 2. Default: 6 s.
    pub fn work_delay(mut self, delay: Duration) -> Self {
        self.setup.work_delay = delay.min(LONGEST);
        self
    }

    /// Sets how long PhotoGPT trains a model. Default: 22 min.
    pub fn model_training(mut self, time: Duration) -> Self {
        self.model_training = time.min(LONGEST);
        self
    }

    /// Sets how many jobs run at once, from 1 to 10,000; each version has as many workers. Default: 2.
    pub fn workers(mut self, workers: usize) -> Self {
        self.setup.workers = workers.clamp(1, 10_000);
        self
    }

    /// Makes a share of all submissions, from 0 to 1, go wrong in this way. Default: none.
    ///
    /// Which ones is drawn from the seed, in the order of their arrival. Shares of several calls add
    /// up; what is above 1 in all is never drawn. A fault of [`fail_next`](Simulator::fail_next) takes
    /// the place of a drawn one. Queries draw none.
    ///
    /// ```
    /// use civitai_sim::{Fault, Simulator};
    ///
    /// let builder = Simulator::builder()
    ///     .chance(0.3, Fault::DropReply)
    ///     .chance(0.2, Fault::Status(503));
    /// ```
    pub fn chance(mut self, share: f64, fault: Fault) -> Self {
        self.chances.push((share.clamp(0.0, 1.0), fault));
        self
    }

    /// Makes a share of the answers of storage, from 0 to 1, go wrong in this way. Default: none.
    ///
    /// Which ones follows from the seed. Shares of several calls add up.
    pub fn blob_chance(mut self, share: f64, fault: BlobFault) -> Self {
        self.blob_chances.push((share, fault));
        self
    }

    /// Makes the jobs and steps fail for which `rule` gives a message. Default: none fails.
    ///
    /// Rules are asked in the order in which they were added; the first that gives a message counts.
    ///
    /// ```
    /// let builder = civitai_sim::Simulator::builder()
    ///     .fail_when(|job| job.prompt().contains("eclipse").then(|| "Too dark.".to_owned()));
    /// ```
    pub fn fail_when<F>(mut self, rule: F) -> Self
    where
        F: Fn(&Submission<'_>) -> Option<String> + Send + Sync + 'static,
    {
        self.setup.failures.push(Rule::new(rule));
        self
    }

    /// Puts a file into storage in place of a painted picture where `rule` gives one. Default: pictures
    /// are painted.
    ///
    /// Rules are asked in the order in which they were added; the first that gives a file counts.
    ///
    /// ```
    /// use civitai_sim::Content;
    ///
    /// let builder = civitai_sim::Simulator::builder().content_when(|job| {
    ///     job.prompt().contains("clip").then(|| Content::new("video/webm", &b"\x1a\x45\xdf\xa3"[..]))
    /// });
    /// ```
    pub fn content_when<F>(mut self, rule: F) -> Self
    where
        F: Fn(&Submission<'_>) -> Option<Content> + Send + Sync + 'static,
    {
        self.setup.contents.push(Rule::new(rule));
        self
    }

    /// Makes a model, named by its AIR, unavailable: coverage and resources say so, and steps of
    /// version 2 that use it fail for want of a provider. Default: every model is available.
    pub fn uncovered(mut self, air: impl Into<String>) -> Self {
        self.setup.uncovered.insert(air.into());
        self
    }

    /// Sets the address of the API. Default: a free port of 127.0.0.1.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.api = address;
        self
    }

    /// Sets the address of blob storage. Default: a free port of 127.0.0.1.
    pub fn listen_blobs(mut self, address: SocketAddr) -> Self {
        self.blobs = address;
        self
    }

    pub(crate) fn request_rule(mut self, rule: RequestRule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Sets how far the service's clock is ahead of this machine's.
    pub(crate) fn clock_skew(mut self, skew: chrono::Duration) -> Self {
        self.skew = skew;
        self
    }

    /// Sets whether the API has a page for browsers at `/` and controls under `/_sim`, for this machine
    /// alone. Default: `false`.
    pub fn control(mut self, control: bool) -> Self {
        self.control = control;
        self
    }

    /// Goes on from what another run knew, whose seed and dates it takes over. Default: a run begins with
    /// nothing.
    pub fn take_up(mut self, saved: Saved) -> Self {
        self.saved = Some(saved);
        self
    }

    /// Starts both servers on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// Fails when an address cannot be listened on, a setting is out of its range, a state cannot be taken
    /// up, or there is no tokio runtime.
    pub async fn start(mut self) -> Result<Simulator, StartError> {
        if !self.time.is_valid() {
            return Err(StartError::Speed);
        }
        if !(0.0..=1e12).contains(&self.v1.balance) {
            return Err(StartError::Balance);
        }
        let runtime = tokio::runtime::Handle::try_current().map_err(StartError::NoRuntime)?;
        let failed = |address| move |source| StartError::Listen { address, source };
        let (api, api_address) = listen(self.api).await.map_err(failed(self.api))?;
        let (blobs, blob_address) = listen(self.blobs).await.map_err(failed(self.blobs))?;
        let base_url = format!("http://{api_address}");
        let start = self.time.start();
        self.setup.start = start.checked_add_signed(self.skew).unwrap_or(start);
        let mut elapsed = Duration::ZERO;
        if let Some(saved) = &self.saved {
            (self.setup.seed, self.setup.start, elapsed) = saved.origin();
        }
        let services = self.saved.map(Saved::services).transpose()?;
        let (seed, start) = (self.setup.seed, self.setup.start);
        let mut faults = Faults::new(seed, self.chances);
        self.rules.into_iter().for_each(|rule| faults.add(rule));
        let mut opening = Opening {
            clock: Clock::new(self.time, elapsed),
            seed,
            start,
            token: self.token,
            blob_url: format!("http://{blob_address}"),
            storage: Storage::new(seed, self.blob_chances),
            faults,
            has_control: self.control,
            v1: V1State::new(self.setup.clone(), self.v1),
            serika: Serika::new(self.setup.clone()),
            photogpt: PhotoGpt::new(self.setup.clone(), self.model_training),
            v2: V2State::new(self.setup, self.v2, base_url.clone()),
        };
        if let Some(services) = services {
            opening.v1.take_up(services.v1);
            opening.v2.take_up(services.v2);
            opening.serika.take_up(services.serika);
            opening.photogpt.take_up(services.photogpt);
        }
        Ok(Simulator::open(&runtime, opening, base_url, api, blobs))
    }
}
