//! `generate`: images from a prompt, and what is made of them.

use std::path::PathBuf;

use civitai_jobs::Air;
use civitai_jobs::workflows::NamedStep;
use clap::{Args, ValueEnum};

use crate::exit;
use crate::failure::Failure;
use crate::order::{Order, Terms};
use crate::recipe::Origin;
use crate::source::{Links, Source};
use crate::told::Told;

pub(super) use chain::{FILMER, or_engine};

mod chain;
mod like;
mod v1;

/// The model where none is named, and no engine: DreamShaper 8.
const MODEL: &str = "urn:air:sd1:checkpoint:civitai:4384@128713";

/// The most images that steps are chained to.
const MOST: u32 = 20;

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

    /// The engine, such as sdcpp, flux2 or gemini; without one, the model alone says how it is drawn.
    #[arg(long, value_name = "NAME")]
    engine: Option<String>,

    /// The family of models of an engine, such as zImage or sdxl.
    #[arg(long, value_name = "NAME")]
    ecosystem: Option<String>,

    /// The model: an AIR, or what the engine calls it; without engine and model, DreamShaper 8.
    #[arg(long, value_name = "AIR")]
    model: Option<String>,

    /// A LoRA with its strength, where 1 is the full one; several are taken.
    #[arg(long, value_name = "AIR[=STRENGTH]", value_parser = lora)]
    lora: Vec<(Air, f64)>,

    /// An image to start from: a file, which is uploaded, or a link; several are taken.
    #[arg(long, value_name = "FILE|URL", value_parser = Source::read)]
    image: Vec<Source>,

    /// What the image is not to show.
    #[arg(long, value_name = "TEXT")]
    negative_prompt: Option<String>,

    /// Width and height in pixels; without it, what the engine takes for best, and 512x512 with v1.
    #[arg(long, value_name = "WxH", value_parser = size, allow_hyphen_values = true)]
    size: Option<(u32, u32)>,

    /// Denoising steps; more take longer and cost more.
    #[arg(long, value_name = "N")]
    steps: Option<u32>,

    /// How closely to follow the prompt.
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    cfg_scale: Option<f64>,

    /// Where the random numbers begin; with v1, -1 lets the service choose.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    seed: Option<i64>,

    /// The sampler, such as EulerA or DPM2MKarras.
    #[arg(long, value_name = "NAME")]
    scheduler: Option<String>,

    /// Layers of the text encoder to leave out.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    clip_skip: Option<i32>,

    /// How many images to make.
    #[arg(long, value_name = "N", default_value_t = 1)]
    quantity: u32,

    #[command(flatten)]
    told: Told,

    #[command(flatten)]
    chain: chain::Chain,

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
        self.check().map_err(|failure| failure.told(json))?;
        let like = self.like.as_deref().map(like::read).transpose();
        let like = like.map_err(|failure| failure.told(json))?;
        let prompt = self.prompt.clone().or_else(|| {
            let like = like.as_ref()?.input.get("prompt");
            like?.as_str().map(str::to_owned)
        });
        let prompt = prompt.unwrap_or_default();
        let sources = self.image.iter().cloned();
        let sources = sources
            .chain(self.told.sources())
            .chain(self.chain.sources());
        let order = Order {
            sources: sources.collect(),
            title: prompt.clone(),
            build: |links: &Links| {
                let step = self.step(like.as_ref(), links);
                step.check()?;
                self.chain.request(step, self.quantity, &prompt, links)
            },
        };
        order.carry_out(&self.terms).await
    }

    /// What no contract says.
    fn check(&self) -> Result<(), Failure> {
        if !self.chain.is_empty() && self.quantity > MOST {
            let what = format!(
                "--quantity {} with steps behind each image; {MOST} are taken",
                self.quantity
            );
            return Err(Failure::input(what));
        }
        // Without an engine the model is all that says how to draw.
        match &self.model {
            Some(model) if !self.names_engine() => {
                let air = model.parse::<Air>();
                air.map(drop)
                    .map_err(|error| Failure::input(format!("--model: {error}")))
            }
            _ => Ok(()),
        }
    }

    fn names_engine(&self) -> bool {
        self.engine.is_some() || self.ecosystem.is_some()
    }

    fn step(&self, like: Option<&Origin>, links: &Links) -> NamedStep {
        let named = self.names_engine();
        let mut step = match like {
            Some(origin) => like::step(self, origin),
            None if named => NamedStep::new("imageGen"),
            None => NamedStep::new("textToImage"),
        };
        if let Some(prompt) = &self.prompt {
            step = step.prompt(prompt.as_str());
        }
        for (member, value) in [("engine", &self.engine), ("ecosystem", &self.ecosystem)] {
            if let Some(value) = value {
                step = step.set(member, value.as_str());
            }
        }
        let model = self
            .model
            .as_deref()
            .or((!named && like.is_none()).then_some(MODEL));
        step = match model.map(|model| (model, model.parse::<Air>())) {
            Some((_, Ok(air))) => step.model(&air),
            Some((name, Err(_))) => step.set("model", name),
            None => step,
        };
        for (air, strength) in &self.lora {
            step = step.lora(air.clone(), *strength);
        }
        step = step.images(self.image.iter().map(|image| links.of(image)));
        if let Some(text) = &self.negative_prompt {
            step = step.negative_prompt(text.as_str());
        }
        if let Some((width, height)) = self.size {
            step = step.size(width, height);
        }
        if let Some(steps) = self.steps {
            step = step.steps(steps);
        }
        if let Some(scale) = self.cfg_scale {
            step = step.cfg_scale(scale);
        }
        if let Some(seed) = self.seed {
            step = step.seed(seed);
        }
        if let Some(name) = &self.scheduler {
            step = step.set_text("scheduler", name);
        }
        if let Some(layers) = self.clip_skip {
            step = step.set("clipSkip", layers);
        }
        if self.quantity != 1 {
            step = step.quantity(self.quantity);
        }
        self.told.tell(step, links)
    }
}

pub(super) fn size(text: &str) -> Result<(u32, u32), String> {
    let sides = text.split_once(['x', 'X', '\u{d7}']);
    let sides = sides.and_then(|(w, h)| Some((w.trim().parse().ok()?, h.trim().parse().ok()?)));
    sides.ok_or_else(|| "expected width and height in pixels, such as 512x768".to_owned())
}

fn lora(text: &str) -> Result<(Air, f64), String> {
    let (air, strength) = match text.rsplit_once('=') {
        Some((air, strength)) => (air, strength.parse().ok()),
        None => (text, Some(1.0)),
    };
    let strength = strength.filter(|strength: &f64| strength.is_finite());
    let strength = strength.ok_or("expected a number behind `=`, such as 0.8")?;
    let air: Air = air.parse().map_err(|error| format!("{error}"))?;
    Ok((air, strength))
}
