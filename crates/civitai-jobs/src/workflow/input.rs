//! What can be the input of a step, and how it becomes one.

use super::types::WorkflowStepTemplate;

/// An input of a step: of a step type without engines, of an engine, or a whole step.
pub trait StepInput: Sized {
    /// What the output of the step decodes to.
    type Output;

    /// The step with this input, and nothing else said.
    fn into_template(self) -> WorkflowStepTemplate;
}

/// A variant of a union of the contract, by the type that it holds: an engine of its step type, a
/// version of its engine, an operation of its version.
pub trait Variant: Sized {
    /// The union.
    type Union;

    /// The union with this variant.
    fn into_union(self) -> Self::Union;
}

impl<V: Variant> StepInput for V
where
    V::Union: StepInput,
{
    type Output = <V::Union as StepInput>::Output;

    fn into_template(self) -> WorkflowStepTemplate {
        self.into_union().into_template()
    }
}
