//! Huge JSON takes memory in proportion to its size. Alone in its program, whose memory is counted.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    clippy::print_stdout,
    reason = "names the case at which a program ends"
)]

use civitai_api::v2::types::Workflow;
use contract_tests::{Contract, reply};
use peak_alloc::PeakAlloc;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The most memory that decoding takes, in bytes, and whether something came of it.
fn decode<T: DeserializeOwned>(body: &[u8]) -> (usize, bool) {
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let decoded = serde_json::from_slice::<T>(body).is_ok();
    (MEMORY.peak_usage() - before, decoded)
}

fn list(open: &str, item: impl Fn(usize) -> String, close: &str) -> String {
    let items: Vec<String> = (0..1_000_000).map(item).collect();
    format!("{open}{}{close}", items.join(","))
}

#[test]
fn memory_stays_near_what_free_json_takes() {
    let whole = reply::workflow(&Contract::load("v2"));
    let members = |value: &str| list("{", |index| format!("\"m{index}\":{value}"), "}");
    let items = |item: &str| list("[", |_| item.to_owned(), "]");
    let text = format!("\"{}\"", "a".repeat(50 << 20));
    let escaped = format!("\"{}\"", "\\u00e9".repeat(8 << 20));
    let step = format!(
        "[{{\"$type\":\"no such step\",\"input\":{}}}]",
        members("0")
    );
    let key = format!("{{{text}:0}}");
    let cases = [
        ("/unknown", &text),
        ("/status", &text),
        ("/metadata/free", &text),
        ("/steps/0/$type", &text),
        ("/steps/0/name", &text),
        ("/steps/0/input/engine", &text),
        ("/steps/0/input/operation", &text),
        ("/steps/0/input/prompt", &text),
        ("/steps/0/input/prompt", &escaped),
        ("/steps/0/input/width", &text),
        ("/steps/0/input", &key),
        ("/metadata", &key),
        ("/unknown", &members("0")),
        ("/metadata", &members("0")),
        ("/steps/0/input", &members("0")),
        ("/steps", &step),
        ("/steps/1/output/results", &members("{}")),
        ("/steps", &items("{}")),
        ("/steps", &items("0")),
        ("/tags", &items("\"\"")),
        ("/metadata/free", &items("[]")),
        (
            "/steps/1/output/results/image/scores",
            &items(r#"{"name":"","children":[]}"#),
        ),
    ];
    for (place, text) in cases {
        let body = reply::with(&whole, place, text.as_bytes());
        let (free, _) = decode::<Value>(&body);
        let (typed, decoded) = decode::<Workflow>(&body);
        let start: String = text.chars().take(30).collect();
        println!(
            "{start} at {place}: {} MB of JSON, {} MB as free JSON, {} MB as a type, decoded: {decoded}",
            body.len() >> 20,
            free >> 20,
            typed >> 20,
        );
        // An empty object takes the whole of its type's size, whose members it lacks.
        let most = 5 * free.max(body.len());
        assert!(typed <= most, "{start} at {place}: {typed} bytes");
    }
}
