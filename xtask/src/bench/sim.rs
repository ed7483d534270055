//! What the simulator serves in a second and holds in memory.

use std::time::Duration;

use serde::Deserialize;

use super::bed::Bed;
use super::say;
use super::table::{Bound, Quantity, Row};

/// The longest that a request may take: 35,000 looks at a workflow and 6,000 submissions a second.
const LOOK: Duration = Duration::from_nanos(28_571);
const SUBMISSION: Duration = Duration::from_nanos(166_666);

/// Bytes of memory for each workflow that has ended: 100,000 in 400 MiB.
const MEMORY: u64 = 4_194;

/// What was measured, times in nanoseconds.
#[derive(Clone, Debug, Deserialize)]
struct Measures {
    fresh: u64,
    full: u64,
    looks: u64,
    memory: u64,
}

/// Asks a simulator in a program of its own, by 32 clients on the same cores.
pub(super) fn rows(bed: &Bed, notes: &mut Vec<String>) -> Vec<Row> {
    say("the simulator (building it first, optimised)");
    let lines = bed.run::<Measures>(&bed.harness("sim"), "sim", &[]);
    let measures = match lines.map(|lines| lines.into_iter().next()) {
        Ok(Some(measures)) => measures,
        Ok(None) => return vec![missing(&anyhow::anyhow!("the harness said nothing"))],
        Err(error) => return vec![missing(&error)],
    };
    notes.push(
        "Simulator: time for each of many requests by 32 clients on the same cores; memory of workflows \
         of one step that have ended."
            .to_owned(),
    );
    let time = |measure: &str, nanoseconds, most| Row {
        measure: measure.to_owned(),
        ours: Ok(Quantity::Time(Duration::from_nanos(nanoseconds))),
        peer: None,
        bound: Some(Bound::Most(Quantity::Time(most))),
    };
    vec![
        time("a status request of a workflow", measures.looks, LOOK),
        time(
            "a submission to an empty simulator",
            measures.fresh,
            SUBMISSION,
        ),
        time(
            "a submission to one with 100,000 workflows",
            measures.full,
            SUBMISSION,
        ),
        Row {
            measure: "bytes per workflow that has ended".to_owned(),
            ours: Ok(Quantity::Count(measures.memory)),
            peer: None,
            bound: Some(Bound::Most(Quantity::Count(MEMORY))),
        },
    ]
}

fn missing(error: &anyhow::Error) -> Row {
    Row::missing("requests to the simulator", error)
}
