//! How long the generator takes.

use std::path::Path;
use std::time::{Duration, Instant};

use codegen::Mode;

use super::table::{Bound, Quantity, Row};
use super::{compiled, say};
use crate::regen;

/// The time that may be.
const MOST: Duration = Duration::from_secs(5);
const RUNS: usize = 3;

/// Times `cargo xtask regen --check` in this process: loading, generating, formatting, comparing.
pub(super) fn row(root: &Path) -> Row {
    say("regeneration of all contracts");
    let times: anyhow::Result<Vec<Duration>> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            regen::reconcile(root, Mode::Check)?;
            Ok(start.elapsed())
        })
        .collect();
    Row {
        measure: "regen of all contracts, compared with what is there".to_owned(),
        ours: times
            .map(|times| Quantity::Time(compiled::median(times)))
            .map_err(|error| format!("{error:#}")),
        peer: None,
        bound: Some(Bound::Most(Quantity::Time(MOST))),
    }
}
