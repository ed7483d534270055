//! What the answer to one request means for each of its members.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{Flight, Landed, Roster};
use crate::ask::Answer;
use crate::decide::Told;
use crate::fleet::{ErrorOf, Sight, Source};
use crate::{Job, WatchPolicy};

impl<S: Source> Roster<S> {
    /// Takes in what came of a request.
    pub(in crate::fleet) fn settle(
        &mut self,
        source: &S,
        policy: &WatchPolicy,
        flight: Flight,
        landed: Landed<S>,
        now: Duration,
    ) {
        *self.flying.of(flight.failing) -= 1;
        let failing = !matches!(landed, Some(Ok(_)));
        tracing::debug!(jobs = flight.members.len(), failing, "looked at a group");
        let mut sights: Sights<S> = match landed {
            Some(Ok(sights)) => Sights::Each(sights.into_iter()),
            Some(Err(error)) => match source.throttled(&error) {
                Some(rest) => {
                    let due = now.saturating_add(rest.min(WatchPolicy::LONGEST));
                    self.spent.rest(due);
                    self.put_off(&flight, due);
                    return;
                }
                None => Sights::Failed(error),
            },
            None => Sights::Silence,
        };
        let draw = self.random.f64();
        let mut dues = BTreeSet::new();
        for id in flight.members {
            let sight = sights.next();
            let Some(member) = self
                .members
                .get_mut(&id)
                .filter(|member| member.end.is_none())
            else {
                continue;
            };
            let (told, answer) = match sight {
                Some(Ok(seen)) => (Told::from(&seen), Answer::Seen(seen)),
                Some(Err(error)) => (Told::Fault(member.job.fault(&error)), Answer::Failed(error)),
                None => (Told::Silence, Answer::Silent(policy.patience)),
            };
            let due = member.take_in(told, answer, flight.asked, now, draw);
            self.wakers.extend(member.wake());
            match due {
                Some(due) => {
                    member.due = Some(due);
                    dues.insert((due, id));
                }
                None => self.retire(id),
            }
        }
        self.regroup(flight.group, |group| {
            group.failing = failing;
            group.due.append(&mut dues);
        });
    }

    /// Looks at the same jobs again, later.
    fn put_off(&mut self, flight: &Flight, due: Duration) {
        let mut dues = BTreeSet::new();
        for id in &flight.members {
            if let Some(member) = self.members.get_mut(id)
                && member.end.is_none()
            {
                member.due = Some(due);
                dues.insert((due, *id));
            }
        }
        self.regroup(flight.group, |group| group.due.append(&mut dues));
    }
}

/// What a request gives each of its members.
enum Sights<S: Source> {
    Each(std::vec::IntoIter<Sight<S>>),
    Failed(ErrorOf<S>),
    Silence,
}

impl<S: Source> Sights<S> {
    fn next(&mut self) -> Option<Sight<S>> {
        match self {
            Self::Each(sights) => sights.next(),
            Self::Failed(error) => Some(Err(error.clone())),
            Self::Silence => None,
        }
    }
}
