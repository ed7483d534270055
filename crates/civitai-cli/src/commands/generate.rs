//! `generate`: images from a prompt, and what is made of them.

use clap::{Args, ValueEnum};

use crate::exit;
use crate::failure::Failure;
use crate::order::{Order, Terms};
use crate::picture::Picture;
use crate::source::Links;

mod v1;

/// Makes images from a prompt, and what is wanted of them: `--edit`, `--upscale`, `--remove-background`, `--video`.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Generate {
    /// What the image is to show.
    prompt: String,

    /// The version of the API.
    #[arg(long, value_name = "VERSION", default_value = "v2")]
    api: Api,

    #[command(flatten)]
    picture: Picture,

    #[command(flatten)]
    terms: Terms,
}

/// The version of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Api {
    /// Jobs: images from a checkpoint.
    V1,
    /// Workflows: any engine, and steps that take what others make.
    V2,
}

impl Generate {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        if self.api == Api::V1 {
            let json = self.terms.common.json;
            return v1::run(&self).await.map_err(|failure| failure.told(json));
        }
        self.picture
            .check()
            .map_err(|failure| failure.told(self.terms.common.json))?;
        let order = Order {
            sources: self.picture.sources(),
            title: self.prompt.clone(),
            build: |links: &Links| self.picture.request(&self.prompt, links),
        };
        order.carry_out(&self.terms).await
    }
}
