//! Commands of one step that is told by words.

use civitai_jobs::workflows::NamedStep;
use civitai_jobs::{FieldProblems, WorkflowRequest};
use clap::Args;

use crate::failure::Failure;
use crate::order::{Order, Terms};
use crate::source::{Links, Source};
use crate::told::Told;

/// What such a command takes beside its own words.
#[derive(Debug, Args)]
pub(super) struct Rest {
    #[command(flatten)]
    pub(super) told: Told,

    #[command(flatten)]
    pub(super) terms: Terms,
}

impl Rest {
    /// Carries out one step.
    pub(super) async fn carry_out(
        &self,
        title: &str,
        sources: Vec<Source>,
        step: impl Fn(&Links) -> NamedStep,
    ) -> Result<(), Failure> {
        let order = Order {
            sources: sources.into_iter().chain(self.told.sources()).collect(),
            title: title.to_owned(),
            build: |links: &Links| -> Result<WorkflowRequest, FieldProblems> {
                let step = self.told.tell(step(links), links);
                step.check()?;
                let mut request = WorkflowRequest::new();
                request.add(step);
                Ok(request)
            },
        };
        order.carry_out(&self.terms).await
    }
}
