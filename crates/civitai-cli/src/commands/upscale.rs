//! `upscale`: larger images and videos.

use civitai_jobs::workflows::NamedStep;
use clap::Args;

use super::one_step::Rest;
use crate::exit;
use crate::failure::Failure;
use crate::source::{Links, Source, media_type};

/// Makes an image or a video larger.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Upscale {
    /// The image or video: a file, which is uploaded, or a link to an image.
    #[arg(value_name = "FILE|URL")]
    file: Source,

    /// How often an image is made larger.
    #[arg(long, value_name = "TIMES")]
    repeats: Option<u32>,

    #[command(flatten)]
    rest: Rest,
}

impl Upscale {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let json = self.rest.terms.common.json;
        let is_video = match &self.file {
            Source::File(path) => media_type(path)
                .map_err(|failure| failure.told(json))?
                .starts_with("video/"),
            Source::Link(_) => false,
        };
        let step = |links: &Links| {
            let link = links.of(&self.file);
            if is_video {
                return NamedStep::new("videoUpscaler").video(link);
            }
            let step = NamedStep::new("imageUpscaler").images([link]);
            match self.repeats {
                Some(times) => step.set("numberOfRepeats", times),
                None => step,
            }
        };
        self.rest
            .carry_out("large", vec![self.file.clone()], step)
            .await
    }
}
