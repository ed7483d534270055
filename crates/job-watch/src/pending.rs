//! Keeps a future under way between calls: a call that is dropped and made again, as in a `select` with
//! a ticker, goes on with the same request or pause.

use std::fmt;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};

/// A future under way, if any.
pub(crate) struct Pending<T>(
    // Never locked: only there because a future need not be `Sync` and a watch is.
    Mutex<Option<BoxFuture<T>>>,
);

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

impl<T> Pending<T> {
    /// Polls the future under way, or the one that `start` makes.
    pub(crate) fn poll(
        &mut self,
        context: &mut Context<'_>,
        start: impl FnOnce() -> BoxFuture<T>,
    ) -> Poll<T> {
        let pending = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        let done = ready!(pending.get_or_insert_with(start).as_mut().poll(context));
        *pending = None;
        Poll::Ready(done)
    }
}

impl<T> Default for Pending<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").finish_non_exhaustive()
    }
}
