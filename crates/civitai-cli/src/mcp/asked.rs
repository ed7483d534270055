//! What the tools are asked, as agents read it in their schemas.

use std::collections::BTreeMap;

use civitai_jobs::{Air, FieldProblems, WorkflowRequest};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::picture::Picture;
use crate::source::{Links, Source};
use crate::told::{self, Told};

/// How long a tool waits by default, in seconds: less than most agents do.
const WAIT: u64 = 45;

/// An image to make.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Generate {
    /// What the image is to show.
    pub(super) prompt: String,
    /// What it is not to show.
    negative_prompt: Option<String>,
    /// The engine, such as sdcpp, flux2 or gemini; without one, the model alone says how it is drawn.
    engine: Option<String>,
    /// The family of models of an engine, such as zImage or sdxl.
    ecosystem: Option<String>,
    /// The model: an AIR, or what the engine calls it. Default: DreamShaper 8.
    model: Option<String>,
    /// LoRAs by their AIRs, with their strength, where 1 is the full one.
    #[serde(default)]
    loras: BTreeMap<String, f64>,
    /// Links to images to start from.
    #[serde(default)]
    images: Vec<String>,
    /// The width in pixels; together with the height.
    width: Option<u32>,
    /// The height in pixels.
    height: Option<u32>,
    /// Denoising steps.
    steps: Option<u32>,
    /// How closely to follow the prompt.
    cfg_scale: Option<f64>,
    /// Where the random numbers begin.
    seed: Option<i64>,
    /// How many images to make. Default: 1.
    quantity: Option<u32>,
    /// Other members of the engine by their names.
    #[serde(default)]
    set: Map<String, Value>,
    /// How long to wait for it, in seconds. Default: 45.
    #[serde(default = "wait")]
    pub(super) wait_seconds: u64,
}

/// A workflow to run.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RunWorkflow {
    /// The workflow: an object with `steps`, each with `$type`, `name` and `input`.
    #[schemars(with = "Map<String, Value>")]
    workflow: Value,
    /// How long to wait for it, in seconds. Default: 45.
    #[serde(default = "wait")]
    pub(super) wait_seconds: u64,
}

/// What is to be priced: one of the two.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Price {
    /// What `generate` would be asked.
    generate: Option<Generate>,
    /// What `run` would be asked.
    #[schemars(with = "Option<Map<String, Value>>")]
    workflow: Option<Value>,
}

/// Work, and how long to wait for it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Waiting {
    /// The id of the workflow, as another tool gave it.
    pub(super) id: String,
    /// How long to wait for it, in seconds. Default: 45.
    #[serde(default = "wait")]
    pub(super) wait_seconds: u64,
}

/// Work that was submitted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Work {
    /// The id of the workflow, as another tool gave it.
    pub(super) id: String,
}

/// What is to be listed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Listed {
    /// As many at most, up to 100. Default: 10.
    pub(super) limit: Option<u32>,
    /// Those with all of these tags.
    #[serde(default)]
    pub(super) tags: Vec<String>,
}

/// A resource.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Model {
    /// Its AIR.
    pub(super) air: String,
}

impl Generate {
    /// The workflow for it: what `generate` makes of the same arguments.
    pub(super) fn request(&self) -> Result<WorkflowRequest, String> {
        let picture = self.picture()?;
        let said = |failure: Failure| failure.parts().0.to_owned();
        picture.check().map_err(said)?;
        let links = Links::by_content(&picture.sources()).map_err(said)?;
        let request = picture.request(&self.prompt, &links);
        checked_request(request.map_err(|problems| problems.to_string())?)
    }

    fn picture(&self) -> Result<Picture, String> {
        let size = match (self.width, self.height) {
            (Some(width), Some(height)) => Some((width, height)),
            (None, None) => None,
            _ => return Err("width and height: one is missing".to_owned()),
        };
        let lora = self.loras.iter().map(|(air, strength)| {
            let air: Air = air.parse().map_err(|error| format!("loras: {error}"))?;
            Ok((air, *strength))
        });
        let mut told = Told::default();
        for (member, value) in &self.set {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            told.add(member, told::Value::Text(text));
        }
        Ok(Picture {
            engine: self.engine.clone(),
            ecosystem: self.ecosystem.clone(),
            model: self.model.clone(),
            lora: lora.collect::<Result<_, String>>()?,
            // A link whatever it looks like: an agent sends no file of this machine.
            image: self.images.iter().cloned().map(Source::Link).collect(),
            negative_prompt: self.negative_prompt.clone(),
            size,
            steps: self.steps,
            cfg_scale: self.cfg_scale,
            seed: self.seed,
            quantity: self.quantity,
            told,
            ..Picture::default()
        })
    }
}

impl RunWorkflow {
    /// The workflow, checked.
    pub(super) fn request(&self) -> Result<WorkflowRequest, String> {
        workflow(&self.workflow)
    }
}

impl Price {
    /// The workflow that is to be priced.
    pub(super) fn request(&self) -> Result<WorkflowRequest, String> {
        match (&self.generate, &self.workflow) {
            (Some(generate), None) => generate.request(),
            (None, Some(value)) => workflow(value),
            _ => Err("expected either `generate` or `workflow`".to_owned()),
        }
    }
}

fn workflow(value: &Value) -> Result<WorkflowRequest, String> {
    let request = WorkflowRequest::from_json(value.clone());
    checked_request(request.map_err(|problems| problems.to_string())?)
}

fn checked_request(request: WorkflowRequest) -> Result<WorkflowRequest, String> {
    let checked: Result<(), FieldProblems> = request.check();
    checked
        .map(|()| request)
        .map_err(|problems| problems.to_string())
}

fn wait() -> u64 {
    WAIT
}
