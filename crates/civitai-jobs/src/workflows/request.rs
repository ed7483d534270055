//! The request: a value that steps are added to, that is checked, cloned and submitted.

use std::collections::HashSet;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};

pub use input::StepInput;
pub use named::NamedStep;
pub(super) use named::levels;
pub use repeat::DeferredList;
pub use step::Step;
pub use step_handle::StepHandle;
pub use strangers::UnknownMember;
pub use value::{
    Archive, Audio, Deferred, DraftCache, Image, Kind, Model, Model3d, Sound, Source, Text, Video,
    Visual,
};

use crate::FieldProblems;
use civitai_api::v2::types::{
    BuzzClientAccount, NsfwLevel, Priority, WorkflowCallback, WorkflowCallbackTypeItem,
    WorkflowStepTemplate, WorkflowTemplate, WorkflowTips, WorkflowUpgradeMode,
};
use references::{Origin, StepId};

mod check;
mod input;
#[allow(dead_code, reason = "each feature needs some of it")]
pub(crate) mod members;
mod named;
mod references;
mod repeat;
mod step;
mod step_handle;
mod strangers;
mod value;
#[allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "each feature needs some of it"
)]
pub(crate) mod wiring;

#[cfg(feature = "audio")]
mod audio;
#[cfg(feature = "image")]
mod from_text_to_image;
#[cfg(feature = "image")]
mod image;
#[cfg(feature = "media")]
mod media;
#[cfg(feature = "text")]
mod text;
#[cfg(feature = "training")]
mod training;
#[cfg(feature = "video")]
mod video;

/// What an engine can be told, one trait for each member that many of them share.
///
/// The methods of [`Step`] ask for these; there is nothing to call here.
pub mod takes {
    #[cfg(any(feature = "image", feature = "media"))]
    pub use super::members::OutputFormat;
    pub use super::members::{
        CfgScale, Duration, Epochs, GenerateAudio, GuidanceScale, Images, LearningRate, Loras,
        ModelAir, NegativePrompt, Prompt, Prompted, Quantity, Seed, Size, SourceAudio, SourceImage,
        SourceVideo, Steps, TrainingSteps, TriggerWord,
    };
    #[cfg(feature = "training")]
    pub use super::training::{ContinueFrom, Samples, Trains};
}

/// A workflow to be run: what is asked for, where [`types::Workflow`](super::types::Workflow) is
/// what the service says of it.
///
/// A value without ties to a client: build it once, clone it as a template, submit it as often as
/// it is wanted. Handles of its steps serve its clones as well.
///
/// ```
/// use civitai_jobs::workflows::{Currency, Step, Text, WorkflowRequest};
/// use civitai_jobs::Air;
///
/// let model: Air = "urn:air:sd1:checkpoint:civitai:4384@128713".parse()?;
/// let mut template = WorkflowRequest::new().tag("fog").currency(Currency::Blue);
/// let prompt = template.argument::<Text>("prompt", "a lighthouse in fog");
/// template.add(Step::text_to_image(model, prompt).size(512, 768));
///
/// let mut dawn = template.clone();
/// dawn.argument::<Text>("prompt", "a lighthouse at dawn");
/// dawn.add(Step::upscale_image("not a step of the template"));
/// assert_eq!(template.to_template()?.steps.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq)]
#[must_use = "a request does nothing until it is submitted"]
pub struct WorkflowRequest {
    steps: Vec<Added>,
    /// Everything but the steps.
    frame: WorkflowTemplate,
    unchecked: bool,
}

/// A step with its final name.
#[derive(Clone, PartialEq)]
struct Added {
    id: StepId,
    body: Map<String, Value>,
}

impl WorkflowRequest {
    /// Starts a request without steps; everything else is the service's choice until set.
    pub fn new() -> Self {
        Self {
            steps: Vec::new(),
            frame: WorkflowTemplate::default(),
            unchecked: false,
        }
    }

