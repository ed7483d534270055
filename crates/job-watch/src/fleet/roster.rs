//! Which jobs are watched in which group, and what a reply means for each.

use std::collections::{BTreeSet, HashMap};
use std::task::Waker;
use std::time::Duration;

use super::budget::{RequestBudget, Spent};
use super::line::{InFlight, Line, Turn, turn};
use super::member::Member;
use super::{ErrorOf, PollResult, Source};
use crate::{Estimate, WatchPolicy};

pub(super) use read::Reading;

mod apply;
mod read;

/// The state of a fleet.
pub(super) struct Roster<S: Source> {
    members: HashMap<u64, Member<S::Job>>,
    groups: HashMap<u64, Group<S::Group>>,
    ids: HashMap<S::Group, u64>,
    line: Line,
    /// When each watch is over at the latest.
    ends: BTreeSet<(Duration, u64)>,
    in_flight: InFlight,
    budget: RequestBudget,
    spent: Spent,
    random: fastrand::Rng,
    /// The number that the next member or group gets.
    next: u64,
    closed: Option<&'static str>,
    pub(super) driver: Option<Waker>,
    /// Those whom the driver has to wake.
    pub(super) wakers: Vec<Waker>,
}

struct Group<K> {
    key: K,
    /// The members that no request under way covers.
    due: BTreeSet<(Duration, u64)>,
    members: usize,
    failing: bool,
}

/// What the driver does next.
pub(super) enum Next<S: Source> {
    Poll(Planned<S>),
    At(Duration),
    Idle,
    Over,
}

/// One request, before it is made.
pub(super) struct Planned<S: Source> {
    pub(super) key: S::Group,
    pub(super) jobs: Vec<S::Job>,
    pub(super) request: Request,
}

/// One request under way.
pub(super) struct Request {
    group: u64,
    members: Vec<u64>,
    asked: Duration,
    failing: bool,
}

/// What came of a request; `None` where no answer did.
pub(super) type Reply<S> = Option<Result<Vec<PollResult<S>>, ErrorOf<S>>>;

impl<S: Source> Roster<S> {
    pub(super) fn new(budget: RequestBudget, random: fastrand::Rng) -> Self {
        Self {
            members: HashMap::new(),
            groups: HashMap::new(),
            ids: HashMap::new(),
            line: Line::default(),
            ends: BTreeSet::new(),
            in_flight: InFlight::default(),
            budget,
            spent: Spent::default(),
            random,
            next: 0,
            closed: None,
            driver: None,
            wakers: Vec::new(),
        }
    }

    pub(super) fn watching(&self) -> usize {
        self.ends.len()
    }

