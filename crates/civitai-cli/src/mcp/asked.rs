//! What the tools are asked, as agents read it in their schemas.

use std::collections::BTreeMap;

use civitai_jobs::workflows::NamedStep;
use civitai_jobs::{Air, FieldProblems, WorkflowRequest};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The model where neither it nor an engine is named: DreamShaper 8.
const MODEL: &str = "urn:air:sd1:checkpoint:civitai:4384@128713";

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
    /// The workflow for it.
    pub(super) fn request(&self) -> Result<WorkflowRequest, String> {
        let step = self.step()?;
        let mut request = WorkflowRequest::new();
        step.check().map_err(|problems| problems.to_string())?;
        request.add(step.name("image"));
        checked(request)
    }

    fn step(&self) -> Result<NamedStep, String> {
        let named = self.engine.is_some() || self.ecosystem.is_some();
        let kind = if named { "imageGen" } else { "textToImage" };
        let mut step = NamedStep::new(kind).prompt(self.prompt.as_str());
        for (member, value) in [("engine", &self.engine), ("ecosystem", &self.ecosystem)] {
            if let Some(value) = value {
                step = step.set(member, value.as_str());
            }
        }
        step = match self.model.as_deref().or((!named).then_some(MODEL)) {
            Some(model) => match model.parse::<Air>() {
                Ok(air) => step.model(&air),
                Err(_) if named => step.set("model", model),
                Err(error) => return Err(format!("model: {error}")),
            },
            None => step,
        };
        for (lora, strength) in &self.loras {
            let air: Air = lora.parse().map_err(|error| format!("loras: {error}"))?;
            step = step.lora(air, *strength);
        }
        step = step.images(self.images.iter().map(String::as_str));
        if let Some(text) = &self.negative_prompt {
            step = step.negative_prompt(text.as_str());
        }
        step = match (self.width, self.height) {
            (Some(width), Some(height)) => step.size(width, height),
            (None, None) => step,
            _ => return Err("width and height: one is missing".to_owned()),
        };
        if let Some(steps) = self.steps {
            step = step.steps(steps);
        }
        if let Some(scale) = self.cfg_scale {
            step = step.cfg_scale(scale);
        }
        if let Some(seed) = self.seed {
            step = step.seed(seed);
        }
        if let Some(quantity) = self.quantity {
            step = step.quantity(quantity);
        }
        let set = self.set.iter();
        Ok(set.fold(step, |step, (member, value)| {
            step.set(member, value.clone())
        }))
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
    checked(request.map_err(|problems| problems.to_string())?)
}

fn checked(request: WorkflowRequest) -> Result<WorkflowRequest, String> {
    let checked: Result<(), FieldProblems> = request.check();
    checked
        .map(|()| request)
        .map_err(|problems| problems.to_string())
}

fn wait() -> u64 {
    WAIT
}