    /// Reads a workflow as JSON: what [`to_template`](Self::to_template) gives, or what somebody wrote by hand.
    ///
    /// It is kept whole, members that the contract does not know included
    /// ([`unknown_members`](Self::unknown_members) tells of them); only a step without a name gets one, and
    /// an `externalId` gives way to the key of the submission.
    ///
    /// ```
    /// use civitai_jobs::WorkflowRequest;
    /// use serde_json::json;
    ///
    /// let workflow = json!({ "steps": [{ "$type": "echo", "input": { "message": "fog" } }], "tags": ["fog"] });
    /// let request = WorkflowRequest::from_json(workflow)?;
    /// assert_eq!(request.step_names().collect::<Vec<_>>(), ["echo"]);
    /// # Ok::<(), civitai_jobs::FieldProblems>(())
    /// ```
    ///
    /// # Errors
    ///
    /// It is no object, or its steps are no list of objects.
    pub fn from_json(workflow: Value) -> Result<Self, FieldProblems> {
        let mut problems = FieldProblems::default();
        let Value::Object(mut frame) = workflow else {
            problems.add("the workflow", "must be an object with `steps`");
            return Err(problems);
        };
        let steps = match frame.remove("steps") {
            Some(Value::Array(steps)) => steps,
            None => Vec::new(),
            Some(_) => {
                problems.add("steps", "must be a list");
                Vec::new()
            }
        };
        // What a workflow always says, such as that any currency may pay.
        if let Value::Object(always) = serde_json::json!(WorkflowTemplate::default()) {
            for (name, value) in always {
                frame.entry(name).or_insert(value);
            }
        }
        let mut request = Self {
            frame: serde_json::from_value(frame.into()).unwrap_or_default(),
            ..Self::new()
        };
        for (index, step) in steps.into_iter().enumerate() {
            match step {
                Value::Object(body) => drop(request.push(body)),
                _ => problems.add(format!("steps[{index}]"), "must be an object"),
            }
        }
        problems.into_result()?;
        Ok(request)
    }

    /// Adds a step: one made by [`Step`], or any input or step of the contract.
    ///
    /// A step that has no name gets that of its type, with a number where it is taken.
    pub fn add<I: StepInput>(&mut self, step: impl Into<Step<I>>) -> StepHandle<I::Output> {
        let (id, name) = self.push(step.into().into_body());
        StepHandle::new(id, name)
    }

    /// Adds a step under its name, or else one that is free.
    fn push(&mut self, mut body: Map<String, Value>) -> (StepId, String) {
        let name = match body.get("name").and_then(Value::as_str) {
            Some(name) => name.to_owned(),
            None => self.free_name(body.get("$type").and_then(Value::as_str)),
        };
        body.insert("name".to_owned(), name.clone().into());
        let id = StepId::new();
        self.steps.push(Added { id, body });
        (id, name)
    }

    /// Sets an argument, and gives its value for use in steps.
    ///
    /// Steps of this request and of its clones find the argument by its name, of letters, digits,
    /// `_` and `-`.
    pub fn argument<K: Kind>(
        &mut self,
        name: impl Into<String>,
        value: impl Into<K::Value>,
    ) -> Deferred<K> {
        let name = name.into();
        let arguments = self.frame.arguments.get_or_insert_default();
        arguments.insert(name.clone(), serde_json::json!(value.into()));
        Deferred::new(Origin::Arguments, name)
    }

    /// Sets an argument that is a list, and gives it for [`Step::repeat`](super::Step::repeat).
    pub fn list_argument<K: Kind>(
        &mut self,
        name: impl Into<String>,
        values: impl IntoIterator<Item = impl Into<K::Value>>,
    ) -> DeferredList<K> {
        let name = name.into();
        let values: Vec<K::Value> = values.into_iter().map(Into::into).collect();
        let arguments = self.frame.arguments.get_or_insert_default();
        arguments.insert(name.clone(), serde_json::json!(values));
        DeferredList::new(Origin::Arguments, name, None)
    }