    /// Adds a member that is due at once.
    pub(super) fn join(
        &mut self,
        key: S::Group,
        job: S::Job,
        policy: WatchPolicy,
        estimate: Option<Estimate>,
        now: Duration,
    ) -> u64 {
        let id = self.number();
        let mut member = Member::new(job, policy, estimate, now);
        if let Some(reason) = self.closed {
            member.abandon(reason);
            self.members.insert(id, member);
            return id;
        }
        let group = match self.ids.get(&key) {
            Some(group) => *group,
            None => {
                let group = self.number();
                self.ids.insert(key.clone(), group);
                self.groups.insert(group, Group::new(key));
                group
            }
        };
        member.group = group;
        member.due = Some(now);
        self.ends.insert((member.ends(), id));
        self.members.insert(id, member);
        self.regroup(group, |group| {
            group.members += 1;
            group.due.insert((now, id));
        });
        id
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Removes a member whose watch was dropped.
    pub(super) fn leave(&mut self, id: u64) {
        self.retire(id);
        self.members.remove(&id);
    }

    /// Stops polling a member.
    fn retire(&mut self, id: u64) {
        let Some(member) = self.members.get_mut(&id) else {
            return;
        };
        if !self.ends.remove(&(member.ends(), id)) {
            return;
        }
        let (group, due) = (member.group, member.due.take());
        self.regroup(group, |group| {
            group.members -= 1;
            if let Some(due) = due {
                group.due.remove(&(due, id));
            }
        });
    }

    pub(super) fn set_deadline(&mut self, id: u64, deadline: Duration) {
        if let Some(member) = self.members.get_mut(&id)
            && self.ends.remove(&(member.ends(), id))
        {
            member.policy = member.policy.deadline(deadline);
            self.ends.insert((member.ends(), id));
        }
    }

    pub(super) fn set_estimate(&mut self, id: u64, estimate: Estimate) {
        if let Some(member) = self.members.get_mut(&id) {
            member.estimate = Some(estimate);
        }
    }

    /// Changes a group and its place in the line.
    fn regroup<T>(&mut self, id: u64, change: impl FnOnce(&mut Group<S::Group>) -> T) -> Option<T> {
        let group = self.groups.get_mut(&id)?;
        if let Some((due, _)) = group.due.first() {
            self.line.remove(*due, id, group.failing);
        }
        let changed = change(group);
        if let Some((due, _)) = group.due.first() {
            self.line.add(*due, id, group.failing);
        }
        if group.members == 0
            && let Some(group) = self.groups.remove(&id)
        {
            self.ids.remove(&group.key);
        }
        Some(changed)
    }

    /// Returns what to do at `now`; a poll counts as made.
    pub(super) fn next(&mut self, source: &S, now: Duration) -> Next<S> {
        if self.closed.is_some() {
            return Next::Over;
        }
        let end = self.ends.first().map(|(end, _)| *end);
        match turn(&self.line, self.in_flight, &self.budget, &self.spent, now) {
            Turn::Poll(group) => match self.plan(group, source, now) {
                Some(planned) => Next::Poll(planned),
                None => Next::Idle,
            },
            Turn::At(at) => Next::At(end.map_or(at, |end| end.min(at))),
            Turn::Idle => end.map_or(Next::Idle, Next::At),
        }
    }

    fn plan(&mut self, group: u64, source: &S, now: Duration) -> Option<Planned<S>> {
        let (key, failing, taken) = self.regroup(group, |group| {
            let most = source.max_jobs(&group.key).clamp(1, group.due.len().max(1));
            let taken = std::iter::from_fn(|| group.due.pop_first()).take(most);
            let taken: Vec<u64> = taken.map(|(_, id)| id).collect();
            (group.key.clone(), group.failing, taken)
        })?;
        self.spent.spend(&self.budget, now);
        *self.in_flight.of(failing) += 1;
        let (mut members, mut jobs) = (Vec::with_capacity(taken.len()), Vec::new());
        for id in taken {
            if let Some(member) = self.members.get_mut(&id) {
                member.due = None;
                members.push(id);
                jobs.push(member.job.clone());
            }
        }
        let request = Request {
            group,
            members,
            asked: now,
            failing,
        };
        Some(Planned { key, jobs, request })
    }

    /// Ends the watches whose deadline is over.
    pub(super) fn expire(&mut self, now: Duration) {
        while let Some((end, id)) = self.ends.first().copied()
            && end <= now
        {
            self.retire(id);
            if let Some(member) = self.members.get_mut(&id) {
                member.time_out(now);
                self.wakers.extend(member.wake());
            }
        }
    }

    /// Ends all watches; returns their wakers.
    pub(super) fn close(&mut self, reason: &'static str) -> Vec<Waker> {
        self.closed.get_or_insert(reason);
        for id in std::mem::take(&mut self.ends).into_iter().map(|(_, id)| id) {
            if let Some(member) = self.members.get_mut(&id) {
                member.abandon(reason);
                self.wakers.extend(member.wake());
            }
        }
        self.groups.clear();
        self.ids.clear();
        self.line = Line::default();
        std::mem::take(&mut self.wakers)
    }
}

impl<K> Group<K> {
    fn new(key: K) -> Self {
        Self {
            key,
            due: BTreeSet::new(),
            members: 0,
            failing: false,
        }
    }
}
