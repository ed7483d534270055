//! Asking again: calls that cost nothing, after a failure that may pass.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};

use crate::{Client, Error};

/// Further tries after the first.
const RETRIES: usize = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// A service that asks for more than this is believed, and the caller decides.
const LONGEST_HINT: Duration = Duration::from_secs(60);

/// Makes a call that may be repeated without harm: a read, or a change that is the same done twice.
///
/// A failure that may pass is borne three times, with pauses that double and jitter; where the
/// service says how long to stay away, that long and a little more. Never for a submission.
pub(crate) async fn read<T, F>(client: &Client, mut call: impl FnMut() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    // A loop of our own over the library's pauses: the future of its retry is not `Send`.
    let mut pauses = pauses(RETRIES);
    loop {
        let error = match call().await {
            Err(error) if error.is_retryable() => error,
            result => return result,
        };
        let pause = pauses.next();
        let Some(pause) = pause.and_then(|pause| after(error.retry_after(), pause)) else {
            return Err(error);
        };
        tracing::debug!(
            error = &error as &dyn std::error::Error,
            ?pause,
            "asking again"
        );
        drop(error);
        client.clock().sleep(pause).await;
    }
}

/// Pauses before so many further tries, each up to twice as long as the one before.
fn pauses(tries: usize) -> ExponentialBackoff {
    ExponentialBuilder::default()
        .with_min_delay(FIRST_PAUSE)
        .with_max_delay(LONGEST_PAUSE)
        .with_max_times(tries)
        .with_jitter()
        .build()
}

/// How long to stay away; `None` where the service asks for longer than anybody waits here.
fn after(hint: Option<Duration>, pause: Duration) -> Option<Duration> {
    let hint = hint.unwrap_or_default();
    // On top of the hint, so that those who got the same one do not come back together.
    (hint <= LONGEST_HINT).then(|| hint.saturating_add(pause))
}
