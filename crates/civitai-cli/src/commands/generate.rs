//! `generate`: checks everything that can be checked here, submits once, then waits and saves.

use civitai_jobs::jobs::Scheduler;
use civitai_jobs::{Air, Client, ClientKey, Naming, TextToImage};
use clap::Args;

use crate::again::Again;
use crate::common::{Common, Saving};
use crate::exit;
use crate::failure::Failure;
use crate::folder;
use crate::interrupt::{Stage, or_interrupt};
use crate::jobs::finish;

/// Makes images from a prompt.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Generate {
    /// What the image is to show.
    prompt: String,

    /// The model, by its AIR; the default is DreamShaper 8.
    #[arg(
        long,
        value_name = "AIR",
        default_value = "urn:air:sd1:checkpoint:civitai:4384@128713"
    )]
    model: Air,

    /// What the image is not to show.
    #[arg(long, value_name = "TEXT")]
    negative_prompt: Option<String>,

    /// Width and height in pixels, each from 64 to 2048 and a multiple of 8.
    #[arg(long, value_name = "WxH", default_value = "512x512", value_parser = size, allow_hyphen_values = true)]
    size: (u32, u32),

    /// Denoising steps, from 1 to 150.
    #[arg(long, value_name = "N")]
    steps: Option<u32>,

    /// How closely to follow the prompt, from 1 to 30.
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    cfg_scale: Option<f64>,

    /// Where the random numbers begin, from 0 to 4294967295; -1 lets the service choose.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    seed: Option<i64>,

    /// The sampler, such as EulerA or DPM2MKarras.
    #[arg(long, value_name = "NAME", value_parser = scheduler)]
    scheduler: Option<Scheduler>,

    /// Layers of the text encoder to leave out.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    clip_skip: Option<i32>,

    /// How many images to make, from 1 to 100.
    #[arg(long, value_name = "N", default_value_t = 1)]
    quantity: u32,

    #[command(flatten)]
    saving: Saving,

    #[command(flatten)]
    common: Common,
}

impl Generate {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let request = self.request();
        let checked = request.check();
        checked.map_err(|problems| Failure::input(problems.to_string()))?;
        let session = self.common.connection.open(self.saving.timeout).await?;
        let again = Again::new(&self.saving.out, &self.common.connection, &session);
        folder::ready(&self.saving.out)?;
        self.submit(session.client(), &request, &again).await
    }

    async fn submit(
        &self,
        client: &Client,
        request: &TextToImage,
        again: &Again,
    ) -> Result<(), Failure> {
        // Kept here, so that an interrupted submission can be found.
        let key = ClientKey::new();
        let submitting = async {
            let batch = client.jobs().submit(request).key(key).await;
            batch.map_err(|error| Failure::submission(&error, again))
        };
        let batch = or_interrupt(submitting, Stage::Submitting, &key.into(), again).await?;
        let naming = Naming::from_prompt(request.prompt_text());
        let finishing = finish(
            client,
            &batch,
            &naming,
            &self.saving,
            self.common.json,
            again,
        );
        or_interrupt(finishing, Stage::Submitted, batch.token(), again).await
    }

    fn request(&self) -> TextToImage {
        let (width, height) = self.size;
        let mut request = TextToImage::new(self.model.clone(), &self.prompt)
            .size(width, height)
            .quantity(self.quantity);
        if let Some(text) = &self.negative_prompt {
            request = request.negative_prompt(text);
        }
        if let Some(steps) = self.steps {
            request = request.steps(steps);
        }
        if let Some(scale) = self.cfg_scale {
            request = request.cfg_scale(scale);
        }
        if let Some(seed) = self.seed {
            request = request.seed(seed);
        }
        if let Some(scheduler) = &self.scheduler {
            request = request.scheduler(scheduler.clone());
        }
        if let Some(layers) = self.clip_skip {
            request = request.clip_skip(layers);
        }
        request
    }
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let sides = text.split_once(['x', 'X', '\u{d7}']);
    let sides = sides.and_then(|(w, h)| Some((w.trim().parse().ok()?, h.trim().parse().ok()?)));
    sides.ok_or_else(|| "expected width and height in pixels, such as 512x768".to_owned())
}

/// Finds the name whatever its capitals. One that the service has learned since needs the library,
/// which takes any.
fn scheduler(text: &str) -> Result<Scheduler, String> {
    let known = Scheduler::LISTED.iter();
    let found = known
        .clone()
        .find(|name| name.as_str().eq_ignore_ascii_case(text));
    found.cloned().ok_or_else(|| {
        let names: Vec<_> = known.map(Scheduler::as_str).collect();
        format!("expected one of {}", names.join(", "))
    })
}
