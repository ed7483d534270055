//! Times as waiters write them.

use std::time::Duration;

use serde::Deserialize;

/// A time, as `250ms`, `5s`, `6m`, `24h`, `7d`, or a number of seconds.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(try_from = "serde_json::Value")]
pub(crate) struct Span(pub Duration);

impl TryFrom<serde_json::Value> for Span {
    type Error = String;

    fn try_from(value: serde_json::Value) -> Result<Self, String> {
        let wrong = || format!("`{value}` is no time; write it as 250ms, 5s, 6m, 24h or 7d");
        let text = match &value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Number(number) => format!("{number}s"),
            _ => return Err(wrong()),
        };
        let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let seconds = match &text[digits.len()..] {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3_600.0,
            "d" => 86_400.0,
            _ => return Err(wrong()),
        };
        let number: f64 = digits.parse().map_err(|_| wrong())?;
        let span = Duration::try_from_secs_f64(number * seconds);
        span.map(Self).map_err(|_| wrong())
    }
}
