//! What can be the input of a step, and how it becomes one.

use civitai_api::v2::types::WorkflowStepTemplate;

/// An input of a step: of a step type without engines, of an engine, or a whole step.
pub trait StepInput: Sized {
    /// What the output of the step decodes to.
    type Output;

    /// The step with this input, and nothing else said.
    fn into_template(self) -> WorkflowStepTemplate;
}
