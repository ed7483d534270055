//! Who is waited for in which group, and what a reply means for each.

use std::collections::{BTreeSet, HashMap};
use std::task::Waker;
use std::time::Duration;

use super::budget::{RequestBudget, Spent};
use super::line::{Flying, Line, Turn, turn};
use super::member::Member;
use super::{ErrorOf, Sight, Source};
use crate::WatchPolicy;

pub(super) use news::News;

mod news;
mod settle;

/// The state of a fleet.
pub(super) struct Roster<S: Source> {
    members: HashMap<u64, Member<S::Job>>,
    groups: HashMap<u64, Group<S::Group>>,
    ids: HashMap<S::Group, u64>,
    line: Line,
    /// When each wait is over at the latest.
    ends: BTreeSet<(Duration, u64)>,
    flying: Flying,
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
    /// The members that are not being looked at.
    due: BTreeSet<(Duration, u64)>,
    members: usize,
    failing: bool,
}

/// What the driver does next.
pub(super) enum Next<S: Source> {
    Look(Asked<S>),
    At(Duration),
    Rest,
    Over,
}

/// One request, before it is made.
pub(super) struct Asked<S: Source> {
    pub(super) key: S::Group,
    pub(super) jobs: Vec<S::Job>,
    pub(super) flight: Flight,
}

/// One request under way.
pub(super) struct Flight {
    group: u64,
    members: Vec<u64>,
    asked: Duration,
    failing: bool,
}

/// What came of a request; nothing where no answer did.
pub(super) type Landed<S> = Option<Result<Vec<Sight<S>>, ErrorOf<S>>>;

impl<S: Source> Roster<S> {
    pub(super) fn new(budget: RequestBudget, random: fastrand::Rng) -> Self {
        Self {
            members: HashMap::new(),
            groups: HashMap::new(),
            ids: HashMap::new(),
            line: Line::default(),
            ends: BTreeSet::new(),
            flying: Flying::default(),
            budget,
            spent: Spent::default(),
            random,
            next: 0,
            closed: None,
            driver: None,
            wakers: Vec::new(),
        }
    }

    pub(super) fn waiting(&self) -> usize {
        self.ends.len()
    }

    /// Adds a member that is due at once.
    pub(super) fn join(
        &mut self,
        key: S::Group,
        job: S::Job,
        policy: WatchPolicy,
        now: Duration,
    ) -> u64 {
        let id = self.number();
        let mut member = Member::new(job, policy, now);
        if let Some(why) = self.closed {
            member.abandon(why);
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

    /// Takes a member out, whose waiter is gone.
    pub(super) fn leave(&mut self, id: u64) {
        self.retire(id);
        self.members.remove(&id);
    }

    /// Stops looking at a member.
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
            member.policy = member.policy.with_deadline(deadline);
            self.ends.insert((member.ends(), id));
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

    /// What to do at `now`; a look is taken as made.
    pub(super) fn next(&mut self, source: &S, now: Duration) -> Next<S> {
        if self.closed.is_some() {
            return Next::Over;
        }
        let end = self.ends.first().map(|(end, _)| *end);
        match turn(&self.line, self.flying, &self.budget, &self.spent, now) {
            Turn::Look(group) => match self.ask(group, source, now) {
                Some(asked) => Next::Look(asked),
                None => Next::Rest,
            },
            Turn::At(at) => Next::At(end.map_or(at, |end| end.min(at))),
            Turn::Rest => end.map_or(Next::Rest, Next::At),
        }
    }

    fn ask(&mut self, group: u64, source: &S, now: Duration) -> Option<Asked<S>> {
        let (key, failing, taken) = self.regroup(group, |group| {
            let most = source.most(&group.key).clamp(1, group.due.len().max(1));
            let taken = std::iter::from_fn(|| group.due.pop_first()).take(most);
            let taken: Vec<u64> = taken.map(|(_, id)| id).collect();
            (group.key.clone(), group.failing, taken)
        })?;
        self.spent.spend(&self.budget, now);
        *self.flying.of(failing) += 1;
        let (mut members, mut jobs) = (Vec::with_capacity(taken.len()), Vec::new());
        for id in taken {
            if let Some(member) = self.members.get_mut(&id) {
                member.due = None;
                members.push(id);
                jobs.push(member.job.clone());
            }
        }
        let flight = Flight {
            group,
            members,
            asked: now,
            failing,
        };
        Some(Asked { key, jobs, flight })
    }

    /// Ends the waits whose deadline is over.
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

    /// Ends all waits; gives those who have to know.
    pub(super) fn close(&mut self, why: &'static str) -> Vec<Waker> {
        self.closed.get_or_insert(why);
        for id in std::mem::take(&mut self.ends).into_iter().map(|(_, id)| id) {
            if let Some(member) = self.members.get_mut(&id) {
                member.abandon(why);
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
