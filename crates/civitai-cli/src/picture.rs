//! Images from a prompt, and what is made of them: what `generate` and the lines of a batch ask for.

use civitai_jobs::workflows::NamedStep;
use civitai_jobs::{Air, FieldProblems, WorkflowRequest};
use clap::Args;

use crate::failure::Failure;
use crate::recipe::Origin;
use crate::source::{Links, Source};
use crate::told::Told;

pub(crate) use chain::{FILMER, or_engine};

mod chain;
mod like;

/// The model where none is named, and no engine: DreamShaper 8.
pub(crate) const MODEL: &str = "urn:air:sd1:checkpoint:civitai:4384@128713";

/// The most images that steps are chained to.
const MOST: u32 = 20;

/// What is wanted of images, but for the prompt.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Picture {
    /// The engine, such as sdcpp, flux2 or gemini; without one, the model alone says how it is drawn.
    #[arg(long, value_name = "NAME")]
    pub(crate) engine: Option<String>,

    /// The family of models of an engine, such as zImage or sdxl.
    #[arg(long, value_name = "NAME")]
    pub(crate) ecosystem: Option<String>,

    /// The model: an AIR, or what the engine calls it; without engine and model, DreamShaper 8.
    #[arg(long, value_name = "AIR")]
    pub(crate) model: Option<String>,

    /// A LoRA with its strength, where 1 is the full one; several are taken.
    #[arg(long, value_name = "AIR[=STRENGTH]", value_parser = lora)]
    pub(crate) lora: Vec<(Air, f64)>,

    /// An image to start from: a file, which is uploaded, or a link; several are taken.
    #[arg(long, value_name = "FILE|URL")]
    pub(crate) image: Vec<Source>,

    /// What the image is not to show.
    #[arg(long, value_name = "TEXT")]
    pub(crate) negative_prompt: Option<String>,

    /// Width and height in pixels; without it, what the engine takes for best, and 512x512 with v1.
    #[arg(long, value_name = "WxH", value_parser = size, allow_hyphen_values = true)]
    pub(crate) size: Option<(u32, u32)>,

    /// Denoising steps; more take longer and cost more.
    #[arg(long, value_name = "N")]
    pub(crate) steps: Option<u32>,

    /// How closely to follow the prompt.
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    pub(crate) cfg_scale: Option<f64>,

    /// Where the random numbers begin; with v1, -1 lets the service choose.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) seed: Option<i64>,

    /// The sampler, such as EulerA or DPM2MKarras.
    #[arg(long, value_name = "NAME")]
    pub(crate) scheduler: Option<String>,

    /// Layers of the text encoder to leave out.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) clip_skip: Option<i32>,

    /// How many images to make; one where it is not said.
    #[arg(long, value_name = "N")]
    pub(crate) quantity: Option<u32>,

    #[command(flatten)]
    pub(crate) told: Told,

    #[command(flatten)]
    pub(crate) chain: chain::Chain,
}

impl Picture {
    /// What no contract says.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let quantity = self.quantity();
        if !self.chain.is_empty() && quantity > MOST {
            let what =
                format!("--quantity {quantity} with steps behind each image; {MOST} are taken");
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

    /// The files that are uploaded for it.
    pub(crate) fn sources(&self) -> Vec<Source> {
        let sources = self.image.iter().cloned();
        let sources = sources.chain(self.told.sources());
        sources.chain(self.chain.sources()).collect()
    }

    /// The workflow that makes the images of a prompt.
    pub(crate) fn request(
        &self,
        prompt: &str,
        links: &Links,
    ) -> Result<WorkflowRequest, FieldProblems> {
        let kind = if self.names_engine() {
            "imageGen"
        } else {
            "textToImage"
        };
        let mut step = NamedStep::new(kind).prompt(prompt);
        // An engine has a model of its own.
        if self.model.is_none() && !self.names_engine() {
            step = step.set("model", MODEL);
        }
        self.chained(step, prompt, links)
    }

    /// The workflow that makes images by what made another one; a prompt takes the place of the old one.
    pub(crate) fn request_like(
        &self,
        origin: &Origin,
        prompt: Option<&str>,
        links: &Links,
    ) -> Result<WorkflowRequest, FieldProblems> {
        let mut step = like::step(self, origin, prompt.is_some());
        if let Some(prompt) = prompt {
            step = step.prompt(prompt);
        }
        let prompt = prompt.or_else(|| origin.prompt()).unwrap_or_default();
        self.chained(step, prompt, links)
    }

    fn chained(
        &self,
        step: NamedStep,
        prompt: &str,
        links: &Links,
    ) -> Result<WorkflowRequest, FieldProblems> {
        let step = self.told(step, links);
        step.check()?;
        self.chain.request(step, self.quantity(), prompt, links)
    }

    pub(crate) fn quantity(&self) -> u32 {
        self.quantity.unwrap_or(1)
    }

    /// A step with all that is said of the images.
    fn told(&self, mut step: NamedStep, links: &Links) -> NamedStep {
        for (member, value) in [("engine", &self.engine), ("ecosystem", &self.ecosystem)] {
            if let Some(value) = value {
                step = step.set(member, value.as_str());
            }
        }
        let model = self.model.as_deref();
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
        if self.quantity() != 1 {
            step = step.quantity(self.quantity());
        }
        self.told.tell(step, links)
    }
}

pub(crate) fn size(text: &str) -> Result<(u32, u32), String> {
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
