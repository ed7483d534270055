//! `video`: videos from a prompt, an image or both.

use civitai_jobs::workflows::NamedStep;
use clap::Args;

use super::one_step::Rest;
use crate::exit;
use crate::failure::Failure;
use crate::picture::{FILMER, or_engine, size};
use crate::source::{Links, Source};

/// Makes a video from a prompt, an image or both.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Video {
    /// What the video is to show.
    prompt: String,

    /// The engine, such as kling, wan or veo3.
    #[arg(long, value_name = "NAME")]
    engine: Option<String>,

    /// An image to start from: a file, which is uploaded, or a link; several are taken.
    #[arg(long, value_name = "FILE|URL")]
    image: Vec<Source>,

    /// How long the video is to be, in seconds.
    #[arg(long, value_name = "SECONDS")]
    duration: Option<u32>,

    /// Width and height in pixels, where the engine takes them.
    #[arg(long, value_name = "WxH", value_parser = size)]
    size: Option<(u32, u32)>,

    /// Where the random numbers begin.
    #[arg(long, value_name = "N")]
    seed: Option<i64>,

    #[command(flatten)]
    rest: Rest,
}

impl Video {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let step = |links: &Links| {
            let step = NamedStep::new("videoGen").prompt(self.prompt.as_str());
            let mut step = match &self.engine {
                Some(engine) => step.set("engine", engine.as_str()),
                None => or_engine(step, self.rest.told.all(), &FILMER),
            };
            step = step.images(self.image.iter().map(|image| links.of(image)));
            if let Some(seconds) = self.duration {
                step = step.duration(seconds);
            }
            if let Some((width, height)) = self.size {
                step = step.size(width, height);
            }
            match self.seed {
                Some(seed) => step.seed(seed),
                None => step,
            }
        };
        self.rest
            .carry_out(&self.prompt, self.image.clone(), step)
            .await
    }
}
