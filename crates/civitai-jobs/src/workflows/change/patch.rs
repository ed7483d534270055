//! JSON patches (RFC 6902).

use civitai_api::v2::types::{JsonPatchOperation, JsonPatchOperationOp as Op};
use serde_json::Value;

/// A JSON patch (RFC 6902): changes to single members, by their JSON pointers, made in their order.
///
/// ```
/// use civitai_jobs::workflows::Patch;
///
/// let patch = Patch::new().test("/metadata/rating", 4).replace("/metadata/rating", 5);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "a patch does nothing until it is given to `Workflow::patch`"]
pub struct Patch(Vec<JsonPatchOperation>);

impl Patch {
    /// Creates a patch of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a member, or an item of a list.
    pub fn add(self, path: impl Into<String>, value: impl Into<Value>) -> Self {
        self.with(Op::Add, path.into(), Some(value.into()), None)
    }

    /// Replaces a value.
    pub fn replace(self, path: impl Into<String>, value: impl Into<Value>) -> Self {
        self.with(Op::Replace, path.into(), Some(value.into()), None)
    }

    /// Removes a member, or an item of a list.
    pub fn remove(self, path: impl Into<String>) -> Self {
        self.with(Op::Remove, path.into(), None, None)
    }

    /// Moves a value.
    pub fn move_value(self, from: impl Into<String>, path: impl Into<String>) -> Self {
        self.with(Op::Move, path.into(), None, Some(from.into()))
    }

    /// Copies a value.
    pub fn copy(self, from: impl Into<String>, path: impl Into<String>) -> Self {
        self.with(Op::Copy, path.into(), None, Some(from.into()))
    }

    /// Lets the whole patch fail where the value is another one.
    pub fn test(self, path: impl Into<String>, value: impl Into<Value>) -> Self {
        self.with(Op::Test, path.into(), Some(value.into()), None)
    }

    pub(super) fn operations(&self) -> &Vec<JsonPatchOperation> {
        &self.0
    }

    fn with(mut self, op: Op, path: String, value: Option<Value>, from: Option<String>) -> Self {
        let mut operation = JsonPatchOperation::new(op, path);
        (operation.value, operation.from) = (value, from);
        self.0.push(operation);
        self
    }
}
