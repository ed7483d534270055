//! The way of a job to a worker: where it stands at an instant.

use std::time::Duration;

use super::status::Status;

/// What a job goes through before a worker takes it: fetching models, then a queue, and back where
/// it is given to another worker.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Dispatch {
    pub(crate) created: Duration,
    pub(crate) delay: Duration,
    /// How often it is given to another worker.
    pub(crate) reassignments: u32,
    pub(crate) models: Fetch,
}

/// Whether the models of a job have been loaded for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Fetch {
    /// They are fetched from near by, which takes its share of the delay.
    Near,
    /// They are on their way, and the job is not in line before they are there.
    Awaited,
    /// They were waited for and are there.
    Loaded,
}

impl Dispatch {
    /// The instants at which the state changes.
    pub(crate) fn turns(self) -> impl Iterator<Item = Duration> {
        let turns = self.walk().filter(move |_| self.models == Fetch::Near);
        turns.map(move |turn| self.created + turn)
    }

    fn walk(self) -> impl Iterator<Item = Duration> {
        let slots = 2 * self.reassignments + 1;
        let half = self.delay / 2;
        let later = (0..slots).map(move |slot| half + half * slot / slots);
        std::iter::once(self.delay / 4).chain(later)
    }

    pub(crate) fn status(self, now: Duration) -> Status {
        match self.models {
            Fetch::Near => {}
            Fetch::Awaited => return Status::Preparing,
            Fetch::Loaded => return Status::Scheduled,
        }
        let turns = self.turns().filter(|turn| *turn <= now).count();
        match turns {
            0 => Status::Unassigned,
            turns if turns % 2 == 1 => Status::Preparing,
            _ => Status::Scheduled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_goes_back_and_forth_before_it_is_taken() {
        let dispatch = Dispatch {
            created: Duration::from_secs(10),
            delay: Duration::from_secs(24),
            reassignments: 1,
            models: Fetch::Near,
        };
        let walk: Vec<Status> = dispatch.turns().map(|turn| dispatch.status(turn)).collect();
        assert_eq!(dispatch.status(Duration::from_secs(10)), Status::Unassigned);
        let (preparing, scheduled) = (Status::Preparing, Status::Scheduled);
        assert_eq!(walk, [preparing, scheduled, preparing, scheduled]);
        assert!(dispatch.turns().all(|turn| turn < Duration::from_secs(34)));
    }
}
