//! A message that goes through a generated type.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A message, and what is to come back of it.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Message {
    /// The schema whose type it goes through.
    pub(super) schema: String,
    /// Where it is from: a place in the document, or a seed.
    pub(super) from: String,
    pub(super) sent: Value,
    pub(super) back: Value,
    /// Whether it is an example, which may contradict its schema.
    pub(super) is_example: bool,
}

impl Message {
    /// An example, which comes back as it is.
    pub(super) fn example(schema: &str, from: &str, value: &Value) -> Self {
        Self {
            schema: schema.to_owned(),
            from: from.to_owned(),
            sent: value.clone(),
            back: value.clone(),
            is_example: true,
        }
    }
}
