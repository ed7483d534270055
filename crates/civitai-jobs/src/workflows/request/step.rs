//! A step: an input with a name, a priority, a timeout, retries and metadata.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::input::StepInput;
use civitai_api::v2::types::Priority;

/// A step of a workflow with the input `I`.
///
/// The common ones are made by functions such as [`Step::text_to_image`]; any input of the contract
/// becomes one through [`Step::new`].
///
/// ```
/// use std::time::Duration;
/// use civitai_jobs::workflows::{Priority, Step, WorkflowRequest, types};
///
/// let engine = Step::<types::ZImageTurboCreateImageGenInput>::prompted("a lighthouse in fog")
///     .size(1024, 768)
///     .with(|input| input.sample_method = Some(types::SdCppSampleMethod::Euler.into()))
///     .priority(Priority::Low)
///     .timeout(Duration::from_secs(600));
/// let mut request = WorkflowRequest::new();
/// let picture = request.add(engine);
/// assert_eq!(picture.image(0).path(), "output.images[0].url");
/// # request.to_template().unwrap();
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a step does nothing until it is added to a workflow"]
pub struct Step<I> {
    pub(super) input: I,
    name: Option<String>,
    priority: Option<Priority>,
    pub(super) timeout: Option<String>,
    retries: Option<u32>,
    metadata: Map<String, Value>,
}

impl<I> Step<I> {
    /// Makes a step of an input; everything else is the service's choice until set.
    pub fn new(input: I) -> Self {
        Self {
            input,
            name: None,
            priority: None,
            timeout: None,
            retries: None,
            metadata: Map::new(),
        }
    }

    /// Makes a step of an input that begins empty.
    #[allow(dead_code, reason = "each feature with steps of its own needs it")]
    pub(super) fn of(fill: impl FnOnce(&mut I)) -> Self
    where
        I: Default,
    {
        Self::new(I::default()).with(fill)
    }

    /// Sets the name, unique in the workflow; the type of the step and, from the second on, a number
    /// unless told.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets how urgently the step is to be scheduled.
    pub fn priority(mut self, priority: Priority) -> Self {
        self.priority = Some(priority);
        self
    }

    /// Sets the time that the step may take; a part of a second counts as a whole one.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(clock(timeout));
        self
    }

    /// Sets how often the step may be tried again after a failure.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = Some(retries);
        self
    }

    /// Adds a value for the caller; the service keeps it and gives it back.
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.metadata.insert(key.into(), value.into());
        self
    }

    /// Changes the input by hand, for what has no method.
    pub fn with(mut self, change: impl FnOnce(&mut I)) -> Self {
        change(&mut self.input);
        self
    }

    /// Returns the input.
    pub fn input(&self) -> &I {
        &self.input
    }
}

impl<I: StepInput> Step<I> {
    /// The step as JSON.
    pub(super) fn into_body(self) -> Map<String, Value> {
        // Fails for no type of the contract; if it did, the check would miss the input.
        let mut body = match serde_json::to_value(self.input.into_template()) {
            Ok(Value::Object(body)) => body,
            _ => Map::new(),
        };
        let mut set = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                body.insert(name.to_owned(), value);
            }
        };
        set("name", self.name.map(Value::from));
        set("priority", self.priority.map(|priority| json!(priority)));
        set("timeout", self.timeout.map(Value::from));
        set("retries", self.retries.map(Value::from));
        let metadata = Some(self.metadata).filter(|metadata| !metadata.is_empty());
        set("metadata", metadata.map(Value::from));
        body
    }
}

impl<I: StepInput> From<I> for Step<I> {
    fn from(input: I) -> Self {
        Self::new(input)
    }
}

/// A time as the service writes it: `hh:mm:ss`, with days in front where needed.
fn clock(time: Duration) -> String {
    let seconds = time
        .as_secs()
        .saturating_add((time.subsec_nanos() > 0).into());
    let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24);
    let days = if days == 0 {
        String::new()
    } else {
        format!("{days}.")
    };
    format!(
        "{days}{hours:02}:{:02}:{:02}",
        seconds / 60 % 60,
        seconds % 60
    )
}
