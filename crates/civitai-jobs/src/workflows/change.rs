//! Changes to a workflow that was submitted: cancelling, deleting, tags, metadata.

use civitai_api::v2::operation;
use civitai_api::v2::types::{
    Priority, UpdateWorkflowRequest, UpdateWorkflowStatus, UpdateWorkflowStepRequest,
};
use serde_json::Value;

pub use patch::Patch;

use super::handle::Workflow;
use super::preview::Preview;
use super::snapshot::WorkflowSnapshot;
use crate::Error;
use crate::call::Call;
use crate::error::Purpose;

mod patch;

/// What is to change in a workflow; what is left out stays.
///
/// ```
/// use civitai_jobs::WorkflowChange;
///
/// let change = WorkflowChange::new().tags(["fog", "kept"]).metadata("rating", 5);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "a change does nothing until it is given to `Workflow::update`"]
pub struct WorkflowChange(UpdateWorkflowRequest);

impl WorkflowChange {
    /// Creates a change of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces the tags, up to 10 of up to 200 characters.
    pub fn tags<T: Into<String>>(mut self, tags: impl IntoIterator<Item = T>) -> Self {
        self.0.tags = Some(tags.into_iter().map(Into::into).collect());
        self
    }

    /// Adds a value to the metadata that replaces the present one.
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        let metadata = self.0.metadata.get_or_insert_default();
        metadata.insert(key.into(), value.into());
        self
    }

    /// Sets whether mature content may be returned; `true` lifts the block on it.
    pub fn allow_mature_content(mut self, allow: bool) -> Self {
        self.0.allow_mature_content = Some(allow);
        self
    }

    /// Sets how urgently the models of the workflow are loaded; `high` costs Buzz.
    pub fn download_priority(mut self, priority: Priority) -> Self {
        self.0.download_priority = Some(priority);
        self
    }
}

impl Workflow {
    /// Cancels what has not ended; the record stays, and what was made stays with it.
    ///
    /// # Errors
    ///
    /// The call failed; the workflow may go on.
    pub async fn cancel(&self) -> Result<(), Error> {
        let update = UpdateWorkflowRequest {
            status: Some(UpdateWorkflowStatus::Canceled),
            ..UpdateWorkflowRequest::default()
        };
        let call = Call::new(operation::UPDATE_WORKFLOW, Purpose::CancelWorkflow);
        self.send(call, &update).await
    }

    /// Deletes the record, which is another thing than cancelling: it cannot be read afterwards.
    /// Work that has not begun may be given back its Buzz.
    ///
    /// # Errors
    ///
    /// There is none (status 404; a repetition after a lost answer may say so, too), or the call
    /// failed.
    pub async fn delete(&self) -> Result<(), Error> {
        let api = self.client().api_v2();
        let call = Call::new(operation::DELETE_WORKFLOW, Purpose::ChangeWorkflow);
        let send = || api.delete_workflow(self.id().as_str());
        self.client().call(call, send).await?;
        Ok(())
    }

    /// Changes tags, metadata, or whether mature content may be returned.
    ///
    /// A higher priority of downloads costs Buzz, of which [`preview_update`](Self::preview_update)
    /// tells. A budget does not refuse it, and counts it from the next poll on.
    ///
    /// # Errors
    ///
    /// The account lacks the Buzz (status 402), the service refused, or the call failed.
    pub async fn update(&self, change: &WorkflowChange) -> Result<(), Error> {
        let call = Call::new(operation::UPDATE_WORKFLOW, Purpose::ChangeWorkflow);
        self.send(call, &change.0).await
    }

    /// Asks for the price of a change, such as a higher priority of downloads, without making it or
    /// paying.
    ///
    /// # Errors
    ///
    /// The service refused, or the call failed. A service of before September 2026 does not know the
    /// question and **makes the change**, as far as it knows what is to change; the error says so.
    pub async fn preview_update(&self, change: &WorkflowChange) -> Result<Preview, Error> {
        let api = self.client().api_v2();
        let call = Call::new(operation::UPDATE_WORKFLOW, Purpose::PriceWorkflow);
        let send = || api.update_workflow(self.id().as_str(), Some(true), &change.0);
        let priced = self.client().call(call, send).await?;
        let priced = WorkflowSnapshot::from(priced.value);
        // The reply to a change has no content where nobody asks for its price.
        if priced.steps().is_empty() {
            return Err(Error::unpriced());
        }
        Ok(Preview::new(priced))
    }

