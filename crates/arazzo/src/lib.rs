#![doc = include_str!("../README.md")]
#![allow(dead_code, reason = "the evaluation is there before what runs a flow")]

mod check;
mod condition;
mod contract;
mod document;
mod expression;
mod finding;
mod flow;
mod pointer;
mod text;

pub use check::Report;
pub use condition::Reading;
pub use finding::{Finding, Place, Rule, Severity};
pub use flow::{DeclaredInput, Flow, FlowBuilder, LoadError};
