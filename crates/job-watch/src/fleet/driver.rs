//! The future that makes the requests of a fleet.

use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::roster::{Next, Planned, Reply, Request};
use super::{Shared, Source};
use crate::Sleep;
use crate::poll::within;

/// Makes the requests of a [`Fleet`](super::Fleet): a future that is ready once the fleet is dropped.
///
/// Spawn it, or run it beside the work that needs it with [`until`](Self::until). Dropping it ends all
/// watches of the fleet with [`WatchError::Abandoned`](crate::WatchError::Abandoned). The fleet spawns
/// no task of its own, so it needs no runtime, and nothing outlives its owner.
#[must_use = "a fleet polls nothing until its driver is spawned or awaited"]
pub struct Driver<S: Source> {
    shared: Arc<Shared<S>>,
    requests: Vec<Pending<S>>,
    alarm: Option<Alarm>,
}

type Pending<S> = Pin<Box<dyn Future<Output = (Request, Reply<S>)> + Send>>;

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
            requests: Vec::new(),
            alarm: None,
        }
    }

    /// Drives the fleet until `work` is done and returns the output of `work`. Watches that are still
    /// open end then.
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

    /// Takes in the requests that are answered.
    fn apply_replies(&mut self, context: &mut Context<'_>) {
        let mut index = 0;
        while let Some(request) = self.requests.get_mut(index) {
            match request.as_mut().poll(context) {
                Poll::Ready((request, reply)) => {
                    drop(self.requests.swap_remove(index));
                    let Shared { source, policy, .. } = &*self.shared;
                    let now = self.shared.now();
                    let mut roster = self.shared.roster();
                    roster.apply(source, policy, request, reply, now);
                }
                Poll::Pending => index += 1,
            }
        }
    }

    /// Starts a request.
    fn start(&mut self, planned: Planned<S>) {
        let shared = Arc::clone(&self.shared);
        self.requests.push(Box::pin(async move {
            let Planned { key, jobs, request } = planned;
            let limit = shared.clock.limit(shared.policy.poll_timeout);
            let reply = within(shared.source.poll(&key, &jobs), limit).await;
            (request, reply)
        }));
    }

    /// Is ready at `at`.
    fn poll_alarm(&mut self, at: Duration, context: &mut Context<'_>) -> Poll<()> {
        let alone = self.requests.is_empty();
        if self
            .alarm
            .as_ref()
            .is_none_or(|alarm| (alarm.at, alarm.alone) != (at, alone))
        {
            let pause = at.saturating_sub(self.shared.now());
            let clock = &self.shared.clock;
            // A request that is under way comes first where a pause would skip the time.
            let sleep = if alone {
                clock.sleep(pause)
            } else {
                clock.limit(pause)
            };
            self.alarm = Some(Alarm { at, alone, sleep });
        }
        let Some(alarm) = &mut self.alarm else {
            return Poll::Pending;
        };
        let ready = alarm.sleep.as_mut().poll(context);
        if ready.is_ready() {
            self.alarm = None;
        }
        ready
    }
}

impl<S: Source> Future for Driver<S> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut woken = false;
        loop {
            self.apply_replies(context);
            let now = self.shared.now();
            let (next, wakers) = {
                let mut roster = self.shared.roster();
                roster.expire(now);
                roster.driver = Some(context.waker().clone());
                let next = roster.next(&self.shared.source, now);
                (next, std::mem::take(&mut roster.wakers))
            };
            woken |= !wakers.is_empty();
            wakers.into_iter().for_each(std::task::Waker::wake);
            match next {
                Next::Over => return Poll::Ready(()),
                Next::Poll(planned) => self.start(planned),
                // Those who were woken act before time goes on.
                _ if woken => {
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Next::At(at) => {
                    if self.poll_alarm(at, context).is_pending() {
                        return Poll::Pending;
                    }
                }
                Next::Idle => return Poll::Pending,
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
            .field("in_flight", &self.requests.len())
            .finish_non_exhaustive()
    }
}
