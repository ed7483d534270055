//! Batches of lines: named where they are wrong, run once, taken up, limited, told.

use serde_json::Value;
use std::time::{Duration, Instant};

use crate::stage::{Ran, Stage};

mod board;
mod crash;
mod guide;
mod limits;
mod lines;
mod machines;
mod manage;

/// A file of so many lines that all differ.
pub(crate) fn lines(count: usize) -> String {
    let line = |number: usize| {
        format!("{{\"prompt\": \"cat {number}\", \"seed\": {number}, \"size\": \"64x64\"}}\n")
    };
    (1..=count).map(line).collect()
}

/// The results in a folder, a document for each line.
pub(crate) fn results(stage: &Stage, folder: &str) -> Vec<Value> {
    let file = stage.dir.path().join(folder).join("results.jsonl");
    let text = std::fs::read_to_string(file).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The states of the results.
pub(crate) fn states(results: &[Value]) -> Vec<&str> {
    results
        .iter()
        .map(|line| line["state"].as_str().unwrap())
        .collect()
}

/// The pictures in a folder by their names.
pub(crate) fn pictures(stage: &Stage, folder: &str) -> std::collections::BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(stage.dir.path().join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names = names.filter(|name| name.ends_with(".png") && !name.starts_with('.'));
    let read = |name: String| {
        let bytes = std::fs::read(stage.dir.path().join(folder).join(&name)).unwrap();
        (name, bytes)
    };
    names.map(read).collect()
}

/// What the program says a run has cost: the number before `Buzz` in the last line that counts lines.
pub(crate) fn told_cost(ran: &Ran) -> i64 {
    let line = ran
        .stderr
        .lines()
        .rfind(|line| line.ends_with(" Buzz"))
        .unwrap();
    let words: Vec<_> = line.split(' ').collect();
    words[words.len() - 2].parse().unwrap()
}

/// Waits until something holds that processes or the simulator bring about: there is no clock of ours to wait by.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let patience = Instant::now() + Duration::from_secs(180);
    while !holds() {
        assert!(Instant::now() < patience, "{what}");
        std::thread::yield_now();
    }
}
