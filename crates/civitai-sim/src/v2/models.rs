//! Which models workers hold, and how those come that none holds: by three lanes, one at a time in
//! each.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde_json::Value;

use super::loading::Loading;
use super::mention::mentioned;
use super::template::Priority;

/// Tenths of a model after which progress counts as a change.
const MARKS: u32 = 10;

/// A step that waits for models: its workflow and its place.
pub(crate) type Waiter = (usize, usize);

/// What is loaded and what is being loaded, by AIR.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Models {
    absent: BTreeMap<String, Absent>,
    lanes: BTreeMap<Priority, VecDeque<String>>,
    /// What workers hold, with its size where that was told.
    held: BTreeMap<String, Option<u64>>,
}

/// A model that no worker holds.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Absent {
    loading: Loading,
    /// Nothing before a step has asked for it.
    lane: Option<Priority>,
    /// Bytes that were there when the transfer last changed its speed.
    done: f64,
    /// When the transfer last changed its speed; nothing while it waits.
    since: Option<Duration>,
    started: Option<Duration>,
    waiters: Vec<Waiter>,
}

/// How far a model has come.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arrival {
    pub(crate) air: String,
    pub(crate) size: u64,
    pub(crate) lane: Priority,
    /// How many come before it in its lane; 0 while it is transferred.
    pub(crate) position: usize,
    /// The share that is there; nothing while it waits.
    pub(crate) progress: Option<f64>,
    /// Bytes a second; in the lane `high` without a ceiling.
    pub(crate) rate: f64,
    pub(crate) eta: Duration,
    /// What `eta` would be in the lane `high`; nothing for one that is there.
    pub(crate) boosted_eta: Option<Duration>,
    pub(crate) started: Option<Duration>,
}

impl Arrival {
    /// The ceiling of its lane in bytes a second, which `high` has none of.
    pub(crate) fn ceiling(&self) -> Option<u64> {
        (self.lane != Priority::High).then_some(self.rate as u64)
    }
}

impl Models {
    pub(crate) fn new(not_loaded: &BTreeMap<String, Loading>) -> Self {
        let absent = |(air, loading): (&String, &Loading)| {
            let absent = Absent {
                loading: *loading,
                lane: None,
                done: 0.0,
                since: None,
                started: None,
                waiters: Vec::new(),
            };
            (air.clone(), absent)
        };
        Self {
            absent: not_loaded.iter().map(absent).collect(),
            lanes: BTreeMap::new(),
            held: BTreeMap::new(),
        }
    }

    /// The models that an input names and no worker holds.
    pub(crate) fn missing(&self, input: &Value) -> Vec<String> {
        let found = mentioned(input, &|air| self.absent.contains_key(air));
        found.into_iter().map(ToOwned::to_owned).collect()
    }

