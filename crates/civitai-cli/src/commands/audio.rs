//! `audio`: music from a description.

use civitai_jobs::workflows::NamedStep;
use clap::Args;

use super::one_step::Rest;
use crate::exit;
use crate::failure::Failure;
use crate::source::Links;

/// Makes music from a description.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Audio {
    /// What it is to sound like.
    description: String,

    /// The words that are sung.
    #[arg(long, value_name = "TEXT")]
    lyrics: Option<String>,

    /// How long it is to be, in seconds.
    #[arg(long, value_name = "SECONDS")]
    duration: Option<u32>,

    #[command(flatten)]
    rest: Rest,
}

impl Audio {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let step = |_: &Links| {
            let mut step =
                NamedStep::new("aceStepAudio").set("musicDescription", self.description.as_str());
            if let Some(lyrics) = &self.lyrics {
                step = step.set("lyrics", lyrics.as_str());
            }
            match self.duration {
                Some(seconds) => step.duration(seconds),
                None => step,
            }
        };
        self.rest
            .carry_out(&self.description, Vec::new(), step)
            .await
    }
}
