//! `chat`: a language model.

use civitai_jobs::workflows::NamedStep;
use clap::Args;
use serde_json::json;

use super::one_step::Rest;
use crate::exit;
use crate::failure::Failure;
use crate::source::Links;

/// Asks a language model.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Chat {
    /// What is asked.
    prompt: String,

    /// The model, as the service calls it.
    #[arg(long, value_name = "NAME")]
    model: String,

    /// What the model is to be.
    #[arg(long, value_name = "TEXT")]
    system: Option<String>,

    #[command(flatten)]
    rest: Rest,
}

impl Chat {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let step = |_: &Links| {
            let system = self
                .system
                .iter()
                .map(|text| json!({ "role": "system", "content": text }));
            let asked = json!({ "role": "user", "content": self.prompt });
            let messages: Vec<_> = system.chain([asked]).collect();
            NamedStep::new("chatCompletion")
                .set("model", self.model.as_str())
                .set("messages", messages)
        };
        self.rest.carry_out(&self.prompt, Vec::new(), step).await
    }
}
