//! The client for programs without an async runtime: it brings one of its own.
//!
//! Everything that the async [`Client`](crate::Client) does is done here by
//! [`run`](Client::run)ning it, for jobs and for workflows alike. Within an async runtime every run is
//! refused with an error, since it would stop whatever else runs there.
//!
//! ```no_run
//! use civitai_jobs::{Air, Naming, TextToImage, blocking::Client};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::from_env()?;
//! let model = Air::civitai("sd1", "checkpoint", 4384, 128713)?;
//! let request = TextToImage::new(model, "a lighthouse in fog");
//!
//! let batch = client.run(client.jobs().submit(&request))?;
//! let done = client.watch(batch.watch(), |update| println!("{}", update.phase))?;
//! client.run(client.save(done.files(), "pictures", &Naming::default()))?;
//!
//! for workflow in client.iter(client.workflows().list().tag("fog").stream()) {
//!     println!("{:?}", workflow?.id());
//! }
//! # Ok(()) }
//! ```

use std::error::Error as StdError;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use job_watch::{Pollable, Update, Watch, WatchError};
use tokio::runtime::{Builder, Handle, Runtime};

use crate::{Error, FromEnvError, Items};

/// A client that blocks its thread. Cheap to clone; clones share connections and runtime.
///
/// It derefs to the async client, whose groups, such as [`jobs`](crate::Client::jobs), give what is to
/// be run.
#[derive(Clone, Debug)]
pub struct Client {
    inner: crate::Client,
    runtime: Arc<Owned>,
}

impl Client {
    /// Creates a blocking client of an async one, whose settings it takes over.
    ///
    /// # Errors
    ///
    /// This is within an async runtime, or the system gives no resources for one.
    pub fn new(inner: crate::Client) -> Result<Self, Error> {
        if is_inside() {
            return Err(Error::setup(INSIDE, None));
        }
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime
            .map_err(|error| Error::setup("no runtime can be made", Some(Box::from(error))))?;
        let runtime = Arc::new(Owned(Some(runtime)));
        Ok(Self { inner, runtime })
    }

    /// Creates a client as [`Client::from_env`](crate::Client::from_env) does.
    ///
    /// # Errors
    ///
    /// The token is missing or blank, a value cannot be used, or as for [`new`](Self::new).
    pub fn from_env() -> Result<Self, FromEnvError> {
        Self::new(crate::Client::from_env()?).map_err(FromEnvError::Unusable)
    }

    /// Runs what the async client gives, such as a submission, and returns its result.
    ///
    /// # Errors
    ///
    /// The work failed; or this is within an async runtime, and nothing was begun.
    pub fn run<T, E>(
        &self,
        work: impl IntoFuture<Output = Result<T, E>>,
    ) -> Result<T, RunError<E>> {
        self.block_on(work.into_future())?.map_err(RunError::Failed)
    }

    /// Runs what cannot fail, such as the submission of several workflows, each with its own result.
    ///
    /// # Errors
    ///
    /// This is within an async runtime, and nothing was begun.
    pub fn run_all<T>(&self, work: impl IntoFuture<Output = T>) -> Result<T, Error> {
        let inside = |_: RunError<Error>| Error::setup(INSIDE, None);
        self.block_on(work.into_future()).map_err(inside)
    }

    /// Waits for the result of a watch and calls `progress` with each update on the way.
    ///
    /// # Errors
    ///
    /// As of awaiting the watch; or this is within an async runtime, and nothing was begun.
    pub fn watch<P: Pollable>(
        &self,
        mut watch: Watch<P>,
        mut progress: impl FnMut(&Update<P::Snapshot, P::Item>),
    ) -> Result<P::Snapshot, RunError<WatchError<P>>> {
        self.run(async {
            while let Some(update) = watch.next().await? {
                progress(&update);
            }
            watch.await
        })
    }

    /// Returns the items of a list as an iterator.
    pub fn iter<T: Send + 'static>(
        &self,
        mut items: Items<T>,
    ) -> impl Iterator<Item = Result<T, Error>> + use<T> {
        let client = self.clone();
        std::iter::from_fn(move || {
            client
                .run_all(items.next())
                .unwrap_or_else(|e| Some(Err(e)))
        })
        .scan(false, |failed, item| {
            // After an error there is nothing more, in an async runtime least of all.
            let go_on = !*failed;
            *failed = item.is_err();
            go_on.then_some(item)
        })
    }

    fn block_on<T, E>(&self, work: impl Future<Output = T>) -> Result<T, RunError<E>> {
        match &self.runtime.0 {
            Some(runtime) if !is_inside() => Ok(runtime.block_on(work)),
            _ => Err(RunError::Inside),
        }
    }
}

impl Deref for Client {
    type Target = crate::Client;

    fn deref(&self) -> &crate::Client {
        &self.inner
    }
}

/// Why a run gave no result.
#[non_exhaustive]
pub enum RunError<E> {
    /// This is within an async runtime; nothing was begun.
    Inside,
    /// The work itself failed.
    Failed(E),
}

impl<E> RunError<E> {
    /// Returns the error of the work; `None` where nothing was begun.
    pub fn failure(&self) -> Option<&E> {
        match self {
            Self::Inside => None,
            Self::Failed(error) => Some(error),
        }
    }
}

impl<E: fmt::Display> fmt::Display for RunError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inside => f.write_str(INSIDE),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug> fmt::Debug for RunError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inside => f.write_str(INSIDE),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl<E: StdError> StdError for RunError<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Inside => None,
            Self::Failed(error) => error.source(),
        }
    }
}

const INSIDE: &str = "a blocking client stops the async runtime that it is called in; use \
                      `civitai_jobs::Client` there";

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

fn is_inside() -> bool {
    Handle::try_current().is_ok()
}
