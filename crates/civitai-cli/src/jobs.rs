//! Work of the older API (v1): jobs, submitted in batches under one token.

pub(crate) use finish::finish;

mod finish;
mod report;
mod wait;
