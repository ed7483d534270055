//! What a watch of a fleet gets when it asks.

use std::task::Context;
use std::time::Duration;

use super::Roster;
use crate::fleet::Source;
use crate::fleet::member::End;
use crate::{Pollable, Until, Update, WatchError};

/// What a watch gets when it asks.
pub(in crate::fleet) enum Reading<P: Pollable> {
    Update(Update<P::Snapshot, P::Item>),
    /// The watch has just ended without a result.
    Failure(Box<WatchError<P>>),
    /// The watch has ended, and all that there was has been read.
    End,
    /// Nothing yet; there is something by `limit` where the fleet has a running driver.
    Nothing {
        limit: Duration,
    },
}

impl<S: Source> Roster<S> {
    /// Returns what is new for a watch. One that gets nothing is woken when there is something.
    pub(in crate::fleet) fn read(
        &mut self,
        id: u64,
        context: &mut Context<'_>,
        until: Until,
    ) -> Reading<S::Job> {
        let Some(member) = self.members.get_mut(&id) else {
            return Reading::End;
        };
        if let Some(update) = member.update.take() {
            return Reading::Update(*update);
        }
        match member.end.take() {
            Some(End::Failure(error)) => {
                member.end = Some(End::Reported(error.chain()));
                Reading::Failure(error)
            }
            Some(end) => {
                member.end = Some(end);
                Reading::End
            }
            None => {
                member.until = until;
                member.waker = Some(context.waker().clone());
                let limit = member.ends().saturating_add(member.policy.poll_timeout);
                Reading::Nothing { limit }
            }
        }
    }

    /// Ends a watch that has not ended, for a reason that lies in the fleet.
    pub(in crate::fleet) fn abandon(
        &mut self,
        id: u64,
        reason: &'static str,
    ) -> Option<WatchError<S::Job>> {
        self.retire(id);
        let member = self.members.get_mut(&id)?;
        let error = member.abandoned(reason);
        member.end = Some(End::Reported(error.chain()));
        Some(error)
    }

    /// Returns the result of a watch that has ended, or what the latest poll showed and why it failed.
    pub(in crate::fleet) fn result(&self, id: u64) -> WatchResult<S::Job> {
        let Some(member) = self.members.get(&id) else {
            return Err((None, String::new()));
        };
        match (&member.end, &member.last) {
            (Some(End::Success), Some(result)) => Ok(result.clone()),
            (Some(End::Reported(reason)), last) => Err((last.clone(), reason.clone())),
            (_, last) => Err((last.clone(), String::new())),
        }
    }
}

/// The result of a watch, or what the latest poll showed and why the watch failed.
pub(in crate::fleet) type WatchResult<P> =
    Result<<P as Pollable>::Snapshot, (Option<<P as Pollable>::Snapshot>, String)>;
