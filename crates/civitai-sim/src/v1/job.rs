//! One job: where it stands, what it has drawn, what it costs.

use std::time::Duration;

use serde_json::{Map, Value};

use super::template::Template;

/// A submitted job. All instants count from the start of the simulation.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Job {
    order: Order,
    phase: Phase,
    taints: Vec<Taint>,
}

/// What was decided about a job when it was accepted.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) request_id: String,
    pub(crate) template: Template,
    /// Hundredths of a Buzz, taken from the account at submission; none where the caller is not charged.
    pub(crate) cost: u64,
    /// One key for each image that will be drawn.
    pub(crate) blob_keys: Vec<String>,
    /// The seed of the first image; image `k` has this plus `k`.
    pub(crate) seed: u32,
    /// The reason for which the job is going to fail.
    pub(crate) failure: Option<String>,
    pub(crate) created: Duration,
}

/// A mark that says that a result is bad.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Taint {
    /// Why, in the caller's words.
    pub reason: Option<String>,
    /// What else the caller wanted kept.
    pub context: Map<String, Value>,
}

/// Where a job stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Phase {
    /// Waits for a worker.
    Queued,
    Running(Run),
    Succeeded(Run),
    Failed(Run),
    Expired {
        at: Duration,
    },
    /// Taken back by the caller, perhaps while it ran.
    Deleted {
        at: Duration,
        run: Option<Run>,
    },
}

/// A worker's time on a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Run {
    pub(crate) worker: usize,
    pub(crate) claimed: Duration,
    /// When the work is or was over, one way or the other.
    pub(crate) ends: Duration,
    /// What the whole job takes; more than `ends` allows where the job fails.
    pub(crate) work: Duration,
}

/// The last thing that happened to a job.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Event {
    pub(crate) name: &'static str,
    pub(crate) at: Duration,
    /// Share of the work that is done, told while a job runs.
    pub(crate) progress: Option<f64>,
}

/// What an attempt to end a job did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Delivered,
    /// It ended with nothing, so that its price is to be given back.
    Lost,
    /// It was not there to be ended so.
    Unchanged,
}

impl Job {
    pub(crate) fn new(order: Order) -> Self {
        Self {
            order,
            phase: Phase::Queued,
            taints: Vec::new(),
        }
    }

    pub(crate) fn order(&self) -> &Order {
        &self.order
    }

    pub(crate) fn template(&self) -> &Template {
        &self.order.template
    }

    pub(crate) fn phase(&self) -> &Phase {
        &self.phase
    }

    /// The marks as bad, in order.
    pub(crate) fn taints(&self) -> &[Taint] {
        &self.taints
    }

    pub(super) fn start(&mut self, worker: usize, claimed: Duration, per_image: Duration) {
        self.phase = Phase::Running(Run {
            worker,
            claimed,
            ends: claimed + self.occupation(per_image),
            work: self.work(per_image),
        });
    }

    /// Ends a job that runs, as was decided when it was accepted.
    pub(super) fn finish(&mut self) -> End {
        let Phase::Running(run) = self.phase else {
            return End::Unchanged;
        };
        if self.order.failure.is_some() {
            self.phase = Phase::Failed(run);
            return End::Lost;
        }
        self.phase = Phase::Succeeded(run);
        End::Delivered
    }

    /// Ends a job that waits.
    pub(super) fn expire(&mut self, at: Duration) -> End {
        if self.phase != Phase::Queued {
            return End::Unchanged;
        }
        self.phase = Phase::Expired { at };
        End::Lost
    }

    pub(super) fn delete(&mut self, now: Duration) {
        self.phase = Phase::Deleted {
            at: now,
            run: self.run(),
        };
    }

    pub(super) fn taint(&mut self, taint: Taint) {
        self.taints.push(taint);
    }

