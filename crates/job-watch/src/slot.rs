//! A place for work under way, which outlives the call that began it: one that is dropped and made
//! again, as in a `select` with a ticker, goes on with the same request or pause.

use std::fmt;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};

pub(crate) struct Slot<T>(
    // Never locked: only there because a future need not be `Sync` and a watch is.
    Mutex<Option<Work<T>>>,
);

type Work<T> = Pin<Box<dyn Future<Output = T> + Send>>;

impl<T> Slot<T> {
    /// Goes on with the work under way, or with the one that `begin` makes.
    pub(crate) fn poll(
        &mut self,
        context: &mut Context<'_>,
        begin: impl FnOnce() -> Work<T>,
    ) -> Poll<T> {
        let slot = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        let done = ready!(slot.get_or_insert_with(begin).as_mut().poll(context));
        *slot = None;
        Poll::Ready(done)
    }
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> fmt::Debug for Slot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").finish_non_exhaustive()
    }
}
