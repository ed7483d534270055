//! Who is next: jobs in line and the workers that take them.

use std::cell::OnceCell;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// A line of jobs, first come first served, before a fixed number of workers.
///
/// Jobs are known by their number, the order of their submission.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Queue {
    line: VecDeque<Ticket>,
    workers: Vec<Option<Busy>>,
    /// Kept while all goes as it says, since every poll asks for it and a line may be long.
    #[serde(skip)]
    forecast: OnceCell<Forecast>,
}

/// A place in the line.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Ticket {
    pub(crate) job: usize,
    /// No worker takes the job before.
    pub(crate) ready: Duration,
    /// How long the job will keep a worker.
    pub(crate) work: Duration,
    pub(crate) cost: u64,
}

#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
struct Busy {
    job: usize,
    ends: Duration,
}

/// What a job in line can expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) preceding_jobs: usize,
    pub(crate) preceding_cost: u64,
    pub(crate) start: Duration,
}

/// The queue played forward.
#[derive(Debug)]
struct Forecast {
    /// When each worker is through with what it has and what it will get.
    free: Vec<Duration>,
    /// What each job can expect, counted from the first job that was ever in line.
    places: BTreeMap<usize, Place>,
    /// How many jobs have been in line, and what they cost.
    seen: (usize, u64),
    /// How many of them workers have taken, and what those cost.
    taken: (usize, u64),
}

impl Queue {
    pub(crate) fn new(workers: usize) -> Self {
        let workers = vec![None; workers.max(1)];
        Self {
            line: VecDeque::new(),
            workers,
            forecast: OnceCell::new(),
        }
    }

    pub(crate) fn push(&mut self, ticket: Ticket) {
        self.line.push_back(ticket);
        if let Some(forecast) = self.forecast.get_mut() {
            forecast.add(ticket);
        }
    }

    /// Lets a job in behind the last one in line that `behind` does not put behind it.
    pub(crate) fn push_before(&mut self, ticket: Ticket, behind: impl Fn(usize) -> bool) {
        let last = self.line.iter().rposition(|other| !behind(other.job));
        let place = last.map_or(0, |last| last + 1);
        if place == self.line.len() {
            return self.push(ticket);
        }
        self.forecast.take();
        self.line.insert(place, ticket);
    }

    /// Takes a job out of the line or off its worker.
    pub(crate) fn remove(&mut self, job: usize) {
        self.forecast.take();
        self.line.retain(|ticket| ticket.job != job);
        for worker in &mut self.workers {
            worker.take_if(|busy| busy.job == job);
        }
    }

    /// The next instant at which a worker ends or takes a job.
    pub(crate) fn next_change(&self) -> Option<Duration> {
        let ends = self.workers.iter().flatten().map(|busy| busy.ends).min();
        let idle = self.workers.iter().any(Option::is_none);
        let claim = self
            .line
            .front()
            .filter(|_| idle)
            .map(|ticket| ticket.ready);
        ends.into_iter().chain(claim).min()
    }

    /// Frees a worker whose job is over at `now`, and tells which job that was.
    pub(crate) fn finish(&mut self, now: Duration) -> Option<usize> {
        let done = |worker: &&mut Option<Busy>| worker.is_some_and(|busy| busy.ends <= now);
        let worker = self.workers.iter_mut().find(done)?;
        worker.take().map(|busy| busy.job)
    }

    /// Gives the first job in line to an idle worker, if there are both.
    pub(crate) fn claim(&mut self, now: Duration) -> Option<(usize, usize)> {
        let worker = self.workers.iter().position(Option::is_none)?;
        let ticket = *self.line.front().filter(|ticket| ticket.ready <= now)?;
        let foreseen = self.forecast.get_mut();
        if !foreseen.is_some_and(|forecast| forecast.take(ticket, now)) {
            self.forecast.take();
        }
        self.line.pop_front();
        self.workers[worker] = Some(Busy {
            job: ticket.job,
            ends: now + ticket.work,
        });
        Some((ticket.job, worker))
    }

    /// How many jobs are in line.
    pub(crate) fn waiting(&self) -> usize {
        self.line.len()
    }

    /// How many jobs workers have.
    pub(crate) fn running(&self) -> usize {
        self.workers.iter().flatten().count()
    }

