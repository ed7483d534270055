//! A job that plays a script of answers.

use std::collections::VecDeque;
use std::fmt;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use job_watch::{Fault, Phase, Pollable, Polled, Until};
use tokio::time::{Instant, sleep};

/// One answer of the service.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    /// The phase, at once.
    Now(Phase),
    /// A running job, and a pause that the service asks for.
    Hint(Duration),
    /// The phase, after that much of a long poll or at its end.
    LongPolled(Duration, Phase),
    /// An overloaded service, perhaps with a pause that it asks for.
    Busy(Option<Duration>),
    /// A service that refuses long polls and answers others at once.
    NoLongPolls(Phase),
    /// A service that knows no such job.
    Unknown,
    /// Nothing, ever.
    Nothing,
}

/// Plays its script once, then repeats the last answer; shared by all clones.
#[derive(Clone, Debug)]
pub(crate) struct Scripted {
    script: Arc<Mutex<VecDeque<Answer>>>,
    polls: Arc<Mutex<Vec<Instant>>>,
    long_poll: Option<Duration>,
}

impl Scripted {
    pub(crate) fn new(script: impl IntoIterator<Item = Answer>) -> Self {
        let script = Arc::new(Mutex::new(script.into_iter().collect()));
        Self {
            script,
            polls: Arc::default(),
            long_poll: None,
        }
    }

    pub(crate) fn long_polls(mut self, longest: Duration) -> Self {
        self.long_poll = Some(longest);
        self
    }

    /// When the polls were, in seconds after the first.
    pub(crate) fn polls(&self) -> Vec<f64> {
        let polls = self.polls.lock().unwrap();
        polls
            .iter()
            .map(|poll| (*poll - polls[0]).as_secs_f64())
            .collect()
    }

    fn next(&self) -> Answer {
        let mut script = self.script.lock().unwrap();
        match script.len() {
            1 => script[0],
            _ => script.pop_front().unwrap(),
        }
    }

    /// Answers a poll that may stay open for so long.
    async fn answer(&self, open: Option<Duration>) -> Result<Polled<usize>, Refusal> {
        let number = {
            let mut polls = self.polls.lock().unwrap();
            polls.push(Instant::now());
            polls.len()
        };
        match self.next() {
            Answer::NoLongPolls(_) if open.is_some() => Err(Refusal::NoLongPolls),
            Answer::NoLongPolls(phase) | Answer::Now(phase) => Ok(Polled::new(phase, number)),
            Answer::Hint(hint) => Ok(Polled::new(Phase::Running, number).retry_after(hint)),
            Answer::LongPolled(ends, phase) => {
                let open = open.unwrap_or_default();
                sleep(ends.min(open)).await;
                Ok(Polled::new(
                    if ends <= open { phase } else { Phase::Running },
                    number,
                ))
            }
            Answer::Busy(hint) => Err(Refusal::Busy(hint)),
            Answer::Unknown => Err(Refusal::Unknown),
            Answer::Nothing => pending().await,
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
    #[error("long polls are not offered")]
    NoLongPolls,
}

impl Pollable for Scripted {
    /// The number of the poll that took it.
    type Snapshot = usize;
    type Item = ();
    type Error = Refusal;

    async fn poll(&self) -> Result<Polled<usize>, Refusal> {
        self.answer(None).await
    }

    async fn long_poll(&self, limit: Duration, _: Until) -> Result<Polled<usize>, Refusal> {
        self.answer(Some(limit)).await
    }

    fn fault(&self, error: &Refusal) -> Fault {
        match error {
            Refusal::Busy(retry_after) => Fault::Transient {
                retry_after: *retry_after,
            },
            Refusal::Unknown => Fault::Permanent,
            Refusal::NoLongPolls => Fault::LongPollRefused,
        }
    }

    fn max_long_poll(&self) -> Option<Duration> {
        self.long_poll
    }
}
