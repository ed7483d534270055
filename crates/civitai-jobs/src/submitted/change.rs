//! Changes to a workflow that was submitted: cancelling, deleting, labels, metadata.

use civitai_api::v2::operation;
use civitai_api::v2::types::{
    JsonPatchOperation, Priority, UpdateWorkflowRequest, UpdateWorkflowStatus,
    UpdateWorkflowStepRequest,
};
use serde_json::Value;

use super::Workflow;
use crate::error::Doing;
use crate::{Error, Preview, WorkflowSnapshot};

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
        self.update_as(Doing::Cancelling, &update).await
    }

    /// Deletes the record, which is another thing than cancelling: it cannot be read afterwards.
    /// Work that has not begun may be given back its Buzz.
    ///
    /// # Errors
    ///
    /// There is none (status 404; a repetition after a lost answer may say so, too), or the call
    /// failed.
    pub async fn delete(&self) -> Result<(), Error> {
        let api = self.client.api_v2();
        let call = || api.delete_workflow(&self.id);
        self.client
            .ask(operation::DELETE_WORKFLOW, Doing::Changing, call)
            .await?;
        Ok(())
    }

    /// Changes metadata, tags, or whether mature content may be returned; what is left out stays.
    ///
    /// # Errors
    ///
    /// The service refused, or the call failed.
    pub async fn update(&self, update: &UpdateWorkflowRequest) -> Result<(), Error> {
        self.update_as(Doing::Changing, update).await
    }

    /// Changes single members by JSON patch (RFC 6902). It is sent once: a patch that was lost on
    /// the way and one that was carried out look the same.
    ///
    /// # Errors
    ///
    /// The service refused, or the call failed.
    pub async fn patch(&self, patch: &Vec<JsonPatchOperation>) -> Result<(), Error> {
        let call = self.client.api_v2().patch_workflow(&self.id, patch);
        self.client
            .look(operation::PATCH_WORKFLOW, Doing::Changing, call)
            .await?;
        Ok(())
    }

    /// Adds a tag, of up to 200 characters; a workflow has up to 10.
    ///
    /// # Errors
    ///
    /// The service refused, or the call failed.
    pub async fn add_tag(&self, tag: &str) -> Result<(), Error> {
        let api = self.client.api_v2();
        let call = || api.add_workflow_tag(&self.id, tag);
        self.client
            .ask(operation::ADD_WORKFLOW_TAG, Doing::Changing, call)
            .await?;
        Ok(())
    }

    /// Removes a tag.
    ///
    /// # Errors
    ///
    /// The service refused, or the call failed.
    pub async fn remove_tag(&self, tag: &str) -> Result<(), Error> {
        let api = self.client.api_v2();
        let call = || api.remove_workflow_tag(&self.id, tag);
        self.client
            .ask(operation::REMOVE_WORKFLOW_TAG, Doing::Changing, call)
            .await?;
        Ok(())
    }

    /// Removes all tags.
    ///
    /// # Errors
    ///
    /// The service refused, or the call failed.
    pub async fn remove_tags(&self) -> Result<(), Error> {
        let api = self.client.api_v2();
        let call = || api.remove_all_workflow_tags(&self.id);
        self.client
            .ask(operation::REMOVE_ALL_WORKFLOW_TAGS, Doing::Changing, call)
            .await?;
        Ok(())
    }

    /// Replaces the metadata of a step; nothing else of it can be changed.
    ///
    /// # Errors
    ///
    /// There is no such step (status 404), the service refused, or the call failed.
    pub async fn set_step_metadata(
        &self,
        step: &str,
        metadata: impl IntoIterator<Item = (String, Value)>,
    ) -> Result<(), Error> {
        let update = UpdateWorkflowStepRequest {
            metadata: metadata.into_iter().collect(),
            ..UpdateWorkflowStepRequest::default()
        };
        let api = self.client.api_v2();
        let call = || api.update_workflow_step(&self.id, step, &update);
        self.client
            .ask(operation::UPDATE_WORKFLOW_STEP, Doing::Changing, call)
            .await?;
        Ok(())
    }

    /// Changes the metadata of a step by JSON patch (RFC 6902), sent once.
    ///
    /// # Errors
    ///
    /// There is no such step (status 404), the service refused, or the call failed.
    pub async fn patch_step(
        &self,
        step: &str,
        patch: &Vec<JsonPatchOperation>,
    ) -> Result<(), Error> {
        let api = self.client.api_v2();
        let call = api.patch_workflow_step(&self.id, step, patch);
        self.client
            .look(operation::PATCH_WORKFLOW_STEP, Doing::Changing, call)
            .await?;
        Ok(())
    }

    /// Asks for the price of a change, such as a higher priority of downloads, without making it or
    /// paying.
    ///
    /// # Errors
    ///
    /// The service refused, or the call failed. A service of before September 2026 does not know the
    /// question and **makes the change**, as far as it knows what is to change; the error says so.
    pub async fn preview_update(&self, update: &UpdateWorkflowRequest) -> Result<Preview, Error> {
        let api = self.client.api_v2();
        let call = || api.update_workflow(&self.id, Some(true), update);
        let (operation, doing) = (operation::UPDATE_WORKFLOW, Doing::Previewing);
        let priced = self.client.ask(operation, doing, call).await?;
        let priced = WorkflowSnapshot::new(priced.value);
        // The reply to a change has no content where nobody asks for its price.
        if priced.steps().is_empty() {
            return Err(Error::unpriced());
        }
        Ok(Preview::new(priced))
    }

    /// Sets how urgently the models of the workflow are loaded; `high` costs Buzz, of which
    /// [`preview_update`](Self::preview_update) tells. A budget does not refuse it, and counts it from
    /// the next look on.
    ///
    /// # Errors
    ///
    /// The account lacks the Buzz (status 402), the service refused, or the call failed.
    pub async fn set_download_priority(&self, priority: Priority) -> Result<(), Error> {
        let update = UpdateWorkflowRequest {
            download_priority: Some(priority),
            ..UpdateWorkflowRequest::default()
        };
        self.update_as(Doing::Changing, &update).await
    }

    async fn update_as(&self, doing: Doing, update: &UpdateWorkflowRequest) -> Result<(), Error> {
        let api = self.client.api_v2();
        let call = || api.update_workflow(&self.id, None, update);
        self.client
            .ask(operation::UPDATE_WORKFLOW, doing, call)
            .await?;
        Ok(())
    }
}
