//! A job that is polled by a closure.

use std::error::Error;
use std::fmt::{self, Debug};
use std::sync::Arc;

use crate::{Fault, Pollable, Polled};

/// Creates a job from its name and a closure that polls it once.
///
/// The closure gets the name, which may be the id of the job. Every error counts as
/// [transient](Fault::Transient) unless [`fault`](FromFn::fault) says otherwise. For long polls, or for a
/// handle that can do more, implement [`Pollable`].
///
/// ```
/// use job_watch::{Phase, Polled, Watch, from_fn};
///
/// # async fn state_of(_id: &str) -> std::io::Result<String> { Ok("done".to_owned()) }
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let job = from_fn("render-17", |id| async move {
///     let state = state_of(&id).await?;
///     let phase = match state.as_str() {
///         "queued" => Phase::Queued,
///         "done" => Phase::Succeeded,
///         _ => Phase::Running,
///     };
///     std::io::Result::Ok(Polled::new(phase, state))
/// });
/// assert_eq!(Watch::new(job).await?, "done");
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "closure")]
#[doc(alias = "poll_fn")]
pub fn from_fn<F, Fut, S, I, E>(name: impl Into<Arc<str>>, poll: F) -> FromFn<F, E>
where
    F: Fn(Arc<str>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Polled<S, I>, E>> + Send,
    S: Clone + Debug + Send + Sync + 'static,
    I: Clone + Debug + Send + Sync + 'static,
    E: Error + Send + Sync + 'static,
{
    FromFn {
        name: name.into(),
        poll: Arc::new(poll),
        fault: Arc::new(|_| Fault::Transient { retry_after: None }),
    }
}

/// A job that is polled by a closure, from [`from_fn`].
pub struct FromFn<F, E> {
    name: Arc<str>,
    poll: Arc<F>,
    fault: Judge<E>,
}

type Judge<E> = Arc<dyn Fn(&E) -> Fault + Send + Sync>;

impl<F, E> FromFn<F, E> {
    /// Sets what an error means for the next poll. Default: every error is
    /// [transient](Fault::Transient), without a pause that the service asks for.
    #[must_use]
    #[doc(alias = "retry")]
    pub fn fault(mut self, fault: impl Fn(&E) -> Fault + Send + Sync + 'static) -> Self {
        self.fault = Arc::new(fault);
        self
    }
}

impl<F, Fut, S, I, E> Pollable for FromFn<F, E>
where
    F: Fn(Arc<str>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Polled<S, I>, E>> + Send,
    S: Clone + Debug + Send + Sync + 'static,
    I: Clone + Debug + Send + Sync + 'static,
    E: Error + Send + Sync + 'static,
{
    type Snapshot = S;
    type Item = I;
    type Error = E;

    async fn poll(&self) -> Result<Polled<S, I>, E> {
        (self.poll)(Arc::clone(&self.name)).await
    }

    fn fault(&self, error: &E) -> Fault {
        (self.fault)(error)
    }
}

// A derive would ask the closure for `Clone`.
impl<F, E> Clone for FromFn<F, E> {
    fn clone(&self) -> Self {
        Self {
            name: Arc::clone(&self.name),
            poll: Arc::clone(&self.poll),
            fault: Arc::clone(&self.fault),
        }
    }
}

/// The name of the job.
impl<F, E> fmt::Display for FromFn<F, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl<F, E> Debug for FromFn<F, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromFn")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
