//! A clock whose limits are over when the test says so.

use std::time::{Duration, Instant};

use civitai_jobs::{Clock, Sleep};
use tokio::sync::watch;

#[derive(Clone, Debug)]
pub(super) struct Alarm {
    start: Instant,
    now: watch::Sender<Duration>,
}

impl Alarm {
    pub(super) fn new() -> Self {
        Self {
            start: Instant::now(),
            now: watch::Sender::default(),
        }
    }

    pub(super) fn elapsed(&self) -> Duration {
        *self.now.borrow()
    }

    pub(super) fn advance(&self, by: Duration) {
        self.now.send_modify(|now| *now += by);
    }
}

impl Clock for Alarm {
    fn now(&self) -> Instant {
        self.start + self.elapsed()
    }

    /// Pauses are over at once and take no time.
    fn sleep(&self, _: Duration) -> Sleep {
        Box::pin(std::future::ready(()))
    }

    fn limit(&self, after: Duration) -> Sleep {
        let mut now = self.now.subscribe();
        let end = self.elapsed() + after;
        Box::pin(async move {
            let over = now.wait_for(|now| *now >= end).await.is_ok();
            // A clock that is gone never rings.
            if !over {
                std::future::pending::<()>().await;
            }
        })
    }
}
