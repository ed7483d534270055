//! How often work is polled and for how long, as the waiters of a contract say: those in it, under
//! `x-waiters`, and those in a file `waiters.yaml` beside it.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::files::{ReadError, read};

/// What a waiter says of its polls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tempo {
    /// The first pause, and the longest.
    pub(crate) first: Option<Duration>,
    pub(crate) cap: Option<Duration>,
    /// How long the work runs.
    pub(crate) expected: Option<Duration>,
    /// How long to wait at most.
    pub(crate) deadline: Option<Duration>,
}

/// By the id of the operation that polls.
pub(super) type Tempos = BTreeMap<String, Tempo>;

/// Reads the waiters of the contract `root`, which came from `path`.
pub(super) fn tempos(root: &Value, path: &Path) -> Result<Tempos, ReadError> {
    let beside = path.with_file_name("waiters.yaml");
    let beside = match beside.is_file() {
        true => read(&beside)?.value,
        false => Value::Null,
    };
    let inside = root.get("x-waiters").unwrap_or(&Value::Null);
    let waiters = [inside, &beside].into_iter().filter_map(Value::as_object);
    let tempos = waiters.flat_map(serde_json::Map::values).filter_map(tempo);
    Ok(tempos.collect())
}

fn tempo(waiter: &Value) -> Option<(String, Tempo)> {
    let operation = waiter.pointer("/look/operation")?.as_str()?;
    let pace = waiter.get("pace")?;
    let span = |name: &str| span(pace.get(name)?);
    let tempo = Tempo {
        first: span("first").max(span("floor")),
        cap: span("cap"),
        expected: span("expected"),
        deadline: span("deadline"),
    };
    Some((operation.to_owned(), tempo))
}

/// A time as waiters write it: `250ms`, `5s`, `6m`, `24h`, `7d`, or a number of seconds.
fn span(value: &Value) -> Option<Duration> {
    let seconds = match value {
        Value::Number(seconds) => seconds.as_f64()?,
        Value::String(text) => {
            let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
            let unit = match &text[digits.len()..] {
                "ms" => 0.001,
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3_600.0,
                "d" => 86_400.0,
                _ => return None,
            };
            digits.parse::<f64>().ok()? * unit
        }
        _ => return None,
    };
    Duration::try_from_secs_f64(seconds).ok()
}
