//! A file of a workflow as saving sees it: what is known of it, its link, and how to get another.

use secrecy::{ExposeSecret, SecretString};

use super::output::WorkflowOutput;
use crate::error::WorkflowTrouble;
use crate::save::{About, Asking, Source};
use crate::{Client, Error};

/// A file of a workflow, whose blob can be asked for another link.
pub(crate) struct OfWorkflow {
    client: Client,
    output: WorkflowOutput,
}

impl OfWorkflow {
    pub(crate) fn new(client: Client, output: WorkflowOutput) -> Self {
        Self { client, output }
    }

    /// Why there is nothing to fetch, so that no link is followed too early.
    fn unavailable(&self) -> Error {
        let output = &self.output;
        WorkflowTrouble::Withheld {
            file: format!("{} of the step {}", output.path(), output.step()),
            reason: output.blocked_reason().map(str::to_owned),
        }
        .into()
    }

    /// The link in another look at the workflow, for what is no blob.
    async fn looked_up(&self) -> Result<Option<SecretString>, Error> {
        let workflows = self.client.workflows();
        let seen = workflows.get(self.output.workflow_id()).await?.outputs();
        let mut same = seen.iter().filter(|other| {
            (other.step(), other.path()) == (self.output.step(), self.output.path())
        });
        let same = same.find(|other| other.is_available());
        Ok(same.and_then(WorkflowOutput::url).map(SecretString::from))
    }
}

impl Source for OfWorkflow {
    fn about(&self) -> About {
        let output = &self.output;
        About {
            job_id: output.workflow_id().to_owned(),
            blob_key: output.blob_id().unwrap_or_default().to_owned(),
            index: output.index(),
            seed: None,
            job_cost: None,
        }
    }

    fn link(&self) -> Option<SecretString> {
        let output = &self.output;
        output
            .url()
            .filter(|_| output.is_available())
            .map(SecretString::from)
    }

    fn fresh_link<'a>(&'a self, refused: Option<&'a SecretString>) -> Asking<'a> {
        Box::pin(async move {
            if !self.output.is_available() {
                return Err(self.unavailable());
            }
            let link = match self.output.blob_id() {
                Some(id) => {
                    let blob = self.client.blobs().refresh(id).await?;
                    Some(blob.url().into())
                }
                None => self.looked_up().await?,
            };
            let refused = refused.map(ExposeSecret::expose_secret);
            let link = link.filter(|link| Some(link.expose_secret()) != refused);
            link.ok_or_else(|| self.unavailable())
        })
    }
}
