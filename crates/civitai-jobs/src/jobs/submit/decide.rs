//! The rules of submitting as pure functions: the code around them only carries out what they say.
//!
//! A submission is paid for, and the service knows no key that would recognise a repetition. So one
//! is sent again only where it is certain that the first was not accepted, and everything else is
//! searched for by its client key. (What the HTTP library repeats by itself was never read either:
//! its connection had closed before anything was written, or the server said so.)

use std::time::Duration;

use reqwest::StatusCode;

use crate::SubmitPolicy;
use crate::call::LONGEST_HINT;
use crate::error::reply;
use file_save::Backoff;

/// What came back for a submission that gave no jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// No connection could be made, so that nothing was sent.
    NotSent,
    /// Turned away unread: 429.
    Throttled,
    /// Turned down, or wrong before it was sent.
    Refused,
    /// Anything else: it may have been accepted.
    Unclear,
}

impl Answer {
    pub(super) fn of(error: &civitai_api::Error) -> Self {
        if reply::is_unclear(error) {
            Self::Unclear
        } else if error.is_connect() {
            Self::NotSent
        } else if error.status() == Some(StatusCode::TOO_MANY_REQUESTS) {
            Self::Throttled
        } else {
            Self::Refused
        }
    }
}

/// What to do about an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    SendAgain { after: Duration },
    GiveUp,
    Search,
}

/// Says what to do after an answer to the submission sent last, when `resent` of them were repeated.
pub(super) fn after_answer(
    policy: &SubmitPolicy,
    answer: Answer,
    resent: u32,
    hint: Option<Duration>,
    draw: f64,
) -> Step {
    let hint = hint.unwrap_or_default();
    match answer {
        Answer::Unclear => Step::Search,
        Answer::Refused => Step::GiveUp,
        Answer::NotSent | Answer::Throttled if resent < policy.resends && hint <= LONGEST_HINT => {
            let after = hint.saturating_add(Backoff::OF_CALLS.pause(resent, draw));
            Step::SendAgain { after }
        }
        Answer::NotSent | Answer::Throttled => Step::GiveUp,
    }
}

/// One search for the jobs of a submission; times count from when its answer was seen to be unclear.
#[derive(Clone, Copy, Debug)]
pub(super) struct Search {
    pub(super) asked: Duration,
    pub(super) answered: Duration,
    /// Searches before this one.
    pub(super) before: u32,
    pub(super) found: Found,
    /// How long the service asks to be left alone.
    pub(super) hint: Option<Duration>,
}

/// What a search found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    All,
    Some,
    None,
    /// The search failed in passing.
    Failed,
    /// The search failed and will again.
    Refused,
}

/// What a search proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Accepted,
    /// Some of the jobs are there and the others are not.
    Partly,
    NotAccepted,
    Unknown,
    SearchAgain {
        after: Duration,
    },
}

/// Says what a search proves when the service is given `settle` to list what it accepted.
///
/// What is found is there. That something is not there is believed only of a search that was asked
/// after the settling time and that the service answered.
pub(super) fn after_search(
    policy: &SubmitPolicy,
    settle: Duration,
    search: &Search,
    draw: f64,
) -> Verdict {
    let settled = search.asked >= settle;
    match search.found {
        Found::All => return Verdict::Accepted,
        Found::Some if settled => return Verdict::Partly,
        Found::None if settled => return Verdict::NotAccepted,
        Found::Refused => return Verdict::Unknown,
        Found::Some | Found::None | Found::Failed => {}
    }
    let left = policy.patience.saturating_sub(search.answered);
    if left.is_zero() {
        return Verdict::Unknown;
    }
    let mut after = Backoff::OF_CALLS.pause(search.before, draw);
    let to_settle = settle.saturating_sub(search.answered);
    if !to_settle.is_zero() {
        // The search that proves most comes as soon as it can.
        after = after.min(to_settle);
    }
    let after = after.min(left).max(search.hint.unwrap_or_default());
    if after > left {
        return Verdict::Unknown;
    }
    Verdict::SearchAgain { after }
}

#[cfg(test)]
mod tests;
