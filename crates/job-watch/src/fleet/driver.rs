//! The future that does the work of a fleet.

use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::roster::{Asked, Flight, Landed, Next};
use super::{Shared, Source};
use crate::Sleep;
use crate::ask::within;

/// Does the work of a [`Fleet`](super::Fleet): a future that is over when the fleet is dropped.
///
/// Spawn it, or run it beside the work that needs it with [`until`](Self::until). Dropping it ends
/// all waits of the fleet with [`WatchError::Abandoned`](crate::WatchError::Abandoned). Nothing is
/// spawned on its own, so no runtime is needed and nothing outlives its owner.
#[must_use = "a fleet looks at nothing until its driver is spawned or awaited"]
pub struct Driver<S: Source> {
    shared: Arc<Shared<S>>,
    flights: Vec<Flying<S>>,
    alarm: Option<Alarm>,
}

type Flying<S> = Pin<Box<dyn Future<Output = (Flight, Landed<S>)> + Send>>;

/// When to go on, and whether nothing else can happen before.
struct Alarm {
    at: Duration,
    alone: bool,
    sleep: Sleep,
}

impl<S: Source> Driver<S> {
    pub(super) fn new(shared: Arc<Shared<S>>) -> Self {
        Self {
            shared,
            flights: Vec::new(),
            alarm: None,
        }
    }

    /// Drives the fleet until `work` is done and returns what that gave. Waits that `work` left open
    /// end with it.
    pub async fn until<T>(mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        let mut over = false;
        poll_fn(move |context| {
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(done);
            }
            over = over || Pin::new(&mut self).poll(context).is_ready();
            Poll::Pending
        })
        .await
    }

    /// Takes in the looks that are answered.
    fn land(&mut self, context: &mut Context<'_>) {
        let mut index = 0;
        while let Some(flight) = self.flights.get_mut(index) {
            match flight.as_mut().poll(context) {
                Poll::Ready((flight, landed)) => {
                    drop(self.flights.swap_remove(index));
                    let Shared { source, policy, .. } = &*self.shared;
                    let now = self.shared.now();
                    let mut roster = self.shared.roster();
                    roster.settle(source, policy, flight, landed, now);
                }
                Poll::Pending => index += 1,
            }
        }
    }

    /// Begins a look.
    fn begin(&mut self, asked: Asked<S>) {
        let shared = Arc::clone(&self.shared);
        self.flights.push(Box::pin(async move {
            let Asked { key, jobs, flight } = asked;
            let limit = shared.clock.limit(shared.policy.patience);
            let landed = within(shared.source.look(&key, &jobs), limit).await;
            (flight, landed)
        }));
    }

    /// Lets the alarm ring at `at`.
    fn poll_alarm(&mut self, at: Duration, context: &mut Context<'_>) -> Poll<()> {
        let alone = self.flights.is_empty();
        if self
            .alarm
            .as_ref()
            .is_none_or(|alarm| (alarm.at, alarm.alone) != (at, alone))
        {
            let wait = at.saturating_sub(self.shared.now());
            let clock = &self.shared.clock;
            // A request that is under way comes first where a pause would skip the time.
            let sleep = if alone {
                clock.sleep(wait)
            } else {
                clock.limit(wait)
            };
            self.alarm = Some(Alarm { at, alone, sleep });
        }
        let Some(alarm) = &mut self.alarm else {
            return Poll::Pending;
        };
        let rung = alarm.sleep.as_mut().poll(context);
        if rung.is_ready() {
            self.alarm = None;
        }
        rung
    }
}

impl<S: Source> Future for Driver<S> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut news = false;
        loop {
            self.land(context);
            let now = self.shared.now();
            let (next, wakers) = {
                let mut roster = self.shared.roster();
                roster.expire(now);
                roster.driver = Some(context.waker().clone());
                let next = roster.next(&self.shared.source, now);
                (next, std::mem::take(&mut roster.wakers))
            };
            news |= !wakers.is_empty();
            wakers.into_iter().for_each(std::task::Waker::wake);
            match next {
                Next::Over => return Poll::Ready(()),
                Next::Look(asked) => self.begin(asked),
                // Those who got news act on it before time goes on.
                _ if news => {
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Next::At(at) => {
                    if self.poll_alarm(at, context).is_pending() {
                        return Poll::Pending;
                    }
                }
                Next::Rest => return Poll::Pending,
            }
        }
    }
}

// Nothing in it is ever pinned in place but what is boxed.
impl<S: Source> Unpin for Driver<S> {}

impl<S: Source> Drop for Driver<S> {
    fn drop(&mut self) {
        self.shared.close("the driver of its fleet was dropped");
    }
}

impl<S: Source> fmt::Debug for Driver<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver")
            .field("in_flight", &self.flights.len())
            .finish_non_exhaustive()
    }
}
