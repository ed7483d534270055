//! What a batch of 10,000 small jobs costs the program.

use std::time::Duration;

use anyhow::Context as _;
use serde::Deserialize;

use super::bed::Bed;
use super::say;
use super::table::{Bound, Quantity, Row};

/// Lines of the batch, and how many are under way at once.
const LINES: &str = "10000";
const AT_ONCE: &str = "64";

/// The most for each line: time on a processor, and requests in hundredths.
const TIME: Duration = Duration::from_millis(2);
const REQUESTS: u64 = 250;

/// The most memory of the process, in bytes.
const MEMORY: u64 = 150 << 20;

/// Who is measured: the program, and a plain loop.
const OURS: &str = "ours";
const PLAIN: &str = "loop";

/// What was measured: nanoseconds and requests for each line, bytes of all.
#[derive(Clone, Debug, Deserialize)]
struct Measures {
    who: String,
    cpu: u64,
    memory: u64,
    requests: f64,
}

/// Runs the batch against a simulator in another process.
pub(super) fn rows(bed: &Bed, notes: &mut Vec<String>) -> Vec<Row> {
    say("a batch of 10,000 lines (building the program first, optimised)");
    let measured = match measures(bed) {
        Ok(measured) => measured,
        Err(error) => return vec![Row::missing("a batch of 10,000 lines", &error)],
    };
    notes.push(
        "Batch: 10,000 steps of type echo, 64 at once, with the ledger on disk; what the process of the program took, \
         its peak of memory as the system counts it. The plain loop submits as many at once, asks for each \
         every second, and keeps nothing."
            .to_owned(),
    );
    let of = |who: &str, quantity: fn(&Measures) -> Quantity| {
        let found = measured.iter().find(|measures| measures.who == who);
        found
            .map(quantity)
            .ok_or_else(|| format!("the harness says nothing of {who}"))
    };
    let row = |measure: &str, quantity: fn(&Measures) -> Quantity, most| Row {
        measure: format!("10,000 lines of a batch, {measure}"),
        ours: of(OURS, quantity),
        peer: Some(("plain loop", of(PLAIN, quantity))),
        bound: Some(Bound::Most(most)),
    };
    vec![
        row(
            "CPU for each",
            |measures| Quantity::Time(Duration::from_nanos(measures.cpu)),
            Quantity::Time(TIME),
        ),
        row(
            "requests for a hundred",
            |measures| Quantity::Count((measures.requests * 100.0).round() as u64),
            Quantity::Count(REQUESTS),
        ),
        row(
            "bytes at the most",
            |measures| Quantity::Count(measures.memory),
            Quantity::Count(MEMORY),
        ),
    ]
}

fn measures(bed: &Bed) -> anyhow::Result<Vec<Measures>> {
    bed.cargo("build", &bed.member("civitai-cli"), &["--release"])?;
    let program = bed.folder().join("build/release/civitai-jobs");
    let program = program.to_str().context("the path of the program")?;
    bed.run(&bed.harness("batch"), "batch", &[program, LINES, AT_ONCE])
}
