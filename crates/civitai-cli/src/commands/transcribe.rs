//! `transcribe`: what is said in a file.

use civitai_jobs::workflows::NamedStep;
use clap::Args;

use super::one_step::Rest;
use crate::exit;
use crate::failure::Failure;
use crate::source::{Links, Source};

/// Writes down what is said in a sound or video file.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Transcribe {
    /// The sound or video: a file, which is uploaded, or a link.
    #[arg(value_name = "FILE|URL")]
    file: Source,

    #[command(flatten)]
    rest: Rest,
}

impl Transcribe {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let step =
            |links: &Links| NamedStep::new("transcription").set("mediaUrl", links.of(&self.file));
        self.rest
            .carry_out("transcript", vec![self.file.clone()], step)
            .await
    }
}
