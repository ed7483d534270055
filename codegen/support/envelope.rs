//! The envelope that a service puts around every reply, and takes for its word whatever the HTTP status.

use bytes::Bytes;
use serde_json::Value;

use super::response::Response;
use super::{Error, Operation};

/// What a transport needs to know of the contract.
#[derive(Debug)]
pub(crate) struct Facts {
    /// Every operation.
    pub(crate) operations: &'static [Operation],
    /// What is around every reply.
    pub(crate) envelope: Option<Envelope>,
}

impl Facts {
    /// Writes them on a reply.
    pub(super) fn put(&'static self, response: &mut Response) {
        response.extensions_mut().insert(self);
    }
}

/// Takes a body out of the envelope that the service puts around it.
pub(super) fn opened(response: &Response, body: Bytes) -> Result<Bytes, Error> {
    let facts = response.extensions().get::<&'static Facts>();
    let Some(envelope) = facts.and_then(|facts| facts.envelope.as_ref()) else {
        return Ok(body);
    };
    match envelope.open(body.clone()) {
        Opened::Reply(reply) => Ok(reply),
        Opened::Refusal(why) => {
            let head = (response.status(), response.headers().clone());
            Err(Error::refused(head, body, why))
        }
    }
}

/// The members of an envelope.
#[derive(Debug)]
pub(crate) struct Envelope {
    /// What holds the reply itself.
    pub(crate) result: &'static str,
    /// What says whether the service has refused.
    pub(crate) state: &'static str,
    /// The values there that say so.
    pub(crate) failed: &'static [&'static str],
    /// What says why, the first that is there.
    pub(crate) message: &'static [&'static str],
}

/// What was in an envelope.
enum Opened {
    /// The reply itself.
    Reply(Bytes),
    /// A refusal, and why.
    Refusal(Option<String>),
}

impl Envelope {
    /// Opens one. What is no envelope is left as it is.
    fn open(&self, body: Bytes) -> Opened {
        let Ok(Value::Object(mut members)) = serde_json::from_slice(&body) else {
            return Opened::Reply(body);
        };
        let state = members.get(self.state).and_then(Value::as_str);
        if state.is_some_and(|state| self.failed.contains(&state)) {
            let text = |name: &&str| match members.get(*name)? {
                Value::Null => None,
                Value::String(text) => Some(text.clone()),
                other => Some(other.to_string()),
            };
            return Opened::Refusal(self.message.iter().find_map(text));
        }
        match members.remove(self.result) {
            Some(result) => Opened::Reply(result.to_string().into()),
            None => Opened::Reply(body),
        }
    }
}
