//! A step in words: its type, its engine and its members by their names, as a program gets them from its
//! user.

use serde_json::{Map, Value, json};

use super::step::Step;
use crate::places::Holds;
use crate::tables::places::PLACES;
use crate::{Air, FieldProblems, FileKind};
use civitai_api::v2::types::WorkflowStepTemplate;
use facts::Facts;
pub(in crate::workflows) use facts::levels;

mod facts;
mod place;

/// A step whose type, engine and members are words, for programs that get them from their users.
///
/// What the words mean comes from the contract: a text becomes a number where a number is wanted, a member
/// that several engines call by different names is found by what it means, and a tag that nobody set is
/// chosen where only one fits the rest.
///
/// ```
/// use civitai_jobs::workflows::{NamedStep, WorkflowRequest};
///
/// let step = NamedStep::new("imageGen")
///     .set_text("engine", "sdcpp")
///     .set_text("ecosystem", "zImage")
///     .set_text("model", "turbo")
///     .prompt("a lighthouse in fog")
///     .size(1024, 768)
///     .set_text("steps", "9");
/// assert!(step.check().is_ok());
///
/// let error = step.set_text("heigth", "768").check().unwrap_err();
/// let error = error.to_string();
/// assert!(error.starts_with("heigth is no member of imageGen"), "{error}");
/// assert!(error.ends_with("did you mean `height`?"), "{error}");
///
/// let mut request = WorkflowRequest::new();
/// request.add(NamedStep::new("echo").set_text("message", "7"));
/// # request.to_template().unwrap();
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a step does nothing until it is added to a workflow"]
pub struct NamedStep {
    kind: String,
    name: Option<String>,
    input: Map<String, Value>,
    /// Members that were set from text, and the text.
    texts: Vec<(String, String)>,
    meant: Vec<Meant>,
}

/// Something that is said of a step by what it means.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Meant {
    /// A value of a member of this meaning.
    One(&'static str, Value),
    /// Width and height.
    Size(u32, u32),
    /// Images to start from.
    Images(Vec<Value>),
    /// A resource with its strength.
    Lora(Air, f64),
}

impl NamedStep {
    /// Makes a step of a type, such as `imageGen`.
    pub fn new(kind: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            name: None,
            input: Map::new(),
            texts: Vec::new(),
            meant: Vec::new(),
        }
    }

    /// Sets the name, unique in the workflow.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Returns the type of the step.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Sets a member of the input, in place of what it was; `trainingData.count` is one of a member.
    pub fn set(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.texts.retain(|(other, _)| other != member);
        place::put(&mut self.input, member, value.into());
        self
    }

    /// Sets a member of the input from text, which is read as what the contract has there: a number, a truth,
    /// JSON, or the text as it is.
    pub fn set_text(self, member: &str, text: &str) -> Self {
        let read = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
        let mut step = self.set(member, read);
        step.texts.push((member.to_owned(), text.to_owned()));
        step
    }

    /// Sets what the result is to show.
    pub fn prompt(self, prompt: impl Into<Value>) -> Self {
        self.mean("Prompt", prompt)
    }

    /// Sets what the result is not to show.
    pub fn negative_prompt(self, prompt: impl Into<Value>) -> Self {
        self.mean("NegativePrompt", prompt)
    }

    /// Sets the model to work with.
    pub fn model(self, model: &Air) -> Self {
        self.mean("ModelAir", model.to_string())
    }

    /// Sets the number of denoising steps.
    pub fn steps(self, steps: u32) -> Self {
        self.mean("Steps", steps)
    }

    /// Sets how closely the result follows the prompt.
    pub fn cfg_scale(self, scale: f64) -> Self {
        self.mean("CfgScale", scale)
    }

    /// Sets where the random numbers begin.
    pub fn seed(self, seed: i64) -> Self {
        self.mean("Seed", seed)
    }

    /// Sets how many results to make.
    pub fn quantity(self, results: u32) -> Self {
        self.mean("Quantity", results)
    }

    /// Sets how long the result is to be, in seconds.
    pub fn duration(self, seconds: u32) -> Self {
        self.mean("Duration", seconds)
    }

    /// Sets the video to start from.
    pub fn video(self, video: impl Into<Value>) -> Self {
        self.mean("SourceVideo", video)
    }

    /// Sets the sound to start from.
    pub fn audio(self, audio: impl Into<Value>) -> Self {
        self.mean("SourceAudio", audio)
    }

    /// Sets width and height in pixels.
    pub fn size(mut self, width: u32, height: u32) -> Self {
        self.meant.push(Meant::Size(width, height));
        self
    }

    /// Sets the images to start from, to edit or to take after: links, data URLs, or references to the
    /// outputs of other steps.
    pub fn images<V: Into<Value>>(mut self, images: impl IntoIterator<Item = V>) -> Self {
        let images: Vec<Value> = images.into_iter().map(Into::into).collect();
        if !images.is_empty() {
            self.meant.push(Meant::Images(images));
        }
        self
    }

    /// Adds a LoRA with its strength, where 1 is the full one.
    pub fn lora(mut self, lora: Air, strength: f64) -> Self {
        self.meant.push(Meant::Lora(lora, strength));
        self
    }

    /// Returns the names of the members that the input takes, as far as the tags that are set or can only be
    /// one tell. Empty where the contract does not list the type.
    #[must_use]
    pub fn members(&self) -> Vec<&'static str> {
        self.settled().1.members()
    }

    /// Checks the words: that the contract has the type, the engine and the members, and that values are of
    /// their types. Limits are checked with the workflow.
    ///
    /// # Errors
    ///
    /// All that is wrong, by the names of members, each with the nearest name that there is.
    pub fn check(&self) -> Result<(), FieldProblems> {
        let (_, facts) = self.settled();
        facts.problems().into_result()
    }

    /// Returns where the first file of a kind stands in what the step makes, such as `images[0].url`; none where
    /// it makes no such file.
    #[must_use]
    pub fn file_path(&self, kind: FileKind) -> Option<String> {
        let (_, places) = PLACES.iter().find(|(step, _)| *step == self.kind)?;
        let path = places.iter().find_map(|place| match place.holds {
            Holds::Blob(holds) if holds == kind => Some(format!("{}.url", place.path)),
            Holds::Link(holds) if holds == kind => Some(place.path.to_owned()),
            _ => None,
        })?;
        Some(path.replace("[]", "[0]"))
    }

    /// The step with every word in its place, and what the contract says of it.
    fn settled(&self) -> (Map<String, Value>, Facts) {
        let input = facts::settle(self);
        let facts = Facts::of(self, &input);
        (facts.input().clone(), facts)
    }

    fn has_images(&self) -> bool {
        self.meant
            .iter()
            .any(|meant| matches!(meant, Meant::Images(_)))
    }

    fn mean(mut self, meaning: &'static str, value: impl Into<Value>) -> Self {
        self.meant.push(Meant::One(meaning, value.into()));
        self
    }
}

