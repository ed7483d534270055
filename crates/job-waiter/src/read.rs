//! What an answer says about the work, by the waiter alone: nothing here sends anything.

use std::time::Duration;

use http::StatusCode;
use job_watch::{Fault, Phase, Progress};
use serde_json::Value;

use crate::spec::{Says, State, Waiter};
use crate::{Answer, far, hint, path, reason};

/// What an answer shows.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) phase: Phase,
    /// The body, where it is JSON.
    pub(crate) body: Option<Value>,
    /// The state in the words of the service.
    pub(crate) word: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) progress: Progress,
    pub(crate) reason: Option<String>,
}

/// An answer that shows nothing of the work.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) fault: Fault,
    pub(crate) what: String,
}

/// How an answer came about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asked {
    /// An earlier answer has shown the work.
    pub(crate) seen: bool,
    /// The service was asked to keep the request open.
    pub(crate) held: bool,
}

/// Reads an answer.
pub(crate) fn read(waiter: &Waiter, answer: &Answer, asked: Asked) -> Result<Reading, Refusal> {
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let retry_after = hint::pause(waiter, &answer.headers, body.as_ref());
    let refuse = |says: Says, what: String| match fault(says, retry_after) {
        Some(fault) => Err(Refusal { fault, what }),
        None => Ok(()),
    };
    let shown = |phase: Phase, word: Option<String>| {
        let body = body.as_ref();
        let reason = body.filter(|_| is_bad(phase));
        Reading {
            phase,
            word,
            retry_after,
            progress: body.map_or_else(Progress::new, |body| far::progress(&waiter.progress, body)),
            reason: reason.and_then(|body| reason::reason(&waiter.reason, body)),
            body: body.cloned(),
        }
    };

    let status = answer.status;
    let says = missing(waiter, of_status(waiter, status, asked.held), asked);
    if says != Says::Look {
        let what = told(status, reason::refusal(&waiter.reason, body.as_ref()));
        if asked.held && is_refused_hold(status) && says == Says::Lasting {
            let fault = Fault::LongPollRefused;
            return Err(Refusal { fault, what });
        }
        refuse(says, what)?;
        let Says::Phase(phase) = says else {
            return Ok(shown(Phase::Unknown, None));
        };
        let mut reading = shown(phase, None);
        if is_bad(phase) && reading.reason.is_none() {
            reading.reason = reason::refusal(&waiter.reason, reading.body.as_ref());
        }
        return Ok(reading);
    }

    if let Some(what) = &answer.refused {
        refuse(Says::Passing, what.clone())?;
    }
    let Some(found) = &body else {
        if matches!(waiter.state, State::Status) {
            return Ok(shown(waiter.otherwise.unwrap_or(Phase::Unknown), None));
        }
        let what = format!("the answer ({status}) is no JSON");
        refuse(Says::Passing, what)?;
        return Ok(shown(Phase::Unknown, None));
    };
    if let Some((code, says)) = refused(waiter, found) {
        let reason = reason::reason(&waiter.reason, found);
        let what = match &reason {
            Some(reason) => format!("the service answers with the code {code}: {reason}"),
            None => format!("the service answers with the code {code}"),
        };
        let says = missing(waiter, says, asked);
        refuse(says, what)?;
        if let Says::Phase(phase) = says {
            let mut reading = shown(phase, Some(code));
            if is_bad(phase) && reading.reason.is_none() {
                reading.reason = reading.word.clone();
            }
            return Ok(reading);
        }
    }
    let (says, word) = state(waiter, found);
    let says = missing(waiter, says, asked);
    let what = match &word {
        Some(word) => format!("the service says `{word}`"),
        None => "the service does not know the work".to_owned(),
    };
    refuse(says, what)?;
    let Says::Phase(phase) = says else {
        return Ok(shown(Phase::Unknown, word));
    };
    let mut reading = shown(phase, word);
    if is_bad(phase) && reading.reason.is_none() {
        reading.reason.clone_from(&reading.word);
    }
    Ok(reading)
}

/// The code of an error within a reply, and what it means; nothing where there is no error.
pub(crate) fn refused(waiter: &Waiter, body: &Value) -> Option<(String, Says)> {
    let refused = waiter.refused.as_ref()?;
    let code = path::text(body, refused.path)?;
    if refused.ok.contains(&code.as_str()) {
        return None;
    }
    let listed = refused.codes.iter().find(|(known, _)| *known == code);
    let says = listed.map_or(refused.otherwise, |(_, says)| *says);
    Some((code, says))
}

/// What an HTTP status means.
pub(crate) fn of_status(waiter: &Waiter, status: StatusCode, held: bool) -> Says {
    let listed = waiter
        .http
        .iter()
        .find(|(known, _)| *known == status.as_u16());
    if let Some((_, says)) = listed {
        return *says;
    }
    match status.as_u16() {
        200..=299 => Says::Look,
        404 if !held => Says::Missing,
        408 | 425 | 429 => Says::Passing,
        501 | 505 => Says::Lasting,
        500..=599 => Says::Passing,
        _ => Says::Lasting,
    }
}

/// A message about a status.
pub(crate) fn told(status: StatusCode, reason: Option<String>) -> String {
    match reason {
        Some(reason) => format!("the service answered {status}: {reason}"),
        None => format!("the service answered {status}"),
    }
}

fn fault(says: Says, retry_after: Option<Duration>) -> Option<Fault> {
    match says {
        Says::Missing => Some(Fault::Missing),
        Says::Passing => Some(Fault::Transient { retry_after }),
        Says::Lasting => Some(Fault::Permanent),
        Says::Phase(_) | Says::Look => None,
    }
}

/// What work that is not known means by now.
fn missing(waiter: &Waiter, says: Says, asked: Asked) -> Says {
    match says {
        Says::Missing if asked.seen => waiter.missing.after,
        Says::Missing => waiter.missing.before,
        says => says,
    }
}

/// Refusals of what was asked, rather than of who asked.
fn is_refused_hold(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400 | 404 | 405 | 422 | 501)
}

fn is_bad(phase: Phase) -> bool {
    matches!(phase, Phase::Failed | Phase::Expired | Phase::Canceled)
}

/// What the body says, and its word for it.
fn state(waiter: &Waiter, body: &Value) -> (Says, Option<String>) {
    let otherwise = Says::Phase(waiter.otherwise.unwrap_or(Phase::Unknown));
    match &waiter.state {
        State::Status => (otherwise, None),
        State::Words {
            path,
            words,
            ignore_case,
        } => {
            // What says nothing of its state may not have begun.
            let Some(word) = path::text(body, path) else {
                return (Says::Phase(Phase::Unknown), None);
            };
            let is = |known: &str| match ignore_case {
                true => known.eq_ignore_ascii_case(&word),
                false => known == word,
            };
            let listed = words.iter().find(|(known, _)| is(known));
            (listed.map_or(otherwise, |(_, says)| *says), Some(word))
        }
        State::Done {
            done,
            succeeded,
            failed,
            canceled,
        } => {
            let has = |at: &str| !at.is_empty() && path::find(body, at).is_some();
            let is_done = path::text(body, done).is_some_and(|text| text == "true");
            let phase = match () {
                () if !is_done => Phase::Running,
                () if canceled.is_some_and(|(at, values)| {
                    path::text(body, at).is_some_and(|value| values.contains(&value.as_str()))
                }) =>
                {
                    Phase::Canceled
                }
                () if has(failed) => Phase::Failed,
                () if succeeded.is_empty() || has(succeeded) => Phase::Succeeded,
                () => Phase::Undecided,
            };
            (Says::Phase(phase), None)
        }
    }
}
