//! `video`, `upscale`, `audio`, `speak`, `transcribe`, `chat`, `train` and `step`: a step of one kind each, told by words.

use civitai_jobs::workflows::NamedStep;
use civitai_jobs::{FieldProblems, WorkflowRequest};
use clap::Args;
use serde_json::json;

use super::generate::{FILMER, or_engine, size};
use crate::exit;
use crate::failure::Failure;
use crate::order::{Order, Terms};
use crate::source::{Links, Source, media_type};
use crate::told::Told;

/// What every command of this module takes.
#[derive(Debug, Args)]
struct Rest {
    #[command(flatten)]
    told: Told,

    #[command(flatten)]
    terms: Terms,
}

impl Rest {
    /// Carries out one step.
    async fn carry_out(
        &self,
        title: &str,
        sources: Vec<Source>,
        step: impl Fn(&Links) -> NamedStep,
    ) -> Result<(), Failure> {
        let order = Order {
            sources: sources.into_iter().chain(self.told.sources()).collect(),
            title: title.to_owned(),
            build: |links: &Links| -> Result<WorkflowRequest, FieldProblems> {
                let step = self.told.tell(step(links), links);
                step.check()?;
                let mut request = WorkflowRequest::new();
                request.add(step);
                Ok(request)
            },
        };
        order.carry_out(&self.terms).await
    }
}

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
    #[arg(long, value_name = "FILE|URL", value_parser = Source::read)]
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

/// Makes an image or a video larger.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Upscale {
    /// The image or video: a file, which is uploaded, or a link to an image.
    #[arg(value_name = "FILE|URL", value_parser = Source::read)]
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

/// Writes down what is said in a sound or video file.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Transcribe {
    /// The sound or video: a file, which is uploaded, or a link.
    #[arg(value_name = "FILE|URL", value_parser = Source::read)]
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

/// Asks a language model.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Chat {
    /// What is asked.
    prompt: String,

    /// The model, as the service calls it.
    #[arg(long, value_name = "NAME")]
    model: String,

    /// What the model is to be.
    #[arg(long, value_name = "TEXT")]
    system: Option<String>,

    #[command(flatten)]
    rest: Rest,
}

impl Chat {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let step = |_: &Links| {
            let system = self
                .system
                .iter()
                .map(|text| json!({ "role": "system", "content": text }));
            let asked = json!({ "role": "user", "content": self.prompt });
            let messages: Vec<_> = system.chain([asked]).collect();
            NamedStep::new("chatCompletion")
                .set("model", self.model.as_str())
                .set("messages", messages)
        };
        self.rest.carry_out(&self.prompt, Vec::new(), step).await
    }
}

/// Trains a model on images.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Train {
    /// The engine, such as ai-toolkit or comfy.
    #[arg(long, value_name = "NAME", default_value = "ai-toolkit")]
    engine: String,

    #[command(flatten)]
    rest: Rest,
}

impl Train {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let step = |_: &Links| NamedStep::new("training").set("engine", self.engine.as_str());
        self.rest.carry_out("model", Vec::new(), step).await
    }
}

/// Runs one step of any type of the contract; its members are set by `--set`.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Step {
    /// The type, such as imageScanning or promptEnhancement.
    kind: String,

    #[command(flatten)]
    rest: Rest,
}

impl Step {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let step = |_: &Links| NamedStep::new(self.kind.as_str());
        self.rest.carry_out(&self.kind, Vec::new(), step).await
    }
}
