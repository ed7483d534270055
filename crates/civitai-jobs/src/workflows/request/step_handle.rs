//! What adding a step gives: the way to its outputs.

use std::fmt;
use std::marker::PhantomData;

use civitai_api::{Blank, DecodeError};
use serde_json::Value;

use super::references::{Origin, StepId};
use super::repeat::DeferredList;
use super::value::{Deferred, Kind};
use crate::{File, StepSnapshot, WorkflowSnapshot};

/// A step of a workflow, by what it makes: `O` is what its output decodes to.
///
/// Its outputs go into further steps of the workflow that it was added to, and of that workflow's
/// clones.
pub struct StepHandle<O> {
    id: StepId,
    name: String,
    output: PhantomData<fn() -> O>,
}

impl<O> StepHandle<O> {
    pub(super) fn new(id: StepId, name: String) -> Self {
        Self {
            id,
            name,
            output: PhantomData,
        }
    }

    /// Returns the name of the step, unique in its workflow; replies know the step by it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns a value of the output by its path, such as `images[0].width`, where no method gives it.
    ///
    /// Kind and path are the caller's to get right.
    pub fn at<K: Kind>(&self, path: impl fmt::Display) -> Deferred<K> {
        Deferred::new(self.origin(), format!("output.{path}"))
    }

    /// Returns a list of the output by its path, such as `images`, and where each item holds the value, such
    /// as `url`; `None` where the item is the value.
    ///
    /// Kind and paths are the caller's to get right.
    pub fn list_at<K: Kind>(
        &self,
        path: impl fmt::Display,
        within: Option<&str>,
    ) -> DeferredList<K> {
        let within = within.map(str::to_owned);
        DeferredList::new(self.origin(), format!("output.{path}"), within)
    }

    fn origin(&self) -> Origin {
        Origin::Step(self.id, self.name.clone())
    }
}

impl<O: Blank> StepHandle<O> {
    /// Returns what the step has made, in what a poll showed of the workflow; `None` where there is no such
    /// step, or nothing of it yet.
    ///
    /// # Errors
    ///
    /// The output is not what a step of this type makes.
    pub fn output(&self, workflow: &WorkflowSnapshot) -> Result<Option<O>, DecodeError> {
        let step = workflow.step(&self.name);
        let output = step.map(StepSnapshot::output);
        let output = output.filter(|output| !output.is_null());
        let decode = |output: &Value| civitai_api::decode(output.to_string().as_bytes());
        output.map(decode).transpose()
    }
}

impl<O> StepHandle<O> {
    /// Returns the files of the step, [available](File::is_available) or not, in what a poll showed of the workflow.
    #[must_use]
    pub fn files(&self, workflow: &WorkflowSnapshot) -> Vec<File> {
        let step = workflow.step(&self.name);
        step.map(StepSnapshot::files).unwrap_or_default()
    }
}

impl<O> Clone for StepHandle<O> {
    fn clone(&self) -> Self {
        Self::new(self.id, self.name.clone())
    }
}

impl<O> fmt::Debug for StepHandle<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StepHandle").field(&self.name).finish()
    }
}
