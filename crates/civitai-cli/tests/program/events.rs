//! What `--json` prints is what its schema says.

use std::collections::BTreeSet;

use civitai_sim::SimTime;
use serde_json::Value;

use crate::stage::{Ran, Stage};

/// Holds every event against the schema; returns the names of those that came.
fn held(runs: &[Ran]) -> BTreeSet<String> {
    let schema: Value =
        serde_json::from_str(include_str!("../../docs/events.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let mut names = BTreeSet::new();
    for event in runs.iter().flat_map(Ran::events) {
        let wrong: Vec<_> = schema
            .iter_errors(&event)
            .map(|error| error.to_string())
            .collect();
        assert!(wrong.is_empty(), "{event}: {wrong:?}");
        names.insert(event["event"].as_str().unwrap().to_owned());
    }
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_is_one_of_the_schema() {
    let stage = Stage::with(|sim| sim.time(SimTime::real(200.0))).await;
    let generate = [
        "generate",
        "fog",
        "--size",
        "64x64",
        "--json",
        "--max-cost",
        "50",
    ];
    let first = stage.run(&generate);
    assert_eq!((first.code, first.stderr.as_str()), (0, ""), "{first:?}");
    let id = first.last()["id"].as_str().unwrap().to_owned();
    stage.write("bad.jsonl", b"{}\n");
    stage.write("good.jsonl", b"{\"prompt\": \"fog\"}\n");
    let runs = [
        first,
        stage.run(&generate),
        stage.run(&[
            "generate", "fog", "--api", "v1", "--size", "64x64", "--json",
        ]),
        stage.run(&["generate", "fog", "--size", "1x1", "--json"]),
        stage.run(&["list", "--json"]),
        stage.run(&["list", "--local", "--json"]),
        stage.run(&["status", &id, "--json"]),
        stage.run(&["delete", &id, "--json"]),
        crate::hooks::received(&stage),
        stage.run(&["batch", "bad.jsonl", "--json"]),
        stage.run(&["batch", "good.jsonl", "--json", "--size", "64x64"]),
        stage.run(&["batch", "status", "--json"]),
    ];
    let schema: Value =
        serde_json::from_str(include_str!("../../docs/events.schema.json")).unwrap();
    let listed = schema["oneOf"].as_array().unwrap().iter();
    let listed: BTreeSet<_> = listed
        .map(|event| event["title"].as_str().unwrap().to_owned())
        .collect();
    // One of them comes each 15 s only and has the members of another, and one comes of a board that stays.
    let mut seen = held(&runs);
    seen.extend(["runProgress", "boardReady"].map(str::to_owned));
    assert_eq!(seen, listed);
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_words_stay_in_their_line() {
    let stage = Stage::with(|sim| {
        sim.time(SimTime::real(1_000.0))
            .fail_when(|_| Some("Too\ndark.\u{202e}gnp\u{1b}[2J".to_owned()))
    })
    .await;
    let ran = stage.run(&["generate", "fog", "--size", "64x64"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.error().contains("Too dark. gnp [2J"), "{ran:?}");
    assert!(!ran.stderr.contains(['\u{202e}', '\u{1b}']), "{ran:?}");
    let ran = stage.run(&["generate", "fog", "--size", "64x64", "--json"]);
    let names = held(&[ran]);
    assert!(
        names.contains("ended") && names.contains("error"),
        "{names:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn loading_and_queue_are_told() {
    let model = "urn:air:sd1:checkpoint:civitai:4384@128713";
    let stage = Stage::with(|sim| {
        let loading = civitai_sim::Loading::new(1 << 30);
        sim.time(SimTime::real(60.0)).not_loaded(model, loading)
    })
    .await;
    let ran = stage.run(&["generate", "fog", "--size", "64x64"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.contains(&format!("loading {model}")), "{ran:?}");
    assert!(ran.stderr.contains("% loaded"), "{ran:?}");
}
