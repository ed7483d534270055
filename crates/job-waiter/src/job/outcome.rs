//! The result of work that succeeded: in the poll, or behind a second call that may still fail.

use bytes::Bytes;
use job_watch::{Fault, Phase};
use serde_json::Value;

use crate::read::{of_status, told};
use crate::spec::Says;
use crate::{Answer, Job, LookError, Transport, Work, hint, path, reason};

/// What became of the result.
pub(crate) struct Told<W: Work> {
    /// A good state may have no good result.
    pub(crate) phase: Phase,
    pub(crate) value: Option<W::Outcome>,
    pub(crate) reason: Option<String>,
    /// What the second call brought.
    pub(crate) body: Option<Value>,
}

type Failure<W> = LookError<<<W as Work>::Transport as Transport>::Error>;

/// Takes the result out of the poll, or asks for it.
pub(crate) async fn outcome<W: Work>(
    job: &Job<W>,
    look: &Answer,
    body: Option<&Value>,
) -> Result<Told<W>, Failure<W>> {
    let says = &W::WAITER.result;
    let Some(target) = &says.from else {
        return taken(look, body, None);
    };
    let answer = job.send(job.call(target, body)?).await?;
    let held: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let status = of_status(W::WAITER, answer.status, true);
    if let Some(what) = answer.refused {
        let fault = Fault::Transient { retry_after: None };
        return Err(LookError::new(what, Some(answer.status), fault));
    }
    if answer.status.is_success() {
        return taken(&answer, held.as_ref(), held.clone());
    }
    let why = reason::refusal(&W::WAITER.reason, held.as_ref());
    let retry_after = hint::pause(W::WAITER, &answer.headers, held.as_ref());
    // The result may be stored a moment after the state says that it is there.
    if answer.status.as_u16() == 404 && !says.decides {
        return Ok(Told {
            phase: Phase::Undecided,
            value: None,
            reason: Some(told(answer.status, why)),
            body: None,
        });
    }
    if status == Says::Passing {
        let fault = Fault::Transient { retry_after };
        return Err(LookError::new(
            told(answer.status, why),
            Some(answer.status),
            fault,
        ));
    }
    if says.decides {
        return Ok(Told {
            phase: Phase::Failed,
            value: None,
            reason: Some(told(answer.status, why)),
            body: held,
        });
    }
    Err(LookError::new(
        told(answer.status, why),
        Some(answer.status),
        Fault::Permanent,
    ))
}

/// Takes the result out of an answer.
fn taken<W: Work>(
    answer: &Answer,
    body: Option<&Value>,
    kept: Option<Value>,
) -> Result<Told<W>, Failure<W>> {
    let says = &W::WAITER.result;
    let bytes = match (says.path, body) {
        _ if says.is_bytes => Some(answer.body.clone()).filter(|bytes| !bytes.is_empty()),
        ("", _) => Some(answer.body.clone()),
        (at, Some(body)) => path::find(body, at).map(|found| Bytes::from(found.to_string())),
        (_, None) => None,
    };
    let found = bytes.map(|bytes| W::outcome(&bytes));
    let value = found
        .transpose()
        .map_err(|error| LookError::unfit(&error, Some(answer.status)))?;
    // A good state without its result is none yet.
    let phase = match value.is_none() && !says.optional {
        true => Phase::Undecided,
        false => Phase::Succeeded,
    };
    Ok(Told {
        phase,
        value,
        reason: None,
        body: kept,
    })
}
