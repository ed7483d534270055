//! `speak`: a text as speech.

use civitai_jobs::workflows::NamedStep;
use clap::Args;

use super::one_step::Rest;
use crate::exit;
use crate::failure::Failure;
use crate::source::Links;

/// Speaks a text.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Speak {
    /// What is to be said.
    text: String,

    /// A ready-made voice, such as ryan or serena.
    #[arg(long, value_name = "NAME")]
    voice: Option<String>,

    #[command(flatten)]
    rest: Rest,
}

impl Speak {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let is_told = self.rest.told.all().iter().any(|(key, _)| key == "engine");
        let step = |_: &Links| {
            let mut step = NamedStep::new("textToSpeech").set("text", self.text.as_str());
            if !is_told {
                // The engine of ready-made voices wants to know that none is cloned.
                step = step.set("engine", "custom").set("xVectorOnlyMode", false);
            }
            match &self.voice {
                Some(voice) => step.set_text("speaker", voice),
                None => step,
            }
        };
        self.rest.carry_out(&self.text, Vec::new(), step).await
    }
}
