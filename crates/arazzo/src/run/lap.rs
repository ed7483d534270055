//! A loop as a wait: each lap is a poll, and `job-watch` says when the next one is due and when it is
//! enough.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use job_watch::{Fault, Pace, Phase, Pollable, Polled, Watch, WatchError, WatchPolicy};

use super::error::RunError;
use super::session::Session;
use crate::contract::Tempo;

/// What came of a lap.
pub(super) enum Turn<T> {
    /// Back at the start, and how long the service asks to wait.
    Again(Option<Duration>),
    /// Out of the loop.
    Done(T),
}

pub(super) type Laps<T> =
    dyn Fn() -> Pin<Box<dyn Future<Output = Result<Turn<T>, RunError>> + Send>> + Send + Sync;

/// Waits for the end of a loop. The first lap has been run, and `hint` is what its reply asked for;
/// `tempo` is what the contract says of what is polled in it.
pub(super) async fn wait<T: Clone + fmt::Debug + Send + Sync + 'static>(
    session: &Session,
    name: &str,
    tempo: Tempo,
    hint: Option<Duration>,
    turn: Arc<Laps<T>>,
) -> Result<T, RunError> {
    let deadline = session.runner.limits.loop_deadline(tempo.deadline);
    // Each call in a lap has its own limit.
    let policy = WatchPolicy::default()
        .pace(session.runner.pace.unwrap_or_else(|| pace(tempo)))
        .expected(tempo.expected.unwrap_or_default())
        .deadline(deadline.min(session.left()?))
        .poll_timeout(WatchPolicy::MAX_DEADLINE);
    let lap = Lap {
        name: name.into(),
        first: Arc::new(AtomicBool::new(true)),
        hint,
        turn,
    };
    let watch = Watch::new(lap)
        .policy(policy)
        .clock(Arc::clone(&session.runner.clock));
    let over = |elapsed| RunError::deadline(&format!("the loop of `{name}`"), elapsed);
    match watch.await {
        Ok(Some(done)) => Ok(done),
        Err(
            WatchError::Poll { source, .. }
            | WatchError::TimedOut {
                source: Some(source),
                ..
            },
        ) => Err(source),
        Err(WatchError::TimedOut { elapsed, .. }) => Err(over(elapsed)),
        Ok(None) | Err(_) => Err(over(deadline)),
    }
}

/// The pauses that a contract asks for.
fn pace(tempo: Tempo) -> Pace {
    let pace = Pace::default();
    let pace = tempo.cap.map_or(pace, |cap| pace.cap(cap));
    tempo.first.map_or(pace, |first| pace.first(first))
}

struct Lap<T> {
    name: Arc<str>,
    /// Whether the lap before the wait is still to be told of.
    first: Arc<AtomicBool>,
    hint: Option<Duration>,
    turn: Arc<Laps<T>>,
}

impl<T: Clone + fmt::Debug + Send + Sync + 'static> Pollable for Lap<T> {
    type Snapshot = Option<T>;
    type Item = ();
    type Error = RunError;

    async fn poll(&self) -> Result<Polled<Option<T>>, RunError> {
        if self.first.swap(false, Ordering::SeqCst) {
            return Ok(Polled::new(Phase::Running, None).retry_after(self.hint));
        }
        Ok(match (self.turn)().await? {
            Turn::Again(hint) => Polled::new(Phase::Running, None).retry_after(hint),
            Turn::Done(done) => Polled::new(Phase::Succeeded, Some(done)),
        })
    }

    fn fault(&self, _: &RunError) -> Fault {
        Fault::Permanent
    }
}

// Derives would ask the same of `T`.
impl<T> Clone for Lap<T> {
    fn clone(&self) -> Self {
        Self {
            name: Arc::clone(&self.name),
            first: Arc::clone(&self.first),
            hint: self.hint,
            turn: Arc::clone(&self.turn),
        }
    }
}

impl<T> fmt::Debug for Lap<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lap")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Display for Lap<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
