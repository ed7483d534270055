//! What follows from a model: which type becomes which union, what the variants of a union share,
//! and what builders need to know of steps, inputs and outputs.

mod inputs;
mod lift;
mod outputs;
mod shared;
mod steps;

pub use inputs::{Inputs, Told};
pub(crate) use inputs::{inputs, weighed};
pub(crate) use lift::{Lifted, lifted};
pub use outputs::{Found, Holds, Outputs};
pub(crate) use outputs::{outputs, word};
pub(crate) use shared::shared;
pub(crate) use steps::steps;
pub use steps::{Named, StepType};

use crate::notes::Notes;

/// What follows from a contract for builders.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The step types, by their tags.
    pub steps: Vec<StepType>,
    /// What each input can be told.
    pub inputs: Inputs,
    /// What each step type makes.
    pub outputs: Outputs,
    /// The members that mean the same in any input, by the trait that says so.
    pub meanings: Vec<(String, Vec<String>)>,
    /// What could not be carried.
    pub notes: Notes,
    pub(crate) contract: String,
}
