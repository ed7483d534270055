//! A step that runs another once for each item of a list.

use std::fmt;

use serde_json::{Map, Value, json};

use super::input::StepInput;
use super::references::Origin;
use super::step::Step;
use super::value::{Deferred, Kind};
use civitai_api::v2::types::*;

/// The values of a list that is known only once the workflow runs.
///
/// It comes from a step that makes several, or from
/// [`WorkflowRequest::list_argument`](super::WorkflowRequest::list_argument).
pub struct DeferredList<K> {
    origin: Origin,
    path: String,
    /// Where an item holds the value; `None` where the item is the value.
    within: Option<String>,
    kind: std::marker::PhantomData<fn() -> K>,
}

impl<K: Kind> DeferredList<K> {
    pub(super) fn new(origin: Origin, path: String, within: Option<String>) -> Self {
        Self {
            origin,
            path,
            within,
            kind: std::marker::PhantomData,
        }
    }
}

impl<K> Clone for DeferredList<K> {
    fn clone(&self) -> Self {
        Self {
            origin: self.origin.clone(),
            path: self.path.clone(),
            within: self.within.clone(),
            kind: std::marker::PhantomData,
        }
    }
}

impl<K> fmt::Debug for DeferredList<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeferredList({} {})", self.origin, self.path)
    }
}

/// ```
/// use civitai_jobs::workflows::{Step, WorkflowRequest};
///
/// let mut request = WorkflowRequest::new().allow_unchecked();
/// let pictures = request.add(Step::z_image("a lighthouse in fog").quantity(4));
/// let large = Step::repeat("picture", &pictures.images(), |picture| {
///     Step::upscale_image(picture)
/// });
/// request.add(large.name("large"));
/// # let json = serde_json::to_value(request.to_template()?)?;
/// # assert_eq!(json["steps"][1]["input"]["for"]["$ref"], "imageGen");
/// # assert_eq!(json["steps"][1]["input"]["template"]["input"]["image"]["$ref"], "picture");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl Step<RepeatInput> {
    /// Creates a step that runs another once for each item of a list, which has a name inside it.
    ///
    /// The contract has this as a recipe, and not among the steps of a workflow: the request needs
    /// [`allow_unchecked`](super::WorkflowRequest::allow_unchecked), and the service may refuse.
    pub fn repeat<K: Kind, I: StepInput, S: Into<Step<I>>>(
        item: impl Into<String>,
        list: &DeferredList<K>,
        each: impl FnOnce(Deferred<K>) -> S,
    ) -> Self {
        let item = item.into();
        let value = Deferred::item(Origin::Named(item.clone()), list.within.clone());
        let body = each(value).into().into_body();
        // What a type of the contract has written, it reads.
        let template = serde_json::from_value(Value::Object(body.clone()))
            .unwrap_or_else(|_| WorkflowStepTemplate::Raw(body.into()));
        let over = RepeatForClause {
            as_: item,
            path: list.path.clone(),
            ref_: list.origin.to_source(),
            ..Default::default()
        };
        Self::new(RepeatInput::new(over, template))
    }
}

/// The type of the step.
const REPEAT: &str = "repeat";

impl StepInput for RepeatInput {
    type Output = RepeatOutput;

    fn into_template(self) -> WorkflowStepTemplate {
        let input = serde_json::to_value(self).unwrap_or_default();
        let body = [("$type", json!(REPEAT)), ("input", input)];
        let body = body.map(|(name, value)| (name.to_owned(), value));
        WorkflowStepTemplate::Raw(Map::from_iter(body).into())
    }
}
