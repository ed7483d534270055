//! How much of a body is waited for, and how many bytes of bodies there may be at once.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

use crate::core::lock::lock;
use crate::core::problem::Problem;

/// Bytes of the bodies of all requests that are not answered yet, at most.
const AT_MOST: usize = 512 << 20;
/// How long the next piece of a body may take to arrive; this is time on the wall.
const SILENCE: Duration = Duration::from_secs(30);

/// Room for the bodies of all requests that are not answered yet.
#[derive(Debug)]
pub(crate) struct Intake(Arc<Semaphore>);

/// What one request has taken of it; when the last of it is dropped, there is room again.
#[derive(Clone, Debug, Default)]
pub(super) struct Lease(Arc<Mutex<Taken>>);

#[derive(Debug, Default)]
struct Taken {
    permit: Option<OwnedSemaphorePermit>,
    broken: Option<Break>,
}

/// Why a body was not read to its end.
#[derive(Clone, Copy, Debug)]
enum Break {
    Full,
    Silent,
}

impl Default for Intake {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_MOST)))
    }
}

impl Intake {
    /// The request, whose body breaks off where there is no room for it, and where nothing comes.
    pub(super) fn meter(&self, request: Request) -> (Request, Lease) {
        let lease = Lease::default();
        let (room, kept) = (Arc::clone(&self.0), lease.clone());
        let metered = request.map(|body| {
            if body.is_end_stream() {
                return body;
            }
            Body::new(Metered {
                body,
                room,
                lease: kept,
                silence: Box::pin(sleep(SILENCE)),
            })
        });
        (metered, lease)
    }
}

impl Lease {
    /// What is said of a body that was not read to its end for want of room or of bytes.
    pub(super) fn problem(&self) -> Option<Problem> {
        let broken = lock(&self.0).broken?;
        Some(match broken {
            Break::Full => {
                let detail = "Too many large bodies arrive at once: try again later.";
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail)
            }
            Break::Silent => {
                let detail = "Nothing more of the body has arrived for half a minute.";
                Problem::new(StatusCode::REQUEST_TIMEOUT, detail)
            }
        })
    }

    fn take(&self, room: &Arc<Semaphore>, bytes: &Bytes) -> io::Result<()> {
        let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let Ok(permit) = Arc::clone(room).try_acquire_many_owned(size) else {
            return Err(self.end(Break::Full));
        };
        match &mut lock(&self.0).permit {
            Some(taken) => taken.merge(permit),
            taken => *taken = Some(permit),
        }
        Ok(())
    }

    fn end(&self, broken: Break) -> io::Error {
        lock(&self.0).broken = Some(broken);
        match broken {
            Break::Full => io::ErrorKind::OutOfMemory.into(),
            Break::Silent => io::ErrorKind::TimedOut.into(),
        }
    }
}

/// A body that takes room for each piece.
struct Metered {
    body: Body,
    room: Arc<Semaphore>,
    lease: Lease,
    silence: Pin<Box<Sleep>>,
}

impl HttpBody for Metered {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) else {
            ready!(self.silence.as_mut().poll(context));
            let error = self.lease.end(Break::Silent);
            return Poll::Ready(Some(Err(axum::Error::new(error))));
        };
        let next = Instant::now() + SILENCE;
        self.silence.as_mut().reset(next);
        if let Some(Ok(frame)) = &frame
            && let Some(bytes) = frame.data_ref()
            && let Err(error) = self.lease.take(&self.room, bytes)
        {
            return Poll::Ready(Some(Err(axum::Error::new(error))));
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use futures_util::{StreamExt as _, stream};

    use super::*;

    fn request(body: Body) -> Request {
        Request::new(body)
    }

    #[tokio::test]
    async fn room_is_taken_by_bodies_and_given_back_with_their_answers() {
        let intake = Intake(Arc::new(Semaphore::new(10)));
        let (first, held) = intake.meter(request("12345678".into()));
        assert_eq!(to_bytes(first.into_body(), 99).await.unwrap(), "12345678");
        let (second, lease) = intake.meter(request("123".into()));
        assert!(to_bytes(second.into_body(), 99).await.is_err());
        assert_eq!(lease.problem().unwrap().status(), 503);
        assert!(held.problem().is_none());
        drop((held, lease));
        let (third, lease) = intake.meter(request("123".into()));
        assert_eq!(to_bytes(third.into_body(), 99).await.unwrap(), "123");
        assert!(lease.problem().is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_sender_that_falls_silent_is_not_waited_for() {
        let begun = stream::iter([Ok::<_, io::Error>("12")]);
        let body = Body::from_stream(begun.chain(stream::pending()));
        let (request, lease) = Intake::default().meter(request(body));
        assert!(to_bytes(request.into_body(), 99).await.is_err());
        assert_eq!(lease.problem().unwrap().status(), 408);
    }
}
