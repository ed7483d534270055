//! What follows from a model: which type becomes which union, and what the variants of a union share.

mod lift;
mod shared;

pub(crate) use lift::{Lifted, lifted};
pub(crate) use shared::shared;
