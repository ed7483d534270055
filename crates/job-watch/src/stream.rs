//! A watch as a stream, to combine it with other streams.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::{FusedStream, Stream};

use crate::{Pollable, Update, Watch, WatchError};

/// The updates of a [`Watch`] as a stream, which ends after the update with the result, or after the
/// error.
///
/// It polls the job only while it is read, so a slow reader gets the newest state and no backlog.
#[derive(Debug)]
#[must_use = "a stream polls nothing until it is read"]
pub struct Updates<P: Pollable>(Option<Watch<P>>);

impl<P: Pollable> Watch<P> {
    /// Turns the watch into a stream of its updates.
    pub fn into_stream(self) -> Updates<P> {
        Updates(Some(self))
    }
}

// Nothing in it is ever pinned in place.
impl<P: Pollable> Unpin for Updates<P> {}

impl<P: Pollable> Stream for Updates<P> {
    type Item = Result<Update<P::Snapshot, P::Item>, WatchError<P>>;

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

impl<P: Pollable> FusedStream for Updates<P> {
    fn is_terminated(&self) -> bool {
        self.0.is_none()
    }
}
