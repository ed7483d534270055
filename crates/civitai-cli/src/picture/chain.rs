//! What is made of the images behind them: edits, larger ones, cut-outs, videos.

use civitai_jobs::workflows::NamedStep;
use civitai_jobs::{FieldProblems, FileKind, WorkflowRequest};
use clap::Args;
use serde_json::{Value, json};

use crate::source::{Links, Source};
use crate::told::{self, told};

/// The name of the step that makes the images.
const FIRST: &str = "image";
/// What edits an image where no engine is named.
const EDITOR: [(&str, &str); 2] = [("engine", "flux1-kontext"), ("model", "pro")];
/// What makes a video of an image where no engine is named.
pub(crate) const FILMER: [(&str, &str); 2] = [("engine", "wan"), ("version", "v2.2-5b")];

/// Steps behind the images, in this order.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Chain {
    /// Changes the images by a second prompt.
    #[arg(long, value_name = "PROMPT")]
    edit: Option<String>,

    /// Sets a member of the edit, such as `engine=flux2`.
    #[arg(long, value_name = "KEY=VALUE", value_parser = told, requires = "edit")]
    edit_set: Vec<(String, told::Value)>,

    /// Makes the images larger, as often as is said.
    #[arg(long, value_name = "TIMES", num_args = 0..=1, require_equals = true, default_missing_value = "1")]
    upscale: Option<u32>,

    /// Cuts the images out of their background.
    #[arg(long)]
    remove_background: bool,

    /// Makes videos of the images, by the same prompt or another one.
    #[arg(long, value_name = "PROMPT", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    video: Option<String>,

    /// Sets a member of the video, such as `engine=kling`.
    #[arg(long, value_name = "KEY=VALUE", value_parser = told, requires = "video")]
    video_set: Vec<(String, told::Value)>,
}

impl Chain {
    /// Whether nothing is wanted of the images.
    pub(crate) fn is_empty(&self) -> bool {
        self.edit.is_none()
            && self.upscale.is_none()
            && !self.remove_background
            && self.video.is_none()
    }

    /// The files that are uploaded for the steps.
    pub(crate) fn sources(&self) -> impl Iterator<Item = Source> {
        told::sources(&self.edit_set).chain(told::sources(&self.video_set))
    }

    /// Adds the step that makes the images, and behind it for each of them what is wanted of it.
    pub(crate) fn request(
        &self,
        images: NamedStep,
        quantity: u32,
        prompt: &str,
        links: &Links,
    ) -> Result<WorkflowRequest, FieldProblems> {
        let mut request = WorkflowRequest::new();
        let first = images.file_path(FileKind::Image).unwrap_or_default();
        request.add(images.name(FIRST));
        for number in 0..quantity {
            let mut image = output(FIRST, &first.replacen("[0]", &format!("[{number}]"), 1));
            for (stem, step) in self.steps(prompt, links) {
                let step = step.images([image]);
                step.check()?;
                let name = match number {
                    0 => stem.to_owned(),
                    number => format!("{stem}{}", number + 1),
                };
                image = output(&name, &step.file_path(FileKind::Image).unwrap_or_default());
                request.add(step.name(name));
            }
        }
        Ok(request)
    }

    /// The steps behind one image, which lack that image.
    fn steps(&self, prompt: &str, links: &Links) -> Vec<(&'static str, NamedStep)> {
        let mut steps = Vec::new();
        if let Some(prompt) = &self.edit {
            let step = NamedStep::new("imageGen").prompt(prompt.as_str());
            let step = told::tell(&self.edit_set, step, links);
            steps.push(("edit", or_engine(step, &self.edit_set, &EDITOR)));
        }
        if let Some(times) = self.upscale {
            let step = NamedStep::new("imageUpscaler").set("numberOfRepeats", times);
            steps.push(("upscale", step));
        }
        if self.remove_background {
            steps.push(("cutout", NamedStep::new("imageBackgroundRemoval")));
        }
        if let Some(own) = &self.video {
            let prompt = if own.is_empty() { prompt } else { own };
            let step = NamedStep::new("videoGen").prompt(prompt);
            let step = told::tell(&self.video_set, step, links);
            steps.push(("video", or_engine(step, &self.video_set, &FILMER)));
        }
        steps
    }
}

/// Sets the engine where nobody did.
pub(crate) fn or_engine(
    step: NamedStep,
    set: &[(String, told::Value)],
    engine: &[(&str, &str)],
) -> NamedStep {
    if set.iter().any(|(key, _)| key == "engine") {
        return step;
    }
    let unset = engine
        .iter()
        .filter(|(key, _)| !set.iter().any(|(other, _)| other == key));
    unset.fold(step, |step, (key, value)| step.set(key, *value))
}

/// A reference to a file that another step makes.
fn output(step: &str, path: &str) -> Value {
    json!({ "$ref": step, "path": format!("output.{path}") })
}
