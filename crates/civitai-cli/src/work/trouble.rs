//! Submissions and waits that gave nothing: what is said, and what to do.

use civitai_jobs::{Error, WatchError};

use super::Work;
use crate::again::Again;
use crate::exit;
use crate::failure::{Failure, chain};

/// A submission that gave no work.
pub(super) fn submission(error: &Error, again: &Again) -> Failure {
    let failure = Failure::call(error);
    match error.client_key() {
        Some(key) if error.is_outcome_unknown() => {
            failure.advise(again.look_up(&format!("clientKey:{key}")))
        }
        _ if error.is_over_budget() => failure.advise("nothing was submitted"),
        _ => failure,
    }
}

/// A wait that gave no result.
pub(crate) fn wait<W: Work>(error: &WatchError<W>, again: &Again) -> Failure {
    let goes_on = again.advice(&error.job().id());
    match error {
        WatchError::Ended { last, .. } if !W::is_known(last) => {
            let what = "the service knows of no such job, so it was not accepted";
            Failure::new(exit::REFUSED, what)
        }
        WatchError::Ended { phase, reason, .. } => {
            let why = reason.as_ref().map(|reason| format!(": {reason}"));
            let what = format!("the work ended without its files ({phase})");
            let failure = Failure::new(exit::REFUSED, what + &why.unwrap_or_default());
            if phase.is_terminal() {
                failure
            } else {
                failure.advise(goes_on)
            }
        }
        WatchError::TimedOut { elapsed, .. } => {
            let seconds = elapsed.as_secs();
            let what = format!("the work was not done after {seconds} s");
            Failure::new(exit::OPEN, what).advise(goes_on)
        }
        WatchError::Poll { source, .. } if source.status() == Some(404) => {
            Failure::call(source).advise("the service has no such work")
        }
        WatchError::Poll { source, .. } => Failure::call(source).advise(goes_on),
        other => Failure::new(exit::UNREACHABLE, chain(other)).advise(goes_on),
    }
}
