//! A watch as a stream, for those who combine it with others.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::{FusedStream, Stream};

use crate::{Job, Update, Watch, WatchError};

/// The updates of a [`Watch`], the one with the result last; an error ends it as well.
///
/// It looks only while it is polled, so a reader that is slow gets what is true then, and no
/// backlog.
#[derive(Debug)]
#[must_use = "a stream does not look until it is polled"]
pub struct Updates<J: Job>(Option<Watch<J>>);

impl<J: Job> Watch<J> {
    /// Turns the watch into a stream of its updates.
    pub fn into_stream(self) -> Updates<J> {
        Updates(Some(self))
    }
}

// Nothing in it is ever pinned in place.
impl<J: Job> Unpin for Updates<J> {}

impl<J: Job> Stream for Updates<J> {
    type Item = Result<Update<J::Snapshot>, WatchError<J>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(watch) = &mut self.0 else {
            return Poll::Ready(None);
        };
        let item = ready!(watch.poll_update(context)).transpose();
        if !matches!(item, Some(Ok(_))) {
            self.0 = None;
        }
        Poll::Ready(item)
    }
}

impl<J: Job> FusedStream for Updates<J> {
    fn is_terminated(&self) -> bool {
        self.0.is_none()
    }
}