    /// What the lane `high` costs for models that are not in it yet.
    pub(crate) fn boost_price<'a>(&self, airs: impl Iterator<Item = &'a String>) -> u64 {
        let absent = airs.filter_map(|air| self.absent.get(air));
        let slow = absent.filter(|one| one.lane != Some(Priority::High));
        slow.map(|one| one.loading.boost_price).sum()
    }

    /// Lets a step wait for a model, which goes into the lane or stays in a faster one.
    pub(crate) fn want(&mut self, air: &str, lane: Priority, waiter: Waiter, now: Duration) {
        let Some(absent) = self.absent.get_mut(air) else {
            return;
        };
        if !absent.waiters.contains(&waiter) {
            absent.waiters.push(waiter);
        }
        let before = absent.lane.filter(|before| *before <= lane);
        if before.is_some() {
            return;
        }
        if let Some(slower) = absent.lane.replace(lane) {
            absent.stop(slower, now);
            if let Some(line) = self.lanes.get_mut(&slower) {
                line.retain(|other| other != air);
            }
            self.start_first(slower, now);
        }
        self.lanes
            .entry(lane)
            .or_default()
            .push_back(air.to_owned());
        self.start_first(lane, now);
    }

    /// Notes that a worker holds what a step has used.
    pub(crate) fn hold(&mut self, air: &str) {
        if !self.absent.contains_key(air) {
            self.held.entry(air.to_owned()).or_insert(None);
        }
    }

    /// When the next transfer ends.
    pub(crate) fn next_change(&self) -> Option<Duration> {
        self.transfers().filter_map(|(_, one)| one.end()).min()
    }

    /// When the next transfer ends or has come a tenth further.
    pub(crate) fn next_mark(&self, now: Duration) -> Option<Duration> {
        let marks = self.transfers().flat_map(|(_, one)| one.marks());
        marks.filter(|mark| *mark > now).min()
    }

    /// Takes in what has arrived by `now`, and gives the steps that waited for it.
    pub(crate) fn arrive(&mut self, now: Duration) -> Vec<Waiter> {
        let is_here = |one: &Absent| one.end().is_some_and(|end| end <= now);
        let arrived = self.transfers().filter(|(_, one)| is_here(one));
        let arrived: Vec<String> = arrived.map(|(air, _)| air.clone()).collect();
        let mut waiters = Vec::new();
        for air in arrived {
            let Some(absent) = self.absent.remove(&air) else {
                continue;
            };
            self.held.insert(air, Some(absent.loading.size));
            waiters.extend(absent.waiters);
            if let Some(lane) = absent.lane {
                self.lanes.entry(lane).or_default().pop_front();
                self.start_first(lane, now);
            }
        }
        waiters
    }

    /// How far a model has come that was asked for and is not there.
    pub(crate) fn arrival(&self, air: &str, now: Duration) -> Option<Arrival> {
        let absent = self.absent.get(air)?;
        let lane = absent.lane?;
        let line = self.lanes.get(&lane)?;
        let position = line.iter().position(|other| other == air)?;
        let (done, loading) = (absent.done_at(now), &absent.loading);
        let left = loading.size as f64 - done;
        let high = self.lanes.get(&Priority::High);
        let ahead = self.time_of(high.into_iter().flatten(), Priority::High, now);
        let boosted = ahead + loading.time(left, Priority::High);
        let share = done / (loading.size as f64).max(1.0);
        Some(Arrival {
            air: air.to_owned(),
            size: loading.size,
            lane,
            position,
            progress: (position == 0).then_some(share),
            rate: loading.rate(lane),
            eta: self.time_of(line.iter().take(position + 1), lane, now),
            boosted_eta: (lane != Priority::High).then_some(boosted),
            started: absent.started,
        })
    }

    /// How many tenths of a model are there.
    pub(crate) fn tenths(&self, air: &str, now: Duration) -> usize {
        let absent = self.absent.get(air);
        let marks = absent.into_iter().flat_map(Absent::marks);
        marks.filter(|mark| *mark <= now).count()
    }

    /// Everything that workers hold, with sizes where they were told.
    pub(crate) fn held(&self) -> impl Iterator<Item = (&String, Option<u64>)> {
        self.held.iter().map(|(air, size)| (air, *size))
    }

    /// Everything that was asked for and is not there yet.
    pub(crate) fn awaited(&self) -> impl Iterator<Item = &String> {
        let asked = self.absent.iter().filter(|(_, one)| one.lane.is_some());
        asked.map(|(air, _)| air)
    }

    /// The size of a model, if it was told.
    pub(crate) fn size(&self, air: &str) -> Option<u64> {
        let absent = self.absent.get(air).map(|absent| absent.loading.size);
        absent.or_else(|| self.held.get(air).copied().flatten())
    }

    /// Whether nobody has asked for a model that no worker holds.
    pub(crate) fn is_idle(&self, air: &str) -> bool {
        self.absent.get(air).is_some_and(|one| one.lane.is_none())
    }

    fn transfers(&self) -> impl Iterator<Item = (&String, &Absent)> {
        let first = self.lanes.values().filter_map(VecDeque::front);
        first.filter_map(|air| self.absent.get_key_value(air))
    }

    fn start_first(&mut self, lane: Priority, now: Duration) {
        let first = self.lanes.get(&lane).and_then(VecDeque::front);
        if let Some(absent) = first.and_then(|air| self.absent.get_mut(air)) {
            absent.since.get_or_insert(now);
            absent.started.get_or_insert(now);
        }
    }

    /// How long a lane takes for some of its models, one after the other.
    fn time_of<'a>(
        &self,
        airs: impl Iterator<Item = &'a String>,
        lane: Priority,
        now: Duration,
    ) -> Duration {
        let absent = airs.filter_map(|air| self.absent.get(air));
        let times = absent.map(|one| {
            let left = one.loading.size as f64 - one.done_at(now);
            one.loading.time(left, lane)
        });
        times.sum()
    }
}

impl Absent {
    fn done_at(&self, now: Duration) -> f64 {
        let (Some(since), Some(lane)) = (self.since, self.lane) else {
            return self.done;
        };
        let more = now.saturating_sub(since).as_secs_f64() * self.loading.rate(lane);
        (self.done + more).min(self.loading.size as f64)
    }

    /// Takes a transfer out of its lane, with what has come so far.
    fn stop(&mut self, lane: Priority, now: Duration) {
        if let Some(since) = self.since.take() {
            let more = now.saturating_sub(since).as_secs_f64() * self.loading.rate(lane);
            self.done = (self.done + more).min(self.loading.size as f64);
        }
    }

    /// When a transfer that runs reaches a number of bytes.
    fn reaches(&self, bytes: f64) -> Option<Duration> {
        Some(self.since? + self.loading.time(bytes - self.done, self.lane?))
    }

    fn end(&self) -> Option<Duration> {
        self.reaches(self.loading.size as f64)
    }

    fn marks(&self) -> impl Iterator<Item = Duration> {
        let tenth = self.loading.size as f64 / f64::from(MARKS);
        (1..=MARKS).filter_map(move |mark| self.reaches(tenth * f64::from(mark)))
    }
}
