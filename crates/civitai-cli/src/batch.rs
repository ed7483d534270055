//! Batches of lines: read, checked, written down, worked off and shown.

pub(crate) use asked::Asked;
pub(crate) use board::Board;
pub(crate) use cancel::cancel;
pub(crate) use grid::Vary;
pub(crate) use input::{Format, Read, Words, read};
pub(crate) use naming::{NAME, template};
pub(crate) use plan::Plan;
pub(crate) use serve::{Lock, Pace, known, serve, summary};

mod asked;
mod board;
mod cancel;
mod crew;
mod fate;
mod grid;
mod input;
mod line;
mod naming;
mod outcome;
mod page;
mod plan;
mod queue;
pub(crate) mod results;
mod serve;
mod task;
mod tell;