    /// Returns whether the job waits or runs.
    pub(crate) fn is_scheduled(&self) -> bool {
        matches!(self.phase, Phase::Queued | Phase::Running(_))
    }

    pub(crate) fn run(&self) -> Option<Run> {
        match self.phase {
            Phase::Running(run) | Phase::Succeeded(run) | Phase::Failed(run) => Some(run),
            Phase::Deleted { run, .. } => run,
            Phase::Queued | Phase::Expired { .. } => None,
        }
    }

    /// The work that the job is, where one image of 30 steps takes `per_image`.
    pub(crate) fn work(&self, per_image: Duration) -> Duration {
        let steps = self
            .order
            .template
            .picture
            .as_ref()
            .map_or(30, |picture| picture.steps);
        per_image.saturating_mul(self.order.template.quantity * steps) / 30
    }

    /// How long the job keeps its worker: one that fails stops halfway.
    pub(crate) fn occupation(&self, per_image: Duration) -> Duration {
        let work = self.work(per_image);
        if self.order.failure.is_some() {
            work / 2
        } else {
            work
        }
    }

    /// The price of what has not been drawn by `now`, in hundredths of a Buzz.
    pub(crate) fn undelivered(&self, now: Duration) -> u64 {
        let images = u64::from(self.order.template.quantity.max(1));
        let drawn = u64::try_from(self.drawn(now)).unwrap_or(0);
        self.order.cost - self.order.cost * drawn / images
    }

    /// When image `index` leaves the worker; `None` if it does not, as far as is known.
    pub(crate) fn drawn_at(&self, index: usize) -> Option<Duration> {
        let run = match self.phase {
            Phase::Running(run) | Phase::Succeeded(run) => run,
            Phase::Deleted { run, .. } => run?,
            _ => return None,
        };
        let last = match self.phase {
            Phase::Deleted { at, .. } => at,
            _ => run.ends,
        };
        let images = u32::try_from(self.order.blob_keys.len()).ok()?;
        let place = u32::try_from(index).ok()? + 1;
        let left = run.work / images.max(1) * images.saturating_sub(place);
        let at = (run.claimed + run.work).saturating_sub(left);
        (at <= last).then_some(at)
    }

    /// When the last image of a job left the worker that is through with it.
    pub(crate) fn drawn_last(&self) -> Option<Duration> {
        match self.phase {
            Phase::Succeeded(run) => Some(run.ends).filter(|_| !self.order.blob_keys.is_empty()),
            _ => None,
        }
    }

    /// How many images have left the worker by `now`.
    pub(crate) fn drawn(&self, now: Duration) -> usize {
        let is_drawn = |&index: &usize| self.drawn_at(index).is_some_and(|at| at <= now);
        (0..self.order.blob_keys.len()).filter(is_drawn).count()
    }

    /// The seed of image `index`.
    pub(crate) fn image_seed(&self, index: usize) -> u32 {
        self.order
            .seed
            .wrapping_add(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The last event by `now`; work is reported in quarters.
    pub(crate) fn last_event(&self, now: Duration) -> Event {
        let event = |name, at| Event {
            name,
            at,
            progress: None,
        };
        match &self.phase {
            Phase::Queued => event("Initialized", self.order.created),
            Phase::Running(run) => {
                let quarter = (run.work / 4).max(Duration::from_nanos(1));
                let quarters = (1..4).rev().find(|&n| run.claimed + quarter * n <= now);
                let Some(quarters) = quarters else {
                    return event("Claimed", run.claimed);
                };
                let progress = Some(f64::from(quarters) / 4.0);
                Event {
                    name: "Updated",
                    at: run.claimed + quarter * quarters,
                    progress,
                }
            }
            Phase::Succeeded(run) => event("Succeeded", run.ends),
            Phase::Failed(run) => event("Failed", run.ends),
            Phase::Expired { at } => event("Expired", *at),
            Phase::Deleted { at, .. } => event("Deleted", *at),
        }
    }
}