    /// What a job in line can expect; nothing for a job that is not in line.
    pub(crate) fn place(&self, job: usize) -> Option<Place> {
        let forecast = self.forecast.get_or_init(|| {
            // An idle worker takes the next job when that is ready, whatever the time is now.
            let ends = |worker: &Option<Busy>| worker.map_or(Duration::ZERO, |busy| busy.ends);
            let free = self.workers.iter().map(ends).collect();
            let mut forecast = Forecast {
                free,
                places: BTreeMap::new(),
                seen: (0, 0),
                taken: (0, 0),
            };
            self.line.iter().for_each(|ticket| forecast.add(*ticket));
            forecast
        });
        forecast.place(job)
    }

    pub(crate) fn workers(&self) -> usize {
        self.workers.len()
    }
}

impl Forecast {
    /// Lets the worker that is free first take one more job.
    fn add(&mut self, ticket: Ticket) {
        let Some(worker) = self.free.iter_mut().min() else {
            return;
        };
        let start = ticket.ready.max(*worker);
        *worker = start + ticket.work;
        let (preceding_jobs, preceding_cost) = self.seen;
        self.places.insert(
            ticket.job,
            Place {
                preceding_jobs,
                preceding_cost,
                start,
            },
        );
        self.seen = (preceding_jobs + 1, preceding_cost + ticket.cost);
    }

    /// Takes the first job out of the line; returns whether that is when it was to be.
    fn take(&mut self, ticket: Ticket, now: Duration) -> bool {
        let place = self.places.remove(&ticket.job);
        let (jobs, cost) = self.taken;
        self.taken = (jobs + 1, cost + ticket.cost);
        place.is_some_and(|place| place.start == now && place.preceding_jobs == jobs)
    }

    fn place(&self, job: usize) -> Option<Place> {
        let place = self.places.get(&job)?;
        let (jobs, cost) = self.taken;
        Some(Place {
            preceding_jobs: place.preceding_jobs - jobs,
            preceding_cost: place.preceding_cost - cost,
            start: place.start,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn secs(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn queue(workers: usize, jobs: usize) -> Queue {
        let mut queue = Queue::new(workers);
        for job in 0..jobs {
            queue.push(Ticket {
                job,
                ready: secs(2),
                work: secs(10),
                cost: 100,
            });
        }
        queue
    }

    #[test]
    fn places_tell_the_start_that_then_happens() {
        let mut queue = queue(2, 3);
        // Asked once early, so that later arrivals add to what is known.
        assert_eq!(queue.place(0).unwrap().start, secs(2));
        for job in 3..5 {
            queue.push(Ticket {
                job,
                ready: secs(2),
                work: secs(10),
                cost: 100,
            });
        }
        let places: Vec<Place> = (0..5).filter_map(|job| queue.place(job)).collect();
        let mut starts = [Duration::ZERO; 5];
        while let Some(now) = queue.next_change() {
            while queue.finish(now).is_some() {}
            while let Some((job, _)) = queue.claim(now) {
                starts[job] = now;
                assert_eq!(queue.place(job), None);
            }
        }
        assert_eq!(
            places.iter().map(|place| place.start).collect::<Vec<_>>(),
            starts
        );
        assert_eq!(starts[4], secs(22));
        assert_eq!(
            (places[3].preceding_jobs, places[3].preceding_cost),
            (3, 300)
        );
    }

    #[test]
    fn a_forecast_that_is_kept_says_what_a_new_one_would() {
        let mut queue = queue(2, 6);
        let _kept = queue.place(0);
        let mut next = 6;
        while let Some(now) = queue.next_change() {
            while queue.finish(now).is_some() {}
            while queue.claim(now).is_some() {}
            if next < 9 {
                queue.push(Ticket {
                    job: next,
                    ready: now + secs(3),
                    work: secs(4),
                    cost: 7,
                });
                next += 1;
            }
            let kept: Vec<_> = (0..next).map(|job| queue.place(job)).collect();
            let forecast = std::mem::take(&mut queue.forecast);
            let anew: Vec<_> = (0..next).map(|job| queue.place(job)).collect();
            assert_eq!(kept, anew, "at {now:?}");
            queue.forecast = forecast;
        }
    }

    #[test]
    fn a_job_taken_back_lets_the_others_move_up() {
        let mut queue = queue(1, 3);
        assert_eq!(queue.claim(secs(2)), Some((0, 0)));
        queue.remove(1);
        assert_eq!(queue.place(2).unwrap().start, secs(12));
        queue.remove(0);
        assert_eq!(queue.claim(secs(3)), Some((2, 0)));
    }
}
