//! What a fleet of 10,000 jobs costs in requests and in memory.

use anyhow::Context as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::bed::Bed;
use super::say;
use super::table::{Bound, Quantity, Row};

/// The most requests against one GET per job and tick: by tokens of 20 jobs, and by pages of 100.
const OF_TOKENS: f64 = 0.06;
const OF_PAGES: f64 = 0.02;

/// The budget of the fleet, in requests a second.
const PER_SECOND: u64 = 5;

/// Bytes of memory for each waiting handle.
const MEMORY: u64 = 4_095;

/// What waiting by tokens cost.
#[derive(Clone, Debug, Deserialize)]
struct Tokens {
    requests: u64,
    /// What one GET per job and tick would have taken.
    alone: u64,
    /// The most requests in any sliding second.
    rush: u64,
    /// Bytes for each handle, at the most.
    memory: u64,
}

/// What waiting by pages cost.
#[derive(Clone, Debug, Deserialize)]
struct Pages {
    requests: u64,
    alone: u64,
}

/// Waits for a fleet through the client, and for one through `job-watch` alone.
pub(super) fn rows(bed: &Bed, notes: &mut Vec<String>) -> Vec<Row> {
    say("a fleet of 10,000 jobs (building the client first, optimised)");
    let tokens = match only(bed, "client", "fleet", &[]) {
        Ok(tokens) => of_tokens(&tokens),
        Err(error) => vec![Row::missing("fleet in 500 tokens", &error)],
    };
    let pages = match only(bed, "waiting", "waiting", &["pages"]) {
        Ok(pages) => of_pages(&pages),
        Err(error) => Row::missing("fleet in pages of 100", &error),
    };
    notes.push(
        "Fleet: in simulated time; in 500 tokens through civitai-jobs, on real sockets, with memory as \
         the program's peak; in pages of 100 through job-watch."
            .to_owned(),
    );
    tokens.into_iter().chain([pages]).collect()
}

fn of_tokens(tokens: &Tokens) -> Vec<Row> {
    let alone = |quantity: &str, ours: u64, most: u64| Row {
        measure: format!("10,000 jobs in 500 tokens, {quantity}"),
        ours: Ok(Quantity::Count(ours)),
        peer: None,
        bound: Some(Bound::Most(Quantity::Count(most))),
    };
    vec![
        against_alone(
            "10,000 jobs in 500 tokens, requests",
            tokens.requests,
            tokens.alone,
            OF_TOKENS,
        ),
        alone("most requests in a second", tokens.rush, PER_SECOND),
        alone("bytes per waiting handle", tokens.memory, MEMORY),
    ]
}

fn of_pages(pages: &Pages) -> Row {
    let measure = "10,000 jobs in pages of 100, requests";
    against_alone(measure, pages.requests, pages.alone, OF_PAGES)
}

fn against_alone(measure: &str, ours: u64, alone: u64, most: f64) -> Row {
    Row {
        measure: measure.to_owned(),
        ours: Ok(Quantity::Count(ours)),
        peer: Some(("one per job", Ok(Quantity::Count(alone)))),
        bound: Some(Bound::Ratio(most)),
    }
}

/// The one line that a program prints.
fn only<T: DeserializeOwned>(
    bed: &Bed,
    harness: &str,
    program: &str,
    arguments: &[&str],
) -> anyhow::Result<T> {
    let lines = bed.run(&bed.harness(harness), program, arguments)?;
    lines.into_iter().next().context("the harness said nothing")
}
