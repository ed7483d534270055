//! What a waiter is told when it asks.

use std::task::Context;
use std::time::Duration;

use super::Roster;
use crate::fleet::Source;
use crate::fleet::member::End;
use crate::{Job, Update, WatchError};

/// What a waiter is told.
pub(in crate::fleet) enum News<J: Job> {
    Update(Update<J::Snapshot>),
    Success,
    Failure(Box<WatchError<J>>),
    /// The end was told before.
    Over,
    /// Nothing yet; there is some by `limit` where somebody drives the fleet.
    None {
        limit: Duration,
    },
}

impl<S: Source> Roster<S> {
    /// What there is to tell a waiter; who is told nothing is woken when there is something.
    pub(in crate::fleet) fn news(
        &mut self,
        id: u64,
        context: &mut Context<'_>,
        only_end: bool,
    ) -> News<S::Job> {
        let Some(member) = self.members.get_mut(&id) else {
            return News::Over;
        };
        if let Some(update) = member.news.take() {
            return News::Update(*update);
        }
        match &mut member.end {
            Some(End::Success) => News::Success,
            Some(end) => match std::mem::replace(end, End::Told) {
                End::Failure(error) => News::Failure(error),
                _ => News::Over,
            },
            None => {
                member.only_end = only_end;
                member.waker = Some(context.waker().clone());
                let limit = member.ends().saturating_add(member.policy.patience);
                News::None { limit }
            }
        }
    }

    /// What the latest look that worked saw of a member.
    pub(in crate::fleet) fn last(&self, id: u64) -> Option<<S::Job as Job>::Snapshot> {
        self.members.get(&id)?.last.clone()
    }
}
