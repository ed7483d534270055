//! What the answer to one request means for each of its members.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{Reply, Request, Roster};
use crate::decide::Outcome;
use crate::fleet::{ErrorOf, PollResult, Source};
use crate::poll::Answer;
use crate::{Pollable, WatchPolicy};

impl<S: Source> Roster<S> {
    /// Takes in what came of a request.
    pub(in crate::fleet) fn apply(
        &mut self,
        source: &S,
        policy: &WatchPolicy,
        request: Request,
        reply: Reply<S>,
        now: Duration,
    ) {
        *self.in_flight.of(request.failing) -= 1;
        let failing = !matches!(reply, Some(Ok(_)));
        tracing::debug!(jobs = request.members.len(), failing, "polled a group");
        let mut results: Results<S> = match reply {
            Some(Ok(results)) => Results::Each(results.into_iter()),
            Some(Err(error)) => match source.throttled(&error) {
                Some(pause) => {
                    let due = now.saturating_add(pause.min(WatchPolicy::MAX_DEADLINE));
                    self.spent.pause(due);
                    self.postpone(&request, due);
                    return;
                }
                None => Results::Failed(error),
            },
            None => Results::NoAnswer,
        };
        let draw = self.random.f64();
        let mut dues = BTreeSet::new();
        for id in request.members {
            let result = results.next();
            let Some(member) = self
                .members
                .get_mut(&id)
                .filter(|member| member.end.is_none())
            else {
                continue;
            };
            let (outcome, answer) = match result {
                Some(Ok(polled)) => (Outcome::from(&polled), Answer::Polled(polled)),
                Some(Err(error)) => (
                    Outcome::Fault(member.job.fault(&error)),
                    Answer::Failed(error),
                ),
                None => (Outcome::NoAnswer, Answer::None(policy.poll_timeout)),
            };
            let due = member.apply(outcome, answer, request.asked, now, draw);
            self.wakers.extend(member.wake());
            match due {
                Some(due) => {
                    member.due = Some(due);
                    dues.insert((due, id));
                }
                None => self.retire(id),
            }
        }
        self.regroup(request.group, |group| {
            group.failing = failing;
            group.due.append(&mut dues);
        });
    }

    /// Polls the same jobs again, later.
    fn postpone(&mut self, request: &Request, due: Duration) {
        let mut dues = BTreeSet::new();
        for id in &request.members {
            if let Some(member) = self.members.get_mut(id)
                && member.end.is_none()
            {
                member.due = Some(due);
                dues.insert((due, *id));
            }
        }
        self.regroup(request.group, |group| group.due.append(&mut dues));
    }
}

/// What a request gives each of its members.
enum Results<S: Source> {
    Each(std::vec::IntoIter<PollResult<S>>),
    Failed(ErrorOf<S>),
    NoAnswer,
}

impl<S: Source> Results<S> {
    fn next(&mut self) -> Option<PollResult<S>> {
        match self {
            Self::Each(results) => results.next(),
            Self::Failed(error) => Some(Err(error.clone())),
            Self::NoAnswer => None,
        }
    }
}
