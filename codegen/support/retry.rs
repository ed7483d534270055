//! When a request is sent again: never, unless the client is told to.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::{Method, StatusCode};

use super::Error;
use super::hook::Pending;
use super::response::{Response, local, sleep};

/// A policy of repeating requests that change nothing twice (GET, HEAD, OPTIONS, PUT, DELETE), where no
/// answer came or the service asks for patience (429, 502, 503, 504).
#[derive(Clone)]
pub struct Retry {
    times: u32,
    first: Duration,
    most: Duration,
    pause: Pause,
}

/// How the time between two requests passes.
type Pause = Arc<dyn Fn(Duration) -> Pending<'static, ()> + Send + Sync>;

impl Retry {
    /// Repeats a request up to so many times. It waits half a second before the first repetition and
    /// twice as long before each next one, or as long as the service says, but a minute at most.
    pub fn times(times: u32) -> Self {
        Self {
            times,
            first: Duration::from_millis(500),
            most: Duration::from_secs(60),
            pause: Arc::new(|wait| Box::pin(sleep(wait))),
        }
    }

    /// Sets how it waits. Default: by the timer of tokio, or of the browser.
    #[must_use]
    pub fn pause(
        mut self,
        pause: impl Fn(Duration) -> Pending<'static, ()> + Send + Sync + 'static,
    ) -> Self {
        self.pause = Arc::new(pause);
        self
    }

    /// Sets how long it waits before the first repetition, where the service does not say.
    #[must_use]
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.first = wait;
        self
    }

    /// Sets how long it waits at most. A service that asks for more is not asked again.
    #[must_use]
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.most = wait;
        self
    }

    /// Whether a request of this method may be repeated at all.
    pub(super) fn covers(method: &Method) -> bool {
        method.is_idempotent()
    }

    /// Waits before a repetition.
    pub(super) async fn waited(&self, wait: Duration) {
        local((self.pause)(wait)).await;
    }

    /// How long to wait before the repetition of this number; `None` where there is to be none.
    pub(super) fn wait(&self, number: u32, outcome: &Result<Response, Error>) -> Option<Duration> {
        if number >= self.times {
            return None;
        }
        let doubled = self.first.saturating_mul(2u32.saturating_pow(number));
        let usual = doubled.min(self.most);
        match outcome {
            Err(error) => (error.is_connect() || error.is_broken()).then_some(usual),
            Ok(response) => {
                let busy = [
                    StatusCode::TOO_MANY_REQUESTS,
                    StatusCode::BAD_GATEWAY,
                    StatusCode::SERVICE_UNAVAILABLE,
                    StatusCode::GATEWAY_TIMEOUT,
                ];
                if !busy.contains(&response.status()) {
                    return None;
                }
                match told(response) {
                    Some(told) => (told <= self.most).then_some(told),
                    None => Some(usual),
                }
            }
        }
    }
}

/// What `Retry-After` says: seconds, or a date.
fn told(response: &Response) -> Option<Duration> {
    let text = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    let wait = date.to_utc() - chrono::Utc::now();
    Some(wait.to_std().unwrap_or_default())
}

impl fmt::Debug for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry")
            .field("times", &self.times)
            .field("first", &self.first)
            .field("most", &self.most)
            .finish_non_exhaustive()
    }
}