impl From<NamedStep> for Step<WorkflowStepTemplate> {
    fn from(step: NamedStep) -> Self {
        let (input, _) = step.settled();
        let mut body = Map::new();
        body.insert("$type".to_owned(), step.kind.into());
        body.insert("input".to_owned(), json!(input));
        let made = Self::new(WorkflowStepTemplate::Raw(body.into()));
        match step.name {
            Some(name) => made.name(name),
            None => made,
        }
    }
}

#[cfg(test)]
#[cfg(all(feature = "image", feature = "video"))]
mod tests {
    use super::*;

    const MODEL: &str = "urn:air:sd1:checkpoint:civitai:4384@128713";

    fn body(step: NamedStep) -> Value {
        let mut request = crate::WorkflowRequest::new();
        request.add(step);
        let template = request.to_template().unwrap();
        json!(template)["steps"][0]["input"].take()
    }

    #[test]
    fn words_become_what_the_engine_calls_them() {
        let lora: Air = "urn:air:sd1:lora:civitai:82098@87153".parse().unwrap();
        let model: Air = "urn:air:sd1:checkpoint:civitai:4384@128713"
            .parse()
            .unwrap();
        let step = NamedStep::new("textToImage").prompt("7").model(&model);
        let step = step.size(64, 128).lora(lora.clone(), 0.5).seed(7);
        let sent = body(step.clone());
        assert_eq!((&sent["width"], &sent["height"]), (&64.into(), &128.into()));
        assert_eq!(
            sent["additionalNetworks"][lora.to_string()]["strength"],
            0.5
        );
        assert_eq!(sent["prompt"], "7");

        // The text is a number for one member, and stays a text for another.
        let sent = body(step.set_text("prompt", "8").set_text("steps", "9"));
        assert_eq!((&sent["prompt"], &sent["steps"]), (&"8".into(), &9.into()));
    }

    #[test]
    fn a_tag_that_only_one_fits_is_chosen() {
        let engine = NamedStep::new("imageGen").set("engine", "sdcpp");
        let engine = engine
            .set("ecosystem", "sd1")
            .set("model", MODEL)
            .prompt("fog");
        assert_eq!(body(engine.clone())["operation"], "createImage");
        let sent = body(engine.images(["https://example.com/a.png"]));
        assert_eq!(sent["operation"], "createVariant");

        let engine = NamedStep::new("videoGen").set("engine", "wan");
        let engine = engine.set("version", "v2.2-5b").prompt("fog");
        assert!(body(engine.clone()).get("operation").is_none());
        let sent = body(engine.images(["https://example.com/a.png"]));
        assert_eq!(sent["operation"], "image-to-video");
    }

    #[test]
    fn what_the_contract_does_not_have_is_named() {
        let wrong = |step: NamedStep| step.check().unwrap_err().to_string();
        assert!(wrong(NamedStep::new("imageGenn")).contains("did you mean `imageGen`"));
        let engine = wrong(
            NamedStep::new("imageGen")
                .set("engine", "sdcp")
                .prompt("fog"),
        );
        assert!(engine.contains("did you mean `sdcpp`"), "{engine}");
        let none = wrong(NamedStep::new("imageGen").prompt("fog"));
        assert!(none.contains("engine must be one of `comfy`"), "{none}");
        let step = NamedStep::new("imageUpscaler").images(["https://example.com/a.png"]);
        let sized = wrong(step.clone().size(64, 64));
        assert!(sized.contains("takes no size"), "{sized}");
        let many = wrong(step.set_text("numberOfRepeats", "many"));
        assert!(many.starts_with("numberOfRepeats"), "{many}");
    }
}
