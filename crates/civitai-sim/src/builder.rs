//! The builder of a simulator, and why starting may fail.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use crate::content::Content;
use crate::fault::Fault;
use crate::http::BlobFault;
use crate::seed::Seed;
use crate::settings::{ContentRule, FailureRule, Settings, Submission};
use crate::simulator::Simulator;
use crate::time::SimTime;

/// Delays are cut to a year, so that no sum of them overflows.
pub(crate) const LONGEST: Duration = Duration::from_secs(365 * 86_400);

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// An address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// Simulated time cannot run at this speed.
    #[error("the speed of simulated time must be above 0 and at most 1,000,000")]
    Speed,
    /// The balance is below 0, too large or not a number.
    #[error("the balance must be between 0 and 1,000,000,000,000 Buzz")]
    Balance,
    /// No runtime is there to serve requests.
    #[error("a simulator must be started within a tokio runtime")]
    NoRuntime(#[source] tokio::runtime::TryCurrentError),
}

/// Settings of a [`Simulator`] that is about to start.
///
/// Durations are simulated time, and a year at most.
#[derive(Clone, Debug)]
#[must_use = "a simulator does nothing until it is started"]
pub struct SimulatorBuilder {
    pub(crate) settings: Settings,
    pub(crate) time: SimTime,
    pub(crate) token: String,
    pub(crate) api: SocketAddr,
    pub(crate) blobs: SocketAddr,
    pub(crate) blob_chances: Vec<(f64, BlobFault)>,
}

impl SimulatorBuilder {
    pub(crate) fn new() -> Self {
        let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let time = SimTime::real(1.0);
        let settings = Settings {
            seed: Seed(0),
            start: time.start(),
            queue_delay: Duration::from_secs(2),
            work_delay: Duration::from_secs(6),
            upload_lag: Duration::from_secs(1),
            workers: 2,
            balance: 10_000.0,
            page_size: 100,
            early_links: false,
            listing_lag: Duration::ZERO,
            chances: Vec::new(),
            uncovered: std::collections::BTreeSet::new(),
            failures: Vec::new(),
            contents: Vec::new(),
            v2: crate::v2::settings::Settings::default(),
        };
        Self {
            settings,
            time,
            token: "sim-token".to_owned(),
            api: anywhere,
            blobs: anywhere,
            blob_chances: Vec::new(),
        }
    }

    /// The seed of everything that looks random; default 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = Seed(seed);
        self
    }

    /// The bearer token that the API accepts; default `sim-token`.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = token.into();
        self
    }

    /// How time passes; default as on the wall clock.
    pub fn time(mut self, time: SimTime) -> Self {
        self.time = time;
        self
    }

    /// How long a job waits before a worker may take it; default 2 s.
    pub fn queue_delay(mut self, delay: Duration) -> Self {
        self.settings.queue_delay = delay.min(LONGEST);
        self
    }

    /// How long a worker takes for one image of 30 steps; default 6 s.
    pub fn work_delay(mut self, delay: Duration) -> Self {
        self.settings.work_delay = delay.min(LONGEST);
        self
    }

    /// How long an image is drawn but not yet to be had; default 1 s.
    pub fn upload_lag(mut self, lag: Duration) -> Self {
        self.settings.upload_lag = lag.min(LONGEST);
        self
    }

    /// Whether a result shows its link during the upload lag, when storage still answers 404;
    /// default no.
    pub fn early_links(mut self, early: bool) -> Self {
        self.settings.early_links = early;
        self
    }

    /// How long a job is there before queries list it; default not at all.
    pub fn listing_lag(mut self, lag: Duration) -> Self {
        self.settings.listing_lag = lag.min(LONGEST);
        self
    }

    /// Makes a share of the submissions, from 0 to 1, go wrong in this way. Which ones is drawn from
    /// the seed, in the order of their arrival.
    ///
    /// Shares of several calls add up; what is above 1 in all is never drawn. A fault of
    /// [`fail_next`](Simulator::fail_next) takes the place of a drawn one. Queries draw none.
    ///
    /// ```
    /// use civitai_sim::{Fault, Simulator};
    ///
    /// let builder = Simulator::builder()
    ///     .chance(0.3, Fault::DropReply)
    ///     .chance(0.2, Fault::Status(503));
    /// ```
    pub fn chance(mut self, share: f64, fault: Fault) -> Self {
        self.settings.chances.push((share.clamp(0.0, 1.0), fault));
        self
    }

    /// How many jobs run at once, at least 1; default 2.
    pub fn workers(mut self, workers: usize) -> Self {
        self.settings.workers = workers.clamp(1, 10_000);
        self
    }

    /// The Buzz on the account; default 10,000.
    pub fn balance(mut self, buzz: f64) -> Self {
        self.settings.balance = buzz;
        self
    }

    /// How many jobs one page of a query holds, at least 1; default 100.
    pub fn page_size(mut self, jobs: usize) -> Self {
        self.settings.page_size = jobs.max(1);
        self
    }

    /// Makes jobs fail for which `rule` gives a message; rules are asked in the order given.
    ///
    /// ```
    /// let builder = civitai_sim::Simulator::builder()
    ///     .fail_when(|job| job.prompt().contains("eclipse").then(|| "Too dark.".to_owned()));
    /// ```
    pub fn fail_when<F>(mut self, rule: F) -> Self
    where
        F: Fn(&Submission<'_>) -> Option<String> + Send + Sync + 'static,
    {
        self.settings.failures.push(FailureRule(Arc::new(rule)));
        self
    }

    /// Makes storage hold another file than a painted picture for jobs that `rule` gives one for;
    /// rules are asked in the order given.
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
        self.settings.contents.push(ContentRule(Arc::new(rule)));
        self
    }

    /// Makes a share of the answers of storage, from 0 to 1, go wrong in this way; shares of
    /// different faults add up.
    ///
    /// Which answers those are follows from the seed.
    pub fn blob_chance(mut self, share: f64, fault: BlobFault) -> Self {
        self.blob_chances.push((share, fault));
        self
    }

    /// Makes a model, named by its AIR, unavailable: coverage and resources say so, and steps of
    /// version 2 that use it fail for want of a provider.
    pub fn uncovered(mut self, air: impl Into<String>) -> Self {
        self.settings.uncovered.insert(air.into());
        self
    }

    /// The address of the API; default a free port of 127.0.0.1.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.api = address;
        self
    }

    /// The address of blob storage; default a free port of 127.0.0.1.
    pub fn listen_blobs(mut self, address: SocketAddr) -> Self {
        self.blobs = address;
        self
    }

    /// Starts both servers.
    ///
    /// # Errors
    ///
    /// Fails when an address cannot be listened on, a setting is out of its range, or there is no
    /// tokio runtime.
    pub async fn start(mut self) -> Result<Simulator, StartError> {
        if !self.time.is_valid() {
            return Err(StartError::Speed);
        }
        if !(0.0..=1e12).contains(&self.settings.balance) {
            return Err(StartError::Balance);
        }
        self.settings.start = self.time.start();
        Simulator::start(self).await
    }
}
