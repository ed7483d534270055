//! Jobs of a service that has nothing but jobs: in line, worked on, over.

use std::time::Duration;

use super::queue::{Queue, Ticket};

/// The jobs of one service, by the order of their submission.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Works<T> {
    queue: Queue,
    jobs: Vec<Work<T>>,
    /// When something happened last.
    last: Duration,
}

/// One job.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Work<T> {
    /// What was asked for.
    pub(crate) about: T,
    /// When it was asked for.
    pub(crate) submitted: Duration,
    /// Where it stands.
    pub(crate) stage: Stage,
    /// When it came there.
    pub(crate) changed: Duration,
    /// Why it is going to fail.
    failure: Option<String>,
}

/// Where a job stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Stage {
    Queued,
    Running,
    Done,
    Failed(String),
}

impl<T> Works<T> {
    pub(crate) fn new(workers: usize) -> Self {
        Self {
            queue: Queue::new(workers),
            jobs: Vec::new(),
            last: Duration::ZERO,
        }
    }

    /// Takes a job in at `now`, and returns its number.
    pub(crate) fn submit(
        &mut self,
        about: T,
        now: Duration,
        (delay, work): (Duration, Duration),
        failure: Option<String>,
    ) -> usize {
        let job = self.jobs.len();
        self.jobs.push(Work {
            about,
            submitted: now,
            stage: Stage::Queued,
            changed: now,
            failure,
        });
        self.queue.push(Ticket {
            job,
            ready: now + delay,
            work,
            cost: 1,
        });
        job
    }

    /// Lets happen what is due by `now`.
    pub(crate) fn advance(&mut self, now: Duration) {
        while let Some(due) = self.queue.next_change().filter(|due| *due <= now) {
            // A worker takes a job that has long been ready when it is free.
            self.last = self.last.max(due);
            let at = self.last;
            let (job, stage) = match self.queue.finish(at) {
                Some(job) => {
                    let failure = self.jobs[job].failure.take();
                    (job, failure.map_or(Stage::Done, Stage::Failed))
                }
                None => match self.queue.claim(at) {
                    Some((job, _)) => (job, Stage::Running),
                    None => return,
                },
            };
            (self.jobs[job].stage, self.jobs[job].changed) = (stage, at);
        }
        self.last = self.last.max(now);
    }

    /// When something happens next.
    pub(crate) fn next_change(&self) -> Option<Duration> {
        self.queue.next_change()
    }

    /// Returns a job.
    pub(crate) fn get(&self, number: usize) -> Option<&Work<T>> {
        self.jobs.get(number)
    }

    /// Returns all jobs.
    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = (usize, &Work<T>)> {
        self.jobs.iter().enumerate()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_come_one_after_the_other_and_fail_where_they_must() {
        let seconds = Duration::from_secs;
        let mut works = Works::new(1);
        let times = (seconds(2), seconds(5));
        works.submit("a", seconds(0), times, None);
        works.submit("b", seconds(0), times, Some("too dark".to_owned()));
        let mut seen = Vec::new();
        for now in [1, 3, 8, 13] {
            works.advance(seconds(now));
            seen.push(
                works
                    .all()
                    .map(|(_, job)| job.stage.clone())
                    .collect::<Vec<_>>(),
            );
        }
        let failed = Stage::Failed("too dark".to_owned());
        assert_eq!(seen[0], [Stage::Queued, Stage::Queued]);
        assert_eq!(seen[1], [Stage::Running, Stage::Queued]);
        assert_eq!(seen[2], [Stage::Done, Stage::Running]);
        assert_eq!(seen[3], [Stage::Done, failed]);
        assert_eq!(works.get(1).map(|job| job.changed), Some(seconds(12)));
    }
}
