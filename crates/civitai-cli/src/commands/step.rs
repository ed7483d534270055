//! `step`: one step of any type.

use civitai_jobs::workflows::NamedStep;
use clap::Args;

use super::one_step::Rest;
use crate::exit;
use crate::failure::Failure;
use crate::source::Links;

/// Runs one step of any type of the contract; its members are set by `--set`.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Step {
    /// The type, such as imageScanning or promptEnhancement.
    kind: String,

    #[command(flatten)]
    rest: Rest,
}

impl Step {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let step = |_: &Links| NamedStep::new(self.kind.as_str());
        self.rest.carry_out(&self.kind, Vec::new(), step).await
    }
}
