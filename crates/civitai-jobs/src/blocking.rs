//! The client for programs without an async runtime: it brings one of its own.
//!
//! A thin layer: [`Client::run`] waits for anything that the async [`Client`](crate::Client) does, and
//! the rest are its commonest uses. Within an async runtime every call is refused with an error,
//! since it would stop whatever else runs there.
//!
//! ```no_run
//! use civitai_jobs::{Air, Naming, TextToImage, blocking::Client};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::from_env()?;
//! let model = Air::civitai("sd1", "checkpoint", 4384, 128713)?;
//! let job = client.submit(&TextToImage::new(model, "a lighthouse in fog"))?;
//! let done = job.wait()?;
//! client.save(&done.outputs(), "pictures", &Naming::default())?;
//! let used = client.run(client.inner().consumption(..))??;
//! println!("{:?} Buzz", used.cost);
//! # Ok(()) }
//! ```

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::{
    Error, FileSource, FromEnvError, Naming, SavedFile, Snapshot, TextToImage, Token, Update,
    WatchError,
};

/// A client that blocks its thread. Cheap to clone; clones share connections and runtime.
#[derive(Clone, Debug)]
pub struct Client {
    inner: crate::Client,
    runtime: Arc<Owned>,
}

impl Client {
    /// Makes one of an async client, whose settings it takes over.
    ///
    /// # Errors
    ///
    /// This is within an async runtime, or the system gives no resources for one.
    pub fn new(inner: crate::Client) -> Result<Self, Error> {
        refuse_inside()?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime
            .map_err(|error| Error::setup("no runtime can be made", Some(Box::from(error))))?;
        let runtime = Arc::new(Owned(Some(runtime)));
        Ok(Self { inner, runtime })
    }

    /// Makes one as [`Client::from_env`](crate::Client::from_env) does.
    ///
    /// # Errors
    ///
    /// The token is missing or blank, a value cannot be used, or as for [`new`](Self::new).
    pub fn from_env() -> Result<Self, FromEnvError> {
        Self::new(crate::Client::from_env()?).map_err(FromEnvError::Unusable)
    }

    /// The async client, whose futures [`run`](Self::run) waits for.
    #[must_use]
    pub fn inner(&self) -> &crate::Client {
        &self.inner
    }

    /// Waits for a future, such as a call of the async client.
    ///
    /// # Errors
    ///
    /// This is within an async runtime; nothing was begun.
    pub fn run<F: Future>(&self, work: F) -> Result<F::Output, Error> {
        refuse_inside()?;
        match &self.runtime.0 {
            Some(runtime) => Ok(runtime.block_on(work)),
            None => Err(Error::setup("the runtime is gone", None)),
        }
    }

    /// Submits a request; see [`Client::submit`](crate::Client::submit).
    ///
    /// # Errors
    ///
    /// As there; or this is within an async runtime.
    pub fn submit(&self, request: &TextToImage) -> Result<Job, Error> {
        let job = self.run(self.inner.submit(request))??;
        Ok(self.job(job))
    }

    /// Takes up a job again; nothing is sent.
    #[must_use]
    pub fn attach(&self, token: Token) -> Job {
        self.job(self.inner.attach(token))
    }

    /// Saves files; see [`Client::save`](crate::Client::save).
    ///
    /// # Errors
    ///
    /// As there; or this is within an async runtime.
    pub fn save(
        &self,
        outputs: impl IntoIterator<Item = impl Into<FileSource>>,
        dir: impl AsRef<Path>,
        naming: &Naming,
    ) -> Result<Vec<SavedFile>, Error> {
        self.run(self.inner.save(outputs, dir, naming).into_future())?
    }

    fn job(&self, inner: crate::Job) -> Job {
        let client = self.clone();
        Job { client, inner }
    }
}

/// Work that was submitted; a handle, as the async [`Job`](crate::Job) is.
#[derive(Clone, Debug)]
pub struct Job {
    client: Client,
    inner: crate::Job,
}

impl Job {
    /// The async handle.
    #[must_use]
    pub fn inner(&self) -> &crate::Job {
        &self.inner
    }

    /// Waits for the result with the policy of the client.
    ///
    /// # Errors
    ///
    /// As for [`Job::watch`](crate::Job::watch); or this is within an async runtime.
    pub fn wait(&self) -> Result<Snapshot, WaitError> {
        self.wait_with(|_| ())
    }

    /// Waits for the result and tells of each look on the way.
    ///
    /// # Errors
    ///
    /// As for [`wait`](Self::wait).
    pub fn wait_with(
        &self,
        mut progress: impl FnMut(&Update<Snapshot>),
    ) -> Result<Snapshot, WaitError> {
        let waiting = async {
            let (mut watch, mut last) = (self.inner.watch(), None);
            while let Some(update) = watch.next().await? {
                progress(&update);
                last = Some(update.snapshot);
            }
            match last {
                Some(last) => Ok(last),
                None => watch.await,
            }
        };
        let waited = self.client.run(waiting).map_err(WaitError::Refused)?;
        waited.map_err(WaitError::Watch)
    }

    /// Looks once.
    ///
    /// # Errors
    ///
    /// The look failed; or this is within an async runtime.
    pub fn status(&self) -> Result<Snapshot, Error> {
        self.client.run(self.inner.status())?
    }

    /// Cancels what has not ended; see [`Job::cancel`](crate::Job::cancel).
    ///
    /// # Errors
    ///
    /// The call failed; or this is within an async runtime.
    pub fn cancel(&self) -> Result<(), Error> {
        self.client.run(self.inner.cancel())?
    }
}

/// Why waiting gave no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WaitError {
    /// This is within an async runtime; nothing was begun.
    #[error(transparent)]
    Refused(Error),
    /// The wait itself; it carries the handle.
    #[error(transparent)]
    Watch(WatchError<crate::Job>),
}

/// A runtime that may be dropped anywhere: within another one, waiting for its end would panic.
struct Owned(Option<Runtime>);

impl Drop for Owned {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Owned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Runtime")
    }
}

fn refuse_inside() -> Result<(), Error> {
    match Handle::try_current() {
        Err(_) => Ok(()),
        Ok(_) => Err(Error::setup(
            "a blocking client stops the async runtime that it is called in; use \
             `civitai_jobs::Client` there",
            None,
        )),
    }
}
