//! `train`: a model from images.

use civitai_jobs::workflows::NamedStep;
use clap::Args;

use super::one_step::Rest;
use crate::exit;
use crate::failure::Failure;
use crate::source::Links;

/// Trains a model on images.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Train {
    /// The engine, such as ai-toolkit or comfy.
    #[arg(long, value_name = "NAME", default_value = "ai-toolkit")]
    engine: String,

    #[command(flatten)]
    rest: Rest,
}

impl Train {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let step = |_: &Links| NamedStep::new("training").set("engine", self.engine.as_str());
        self.rest.carry_out("model", Vec::new(), step).await
    }
}
