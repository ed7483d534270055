//! What a workflow would cost.

use std::collections::BTreeMap;

use civitai_api::v2::operation;
use civitai_api::v2::operations::SubmitWorkflowOptions;
use civitai_api::v2::types::WorkflowTemplate;
use serde::{Deserialize, Serialize};

use super::snapshot::{StepSnapshot, WorkflowSnapshot};
use crate::call::Call;
use crate::error::Purpose;
use crate::{Buzz, Client, Error};

/// What a workflow would cost, and what it would run with. Nothing runs, and nothing is paid.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Preview(WorkflowSnapshot);

impl Preview {
    pub(super) fn new(priced: WorkflowSnapshot) -> Self {
        Self(priced)
    }

    /// Returns the price, tips counted in; the most that it can come to where the price
    /// [is a ceiling](WorkflowSnapshot::is_price_ceiling).
    #[must_use]
    pub fn price(&self) -> Buzz {
        self.0.cost().max(Buzz::ZERO)
    }

    /// Returns whether the price is the most that the work can cost. What the work did not cost is
    /// given back at its end.
    #[must_use]
    pub fn is_price_ceiling(&self) -> bool {
        self.0.is_price_ceiling()
    }

    /// Returns the price by the kind of Buzz that would pay it, as far as the service tells.
    #[must_use]
    pub fn by_currency(&self) -> BTreeMap<String, Buzz> {
        self.0.spent()
    }

    /// Returns whether the account has the Buzz for it. A service that does not say counts as yes.
    #[must_use]
    pub fn is_affordable(&self) -> bool {
        !self.0.is_buzz_short()
    }

    /// Returns the steps as the service would run them, with the resources it resolved.
    #[must_use]
    pub fn steps(&self) -> &[StepSnapshot] {
        self.0.steps()
    }

    /// Returns all of the reply.
    #[must_use]
    pub fn snapshot(&self) -> &WorkflowSnapshot {
        &self.0
    }
}

/// Asks for the price of what would be submitted, without a key.
pub(super) async fn preview(
    client: &Client,
    template: &WorkflowTemplate,
) -> Result<Preview, Error> {
    let api = client.api_v2();
    let options = SubmitWorkflowOptions {
        whatif: Some(true),
        ..SubmitWorkflowOptions::default()
    };
    let call = Call::new(operation::SUBMIT_WORKFLOW, Purpose::PriceWorkflow);
    let priced = client
        .call(call, || api.submit_workflow(template, &options))
        .await?;
    Ok(Preview::new(priced.value.into()))
}
