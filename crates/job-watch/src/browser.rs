//! The time of a browser, or of another JavaScript runtime.

use std::time::Duration;

use send_wrapper::SendWrapper;

use crate::{Clock, Instant, Sleep};

/// The longest pause that `setTimeout` knows; longer ones are made of several.
const LONGEST: Duration = Duration::from_millis(i32::MAX as u64);

/// The time of the browser: `performance.now` and `setTimeout`.
///
/// A tab in the background is woken less often, so that its pauses may be longer than asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct BrowserClock;

impl Clock for BrowserClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, pause: Duration) -> Sleep {
        let pauses = async move {
            let mut left = pause;
            while !left.is_zero() {
                let next = left.min(LONGEST);
                gloo_timers::future::sleep(next).await;
                left -= next;
            }
        };
        // There is one thread, on which the timer stays.
        Box::pin(SendWrapper::new(pauses))
    }
}
