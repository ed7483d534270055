//! An Arazzo document as a typed value.

use std::time::Duration;

use serde_json_path::JsonPath;

pub(crate) use inputs::Inputs;
pub(crate) use read::read;

use crate::condition::Condition;
use crate::expression::{Expression, Template};
use crate::pointer::Pointer;

mod action;
mod criterion;
mod fields;
mod inputs;
mod read;
mod step;
mod values;

#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) title: String,
    /// `$self`, where the document has it.
    pub(crate) uri: Option<String>,
    pub(crate) sources: Vec<SourceEntry>,
    pub(crate) workflows: Vec<Workflow>,
}

#[derive(Clone, Debug)]
pub(crate) struct SourceEntry {
    pub(crate) name: String,
    pub(crate) url: String,
    /// Told by the document where it is absent.
    pub(crate) kind: Option<SourceKind>,
    pub(crate) at: Pointer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SourceKind {
    OpenApi,
    Arazzo,
    AsyncApi,
}

#[derive(Clone, Debug)]
pub(crate) struct Workflow {
    pub(crate) id: String,
    pub(crate) at: Pointer,
    pub(crate) inputs: Inputs,
    pub(crate) depends_on: Vec<Named>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) steps: Vec<Step>,
    pub(crate) on_success: Vec<Action>,
    pub(crate) on_failure: Vec<Action>,
    pub(crate) outputs: Vec<Output>,
}

#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) id: String,
    pub(crate) at: Pointer,
    pub(crate) target: Target,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    /// Empty where the document has none; then a good status is success.
    pub(crate) criteria: Vec<Criterion>,
    /// `None` where the workflow's own list counts.
    pub(crate) on_success: Option<Vec<Action>>,
    pub(crate) on_failure: Option<Vec<Action>>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) depends_on: Vec<Named>,
}

/// What a step calls.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Target {
    OperationId(Named),
    OperationPath(Named),
    Workflow(Named),
    /// Cannot be called; said when the document was read.
    None,
}

/// A name, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) at: Pointer,
}

#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    /// `None` where it is an input of a workflow.
    pub(crate) location: Option<Location>,
    pub(crate) value: Template,
    pub(crate) at: Pointer,
    pub(crate) value_at: Pointer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    Path,
    Query,
    Header,
    Cookie,
    /// The whole query (1.1).
    QueryString,
}

#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) content_type: Option<String>,
    pub(crate) payload: Option<Template>,
    pub(crate) replacements: Vec<Replacement>,
    pub(crate) at: Pointer,
}

#[derive(Clone, Debug)]
pub(crate) struct Replacement {
    pub(crate) target: Spot,
    pub(crate) value: Template,
    pub(crate) at: Pointer,
}

/// Where a replacement goes.
#[derive(Clone, Debug)]
pub(crate) enum Spot {
    Pointer(String),
    Path(Box<JsonPath>),
}

#[derive(Clone, Debug)]
pub(crate) struct Criterion {
    pub(crate) text: String,
    pub(crate) context: Option<Expression>,
    pub(crate) condition: Condition,
    pub(crate) at: Pointer,
}

#[derive(Clone, Debug)]
pub(crate) struct Action {
    pub(crate) name: String,
    pub(crate) kind: ActionKind,
    pub(crate) criteria: Vec<Criterion>,
    /// Inputs of the workflow that the action goes to (1.1).
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) at: Pointer,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ActionKind {
    End,
    Goto(Goal),
    Retry {
        after: Option<Duration>,
        limit: u32,
        goal: Option<Goal>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    Step(String),
    Workflow(String),
}

#[derive(Clone, Debug)]
pub(crate) struct Output {
    pub(crate) name: String,
    pub(crate) value: Template,
    pub(crate) at: Pointer,
}

impl Workflow {
    pub(crate) fn step(&self, id: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.id == id)
    }

    /// Returns the names of the workflows that it needs, calls or goes to.
    pub(crate) fn leads_to(&self) -> Vec<&str> {
        let mut names: Vec<_> = self
            .depends_on
            .iter()
            .map(|named| named.name.as_str())
            .collect();
        for step in &self.steps {
            if let Target::Workflow(named) = &step.target {
                names.push(&named.name);
            }
            for action in [true, false]
                .iter()
                .flat_map(|success| self.actions(step, *success))
            {
                if let ActionKind::Goto(Goal::Workflow(name))
                | ActionKind::Retry {
                    goal: Some(Goal::Workflow(name)),
                    ..
                } = &action.kind
                {
                    names.push(name);
                }
            }
        }
        names
    }

    /// Returns the actions for a step that went well or not: the step's own list, or the workflow's.
    pub(crate) fn actions<'a>(&'a self, step: &'a Step, success: bool) -> &'a [Action] {
        let (own, inherited) = if success {
            (&step.on_success, &self.on_success)
        } else {
            (&step.on_failure, &self.on_failure)
        };
        own.as_ref().unwrap_or(inherited)
    }
}

impl Location {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
            Self::QueryString => "querystring",
        }
    }
}

#[cfg(test)]
mod tests;
