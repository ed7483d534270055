#![doc = include_str!("../README.md")]

mod check;
mod condition;
mod contract;
mod document;
mod expression;
mod finding;
mod flow;
mod pointer;
mod run;
mod text;

pub use check::Report;
pub use condition::Reading;
pub use finding::{Finding, Place, Rule, Severity};
pub use flow::{DeclaredInput, Flow, FlowBuilder, LoadError};
pub use run::{End, Event, Happening, Limits, Outcome, RunError, Runner};