    /// Adds a label by which the workflow can later be found; up to 10 of up to 200 characters.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.frame.tags.get_or_insert_default().push(tag.into());
        self
    }

    /// Adds a value for the caller; the service keeps it and gives it back.
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        let metadata = self.frame.metadata.get_or_insert_default();
        metadata.insert(key.into(), value.into());
        self
    }

    /// Asks to be told of events at an HTTPS address; [`detailed_callback`](Self::detailed_callback)
    /// brings results along.
    pub fn callback(
        self,
        url: impl Into<String>,
        events: impl IntoIterator<Item = WorkflowCallbackTypeItem>,
    ) -> Self {
        self.notify(url.into(), events.into_iter().collect(), None)
    }

    /// Asks to be told of events at an HTTPS address, with the results of the workflow or step.
    pub fn detailed_callback(
        self,
        url: impl Into<String>,
        events: impl IntoIterator<Item = WorkflowCallbackTypeItem>,
    ) -> Self {
        self.notify(url.into(), events.into_iter().collect(), Some(true))
    }

    /// Allows a kind of Buzz to pay with; the service chooses among all while none is named.
    pub fn currency(mut self, currency: BuzzClientAccount) -> Self {
        if !self.frame.currencies.contains(&currency) {
            self.frame.currencies.push(currency);
        }
        self
    }

    /// Sets whether mature results may be returned; only yellow Buzz pays where they may.
    pub fn allow_mature_content(mut self, allow: bool) -> Self {
        self.frame.allow_mature_content = Some(allow);
        self
    }

    /// Sets the level of maturity that the workflow is marked with.
    pub fn nsfw_level(mut self, level: NsfwLevel) -> Self {
        self.frame.nsfw_level = Some(level);
        self
    }

    /// Sets what happens when mature content turns up after payment in blue or green Buzz.
    pub fn upgrade_mode(mut self, mode: WorkflowUpgradeMode) -> Self {
        self.frame.upgrade_mode = Some(mode);
        self
    }

    /// Sets how urgently models that no worker has are loaded; `high` costs Buzz for each.
    pub fn download_priority(mut self, priority: Priority) -> Self {
        self.frame.download_priority = Some(priority);
        self
    }

    /// Adds tips to the price, each a share of it from 0 to 2: for the service, and for the makers
    /// of the resources in use.
    pub fn tips(mut self, civitai: f64, creators: f64) -> Self {
        self.frame.tips = Some(WorkflowTips {
            civitai,
            creators,
            ..WorkflowTips::default()
        });
        self
    }

    /// Lets the workflow be gone once it ends: its results reach only callbacks and a submission
    /// that waits for them, one of which is needed.
    pub fn ephemeral(mut self) -> Self {
        self.frame.ephemeral = Some(true);
        self
    }

    /// Marks the workflow as experimental.
    pub fn experimental(mut self) -> Self {
        self.frame.experimental = Some(true);
        self
    }

    /// Lets through what only a limit forbids, for the day when the service takes more than this
    /// crate knows: numbers outside their range, lengths and counts, words and types of steps that
    /// are not listed, a callback without TLS.
    ///
    /// What can never be meant is refused all the same: a prompt or an image that is empty, a number
    /// that is none, a name that is taken, a reference to nothing, results that reach nobody.
    pub fn allow_unchecked(mut self) -> Self {
        self.unchecked = true;
        self
    }

    /// Returns the names of the steps, in their order.
    pub fn step_names(&self) -> impl Iterator<Item = &str> {
        let names = self.steps.iter().map(|step| step.body.get("name"));
        names.map(|name| name.and_then(Value::as_str).unwrap_or_default())
    }

    /// Checks the request against itself and the limits of the contract.
    ///
    /// # Errors
    ///
    /// As for [`to_template`](Self::to_template).
    pub fn check(&self) -> Result<(), FieldProblems> {
        self.to_template().map(drop)
    }

    /// Checks the request and returns what goes over the wire, its steps as JSON. It has no
    /// `externalId`, which is the submission's.
    ///
    /// # Errors
    ///
    /// All that is wrong, by paths such as `steps[1].input.width`: values beyond the limits of the
    /// contract; names that are taken; references to steps of other workflows, to none, or in a
    /// circle; an ephemeral workflow whose results reach nobody.
    pub fn to_template(&self) -> Result<WorkflowTemplate, FieldProblems> {
        self.to_template_for(false)
    }

    /// What goes over the wire, checked or not.
    pub(super) fn to_unchecked(&self) -> Value {
        let mut whole = serde_json::json!(self.frame);
        whole["steps"] = self.resolved(&mut FieldProblems::default()).into();
        whole
    }

    /// The same; results of an ephemeral workflow may also reach a submission that `waits`.
    pub(super) fn to_template_for(&self, waits: bool) -> Result<WorkflowTemplate, FieldProblems> {
        let mut problems = FieldProblems::default();
        check::frame(&self.frame, waits, self.unchecked, &mut problems);
        let steps = self.resolved(&mut problems);
        let mut whole = serde_json::json!(self.frame);
        whole["steps"] = steps.into();
        check::limits(&whole, self.unchecked, &mut problems);
        problems.into_result()?;
        // What was checked is what is sent: the steps stay as they are.
        let steps = whole["steps"].as_array_mut().map(std::mem::take);
        let steps = steps.unwrap_or_default().into_iter();
        let steps = steps.filter_map(|step| match step {
            Value::Object(body) => Some(WorkflowStepTemplate::Raw(body.into())),
            _ => None,
        });
        Ok(WorkflowTemplate {
            steps: steps.collect(),
            ..self.frame.clone()
        })
    }

    /// The steps, whose references are by the names of others.
    fn resolved(&self, problems: &mut FieldProblems) -> Vec<Value> {
        let ids: Vec<_> = self.steps.iter().map(|step| step.id).collect();
        let mut steps: Vec<_> = self.steps.iter().map(|step| step.body.clone()).collect();
        check::names(&steps, problems);
        check::references(&mut steps, &ids, self.frame.arguments.as_ref(), problems);
        steps.into_iter().map(Value::Object).collect()
    }

    fn notify(
        mut self,
        url: String,
        type_: Vec<WorkflowCallbackTypeItem>,
        detailed: Option<bool>,
    ) -> Self {
        let callbacks = self.frame.callbacks.get_or_insert_default();
        callbacks.push(WorkflowCallback {
            url,
            type_,
            detailed,
            ..WorkflowCallback::default()
        });
        self
    }

    /// A name that no step has yet.
    fn free_name(&self, stem: Option<&str>) -> String {
        let stem = stem.unwrap_or("step");
        let taken: HashSet<_> = self.step_names().collect();
        let numbered = (2..).map(|number: usize| format!("{stem}{number}"));
        let mut names = std::iter::once(stem.to_owned()).chain(numbered);
        let free = names.find(|name| !taken.contains(name.as_str()));
        free.unwrap_or_default()
    }
}

impl Default for WorkflowRequest {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for WorkflowRequest {
    // The address of a callback may hold a secret, and an input a whole image.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkflowRequest")
            .field("steps", &self.step_names().collect::<Vec<_>>())
            .field("tags", &self.frame.tags)
            .field("currencies", &self.frame.currencies)
            .finish_non_exhaustive()
    }
}

/// A request that is stored: what goes over the wire, checked or not.
#[derive(Serialize, Deserialize)]
struct Stored {
    steps: Vec<Value>,
    frame: WorkflowTemplate,
    unchecked: bool,
}

impl Serialize for WorkflowRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stored = Stored {
            steps: self.resolved(&mut FieldProblems::default()),
            frame: self.frame.clone(),
            unchecked: self.unchecked,
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for WorkflowRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        let steps = stored.steps.into_iter().map(|step| match step {
            Value::Object(body) => Ok(Added {
                id: StepId::new(),
                body,
            }),
            _ => Err(de::Error::custom("a step is an object")),
        });
        Ok(Self {
            steps: steps.collect::<Result<_, _>>()?,
            frame: stored.frame,
            unchecked: stored.unchecked,
        })
    }
}
