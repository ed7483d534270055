//! The envelope that a service puts around every reply.

use serde::Deserialize;

use crate::document::Document;
use crate::error::Error;
use crate::marks::ENVELOPE;
use crate::pointer::Pointer;

/// The members of an envelope.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Envelope {
    /// What holds the reply itself.
    pub result: String,
    /// What says whether the service has refused.
    pub state: String,
    /// The values there that say so.
    pub failed: Vec<String>,
    /// What says why, the first that is there.
    #[serde(default)]
    pub message: Vec<String>,
}

/// Reads the envelope of a document, where it has one.
pub(crate) fn envelope(doc: &Document) -> Result<Option<Envelope>, Error> {
    let Some(envelope) = doc.root.get(ENVELOPE) else {
        return Ok(None);
    };
    let read = serde_json::from_value(envelope.clone());
    let at = Pointer::root().child(ENVELOPE);
    read.map(Some)
        .map_err(|error| doc.error(&at, error.to_string()))
}
