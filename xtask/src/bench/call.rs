//! What a call through our clients costs, against bare reqwest with serde into the same types.

use std::time::Duration;

use anyhow::Context as _;
use serde::Deserialize;

use super::bed::Bed;
use super::fixture::{self, Tags};
use super::say;
use super::table::{Bound, Quantity, Row};

/// The most that a call may take against a bare one.
const MOST: f64 = 1.05;

/// The one step of the workflow that is looked at.
const STEP: &str = "imageGen";

/// The calls: as the harness names them, and as the table does.
const CALLS: [(&str, &str); 2] = [
    ("jobs", "look at a batch of 4 jobs"),
    ("workflow", "look at a workflow of one step"),
];

/// Who makes them.
const CLIENTS: [(&str, &str); 2] = [("low", "civitai-api"), ("high", "civitai-jobs")];

/// One line of the harness.
#[derive(Clone, Debug, Deserialize)]
struct Line {
    what: String,
    who: String,
    bytes: u64,
    /// Nanoseconds.
    time: u64,
}

/// How long the submission of ten steps keeps a processor busy, against a bare call with the body as text.
fn submission(bed: &Bed) -> anyhow::Result<Row> {
    let lines: Vec<Line> = bed.run(&bed.harness("client"), "submission", &[])?;
    let of = |who: &str| {
        let line = lines.iter().find(|line| line.who == who);
        line.map(|line| Quantity::Time(Duration::from_nanos(line.time)))
            .ok_or_else(|| format!("the harness says nothing of {who}"))
    };
    Ok(Row {
        measure: "submit a workflow of ten steps, time on a processor, civitai-jobs".to_owned(),
        ours: of("high"),
        peer: Some(("bare reqwest", of("bare"))),
        bound: None,
    })
}

/// Times calls on loopback.
pub(super) fn rows(bed: &Bed, notes: &mut Vec<String>) -> Vec<Row> {
    measure(bed, notes).unwrap_or_else(|error| vec![Row::missing("calls", &error)])
}

fn measure(bed: &Bed, notes: &mut Vec<String>) -> anyhow::Result<Vec<Row>> {
    say("calls on loopback (building the client first, optimised)");
    let workflow = fixture::write(&fixture::workflow(0, &[STEP]), Tags::First);
    bed.write("call/workflow.json", &workflow)?;
    let file = bed.folder.join("call/workflow.json");
    let file = file
        .to_str()
        .context("the target folder has a name that is no text")?;
    let lines: Vec<Line> = bed.run(&bed.harness("client"), "calls", &[file])?;
    let of = |what: &str, who: &str| {
        let line = lines
            .iter()
            .find(|line| (line.what.as_str(), line.who.as_str()) == (what, who));
        line.ok_or_else(|| format!("the harness says nothing of {who} for {what}"))
    };
    let time = |line: &Line| Quantity::Time(Duration::from_nanos(line.time));
    let mut rows = Vec::new();
    for (what, shown) in CALLS {
        for (who, client) in CLIENTS {
            rows.push(Row {
                measure: format!("{shown}, {client}"),
                ours: of(what, who).map(time),
                peer: Some(("bare reqwest", of(what, "bare").map(time))),
                bound: Some(Bound::Ratio(MOST)),
            });
        }
        if let Ok(line) = of(what, "bare") {
            notes.push(format!(
                "To {shown}: a reply of {} bytes on loopback, where the network costs nothing; medians of \
                 calls in turns.",
                Quantity::Count(line.bytes)
            ));
        }
    }
    rows.push(submission(bed)?);
    notes.push(
        "What civitai-jobs takes apart only when it is asked for, such as the steps of a workflow, is no part of \
         a call."
            .to_owned(),
    );
    Ok(rows)
}