    /// Changes single members by JSON patch. It is sent once: a patch that was lost on the way and one
    /// that was carried out look the same.
    ///
    /// # Errors
    ///
    /// The service refused, or the call failed.
    pub async fn patch(&self, patch: &Patch) -> Result<(), Error> {
        let api = self.client().api_v2();
        let call = Call::new(operation::PATCH_WORKFLOW, Purpose::ChangeWorkflow).once();
        let send = || api.patch_workflow(self.id().as_str(), patch.operations());
        self.client().call(call, send).await?;
        Ok(())
    }

    /// Adds a tag, of up to 200 characters; a workflow has up to 10.
    ///
    /// # Errors
    ///
    /// The service refused, or the call failed.
    pub async fn add_tag(&self, tag: &str) -> Result<(), Error> {
        let api = self.client().api_v2();
        let call = Call::new(operation::ADD_WORKFLOW_TAG, Purpose::ChangeWorkflow);
        let send = || api.add_workflow_tag(self.id().as_str(), tag);
        self.client().call(call, send).await?;
        Ok(())
    }

    /// Removes a tag.
    ///
    /// # Errors
    ///
    /// The service refused, or the call failed.
    pub async fn remove_tag(&self, tag: &str) -> Result<(), Error> {
        let api = self.client().api_v2();
        let call = Call::new(operation::REMOVE_WORKFLOW_TAG, Purpose::ChangeWorkflow);
        let send = || api.remove_workflow_tag(self.id().as_str(), tag);
        self.client().call(call, send).await?;
        Ok(())
    }

    /// Removes all tags.
    ///
    /// # Errors
    ///
    /// The service refused, or the call failed.
    pub async fn remove_tags(&self) -> Result<(), Error> {
        let api = self.client().api_v2();
        let call = Call::new(operation::REMOVE_ALL_WORKFLOW_TAGS, Purpose::ChangeWorkflow);
        let send = || api.remove_all_workflow_tags(self.id().as_str());
        self.client().call(call, send).await?;
        Ok(())
    }

    /// Replaces the metadata of a step; nothing else of it can be changed.
    ///
    /// # Errors
    ///
    /// There is no such step (status 404), the service refused, or the call failed.
    pub async fn update_step(
        &self,
        step: &str,
        metadata: impl IntoIterator<Item = (String, Value)>,
    ) -> Result<(), Error> {
        let update = UpdateWorkflowStepRequest {
            metadata: metadata.into_iter().collect(),
            ..UpdateWorkflowStepRequest::default()
        };
        let api = self.client().api_v2();
        let call = Call::new(operation::UPDATE_WORKFLOW_STEP, Purpose::ChangeWorkflow);
        let send = || api.update_workflow_step(self.id().as_str(), step, &update);
        self.client().call(call, send).await?;
        Ok(())
    }

    /// Changes the metadata of a step by JSON patch, sent once.
    ///
    /// # Errors
    ///
    /// There is no such step (status 404), the service refused, or the call failed.
    pub async fn patch_step(&self, step: &str, patch: &Patch) -> Result<(), Error> {
        let api = self.client().api_v2();
        let call = Call::new(operation::PATCH_WORKFLOW_STEP, Purpose::ChangeWorkflow).once();
        let send = || api.patch_workflow_step(self.id().as_str(), step, patch.operations());
        self.client().call(call, send).await?;
        Ok(())
    }

    async fn send(&self, call: Call, update: &UpdateWorkflowRequest) -> Result<(), Error> {
        let api = self.client().api_v2();
        let send = || api.update_workflow(self.id().as_str(), None, update);
        self.client().call(call, send).await?;
        Ok(())
    }
}
