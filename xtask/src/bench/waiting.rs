//! What each way of watching costs in requests and in time, beside fixed intervals.

use std::time::Duration;

use serde::Deserialize;

use super::bed::Bed;
use super::say;
use super::table::{Bound, Quantity, Row};

/// How long the jobs take, in seconds, and as the table says it.
const LENGTHS: [(u64, &str); 4] = [(5, "5 s"), (30, "30 s"), (180, "3 min"), (600, "10 min")];

/// What all others are compared with.
const PEER: (&str, &str) = ("fixed-1", "every 1 s");

/// The strategies: as the harness names them, and as the table does.
const STRATEGIES: [(&str, &str); 7] = [
    ("fixed-30", "every 30 s"),
    ("pace", "default pace"),
    ("expected", "run and start known"),
    ("learned", "learned from 4 jobs"),
    ("share", "share done known"),
    ("long-poll-30", "long poll, 30 s"),
    ("long-poll-90", "long poll, 90 s"),
];

/// One line of the harness: the worst of many draws.
#[derive(Clone, Debug, Deserialize)]
struct Line {
    seconds: u64,
    strategy: String,
    requests: u64,
    /// Nanoseconds.
    lag: u64,
}

/// How a quantity is taken from a line.
type Read = fn(&Line) -> Quantity;

/// Plays all strategies with jobs of all lengths.
pub(super) fn rows(bed: &Bed, notes: &mut Vec<String>) -> Vec<Row> {
    say("strategies of waiting, in simulated time");
    match bed.run(&bed.harness("waiting"), "waiting", &["strategies"]) {
        Ok(lines) => {
            notes.push(
                "Waiting: the worst of 300 draws in simulated time. A job is up to 4 s in the queue, then runs \
                 2 s less than its length. The network takes no time; a real one adds half an \
                 exchange to a long poll and at most one and a half to any other poll."
                    .to_owned(),
            );
            table(&lines)
        }
        Err(error) => vec![Row::missing("waiting", &error)],
    }
}

fn table(lines: &[Line]) -> Vec<Row> {
    let requests = |line: &Line| Quantity::Count(line.requests);
    let lag = |line: &Line| Quantity::Time(Duration::from_nanos(line.lag));
    let quantities: [(&str, Read); 2] = [("requests", requests), ("noticed after", lag)];
    let mut rows = Vec::new();
    for (seconds, length) in LENGTHS {
        for (name, quantity) in quantities {
            let of = |strategy: &str| {
                let line = lines
                    .iter()
                    .find(|line| line.seconds == seconds && line.strategy == strategy);
                line.map(quantity)
                    .ok_or_else(|| format!("the harness says nothing of {strategy}"))
            };
            rows.extend(STRATEGIES.map(|(strategy, shown)| Row {
                measure: format!("job of {length}, {name}: {shown}"),
                ours: of(strategy),
                peer: Some((PEER.1, of(PEER.0))),
                bound: most(seconds, strategy, name),
            }));
        }
    }
    rows
}

/// What may be: for a job of 30 s where something is known of it, and for long polls of a long one.
fn most(seconds: u64, strategy: &str, quantity: &str) -> Option<Bound> {
    let learned = strategy == "learned";
    let knows = ["expected", "share"].contains(&strategy);
    let long_polls = ["long-poll-30", "long-poll-90"].contains(&strategy);
    let most = match (seconds, quantity) {
        (30, "requests") if knows => Quantity::Count(6),
        (30, "requests") if long_polls => Quantity::Count(2),
        (30, "requests") if learned => Quantity::Count(9),
        (30, _) if learned => Quantity::Time(Duration::from_secs(3)),
        (30, _) if knows => Quantity::Time(Duration::from_secs(1)),
        (30, _) if long_polls => Quantity::Time(Duration::from_millis(50)),
        (600, "requests") if strategy == "long-poll-90" => Quantity::Count(10),
        _ => return None,
    };
    Some(Bound::Most(most))
}
