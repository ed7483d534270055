//! `generate`: images from a prompt, and what is made of them.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::exit;
use crate::failure::Failure;
use crate::order::{Order, Terms};
use crate::picture::Picture;
use crate::recipe::{Origin, Recipe};
use crate::source::Links;

mod v1;

/// Makes images from a prompt, and what is wanted of them: `--edit`, `--upscale`, `--remove-background`, `--video`.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Generate {
    /// What the image is to show; with --like, it may be left out.
    #[arg(required_unless_present = "like")]
    prompt: Option<String>,

    /// Begins with what another picture was made by, its seed included; what is given beside it counts more.
    #[arg(long, value_name = "PICTURE")]
    like: Option<PathBuf>,

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
        let json = self.terms.common.json;
        self.picture.check().map_err(|failure| failure.told(json))?;
        let like = self.like.as_deref().map(Recipe::origin_of).transpose();
        let like = like.map_err(|failure| failure.told(json))?;
        let old = like.as_ref().and_then(Origin::prompt);
        let order = Order {
            sources: self.picture.sources(),
            title: self.prompt().or(old).unwrap_or_default().to_owned(),
            build: |links: &Links| match &like {
                Some(origin) => self.picture.request_like(origin, self.prompt(), links),
                None => self
                    .picture
                    .request(self.prompt().unwrap_or_default(), links),
            },
        };
        order.carry_out(&self.terms).await
    }

    fn prompt(&self) -> Option<&str> {
        self.prompt.as_deref()
    }
}
