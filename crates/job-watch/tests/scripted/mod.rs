//! A job that plays a script of answers.

use std::collections::VecDeque;
use std::fmt;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use job_watch::{Fault, Job, Phase, Seen};
use tokio::time::{Instant, sleep};

/// One answer of the service.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    /// The phase, at once.
    Now(Phase),
    /// A running job, and a wish to be left alone.
    Hint(Duration),
    /// The phase, after that much of the hold or at its end.
    Held(Duration, Phase),
    /// An overloaded service, perhaps with a wish to be left alone.
    Busy(Option<Duration>),
    /// A service that answers at once or, asked to hold, that it will not.
    Unheld(Phase),
    /// A service that knows no such job.
    Unknown,
    /// Nothing, ever.
    Silence,
}

/// Plays its script once, then repeats the last answer; shared by all clones.
#[derive(Clone, Debug)]
pub(crate) struct Scripted {
    script: Arc<Mutex<VecDeque<Answer>>>,
    looks: Arc<Mutex<Vec<Instant>>>,
    holds: Option<Duration>,
}

impl Scripted {
    pub(crate) fn new(script: impl IntoIterator<Item = Answer>) -> Self {
        let script = Arc::new(Mutex::new(script.into_iter().collect()));
        Self {
            script,
            looks: Arc::default(),
            holds: None,
        }
    }

    pub(crate) fn holding(mut self, longest: Duration) -> Self {
        self.holds = Some(longest);
        self
    }

    /// When the looks were, in seconds after the first.
    pub(crate) fn looks(&self) -> Vec<f64> {
        let looks = self.looks.lock().unwrap();
        looks
            .iter()
            .map(|look| (*look - looks[0]).as_secs_f64())
            .collect()
    }

    fn next(&self) -> Answer {
        let mut script = self.script.lock().unwrap();
        match script.len() {
            1 => script[0],
            _ => script.pop_front().unwrap(),
        }
    }
}

impl fmt::Display for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("scripted-1")
    }
}

#[derive(Debug, PartialEq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("the service is busy")]
    Busy(Option<Duration>),
    #[error("no such job")]
    Unknown,
    #[error("waiting is not offered")]
    Unheld,
}

impl Job for Scripted {
    /// The number of the look that took it.
    type Snapshot = usize;
    type Error = Refusal;

    async fn look(&self, hold: Option<Duration>) -> Result<Seen<usize>, Refusal> {
        let number = {
            let mut looks = self.looks.lock().unwrap();
            looks.push(Instant::now());
            looks.len()
        };
        match self.next() {
            Answer::Unheld(_) if hold.is_some() => Err(Refusal::Unheld),
            Answer::Unheld(phase) | Answer::Now(phase) => Ok(Seen::new(phase, number)),
            Answer::Hint(hint) => Ok(Seen::new(Phase::Running, number).with_retry_after(hint)),
            Answer::Held(ends, phase) => {
                let hold = hold.unwrap_or_default();
                sleep(ends.min(hold)).await;
                Ok(Seen::new(
                    if ends <= hold { phase } else { Phase::Running },
                    number,
                ))
            }
            Answer::Busy(hint) => Err(Refusal::Busy(hint)),
            Answer::Unknown => Err(Refusal::Unknown),
            Answer::Silence => pending().await,
        }
    }

    fn fault(&self, error: &Refusal) -> Fault {
        match error {
            Refusal::Busy(retry_after) => Fault::Passing {
                retry_after: *retry_after,
            },
            Refusal::Unknown => Fault::Lasting,
            Refusal::Unheld => Fault::HoldRefused,
        }
    }

    fn longest_hold(&self) -> Option<Duration> {
        self.holds
    }
}
