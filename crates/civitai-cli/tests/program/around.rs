//! The commands around the work: identifiers, models, files, tokens, calls by name, and what may be wrong.

use std::io::Write as _;
use std::process::Stdio;

use civitai_sim::SimTime;
use serde_json::Value;

use crate::stage::{CANARY, Ran, Stage, program, run};

const MODEL: &str = "urn:air:sdxl:checkpoint:civitai:101055@128078";

fn json(ran: &Ran) -> Value {
    assert_eq!(ran.code, 0, "{ran:?}");
    serde_json::from_str(&ran.stdout).unwrap()
}

#[test]
fn airs_are_taken_apart_without_a_service() {
    let dir = tempfile::tempdir().unwrap();
    let ran = run(program(
        dir.path(),
        &["air", "civitai:101055@128078", MODEL],
    ));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stdout
            .starts_with("urn:air:civitai:101055@128078\n  source: civitai\n"),
        "{ran:?}"
    );
    assert!(
        ran.stdout
            .contains("  ecosystem: sdxl\n  type: checkpoint\n"),
        "{ran:?}"
    );
    let ran = run(program(dir.path(), &["air", MODEL, "--json"]));
    assert_eq!(json(&ran)["version"], "128078");
    let ran = run(program(dir.path(), &["air", "urn:air:"]));
    assert_eq!(ran.code, 2, "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn models_are_looked_up() {
    let stage = Stage::fast().await;
    let ran = stage.run(&["models", "coverage", MODEL, "--json"]);
    assert_eq!(json(&ran)["air"], MODEL);
    let ran = stage.run(&["models", "show", MODEL]);
    assert!(ran.code == 0 && ran.stdout.starts_with(MODEL), "{ran:?}");
    let ran = stage.run(&["models", "loaded", "--most", "2"]);
    assert!(ran.code == 0 && ran.stdout.lines().count() <= 2, "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_account_says_what_was_used() {
    let stage = Stage::fast().await;
    let ran = stage.run(&["account", "--since", "2026-01-01", "--json"]);
    assert_eq!(json(&ran)["images"], 0);
    let ran = stage.run(&["account", "--since", "2026-02-01", "--until", "2026-01-01"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    let ran = stage.run(&["account", "--since", "tomorrow"]);
    assert!(
        ran.code == 2 && ran.error().contains("2026-11-01"),
        "{ran:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn blobs_go_up_and_come_down() {
    let stage = Stage::fast().await;
    let png = civitai_sim::paint("fog", 7, 16, 16).unwrap();
    std::fs::write(stage.dir.path().join("fog.png"), &png).unwrap();
    let uploaded = json(&stage.run(&["blobs", "upload", "fog.png", "--json"]));
    let id = uploaded["id"].as_str().unwrap();
    let ran = stage.run(&["blobs", "get", id]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let saved = std::fs::read(stage.dir.path().join(&ran.paths()[0])).unwrap();
    assert_eq!(saved, png);

    std::fs::write(stage.dir.path().join("notes"), "no known kind").unwrap();
    let before = stage.sim.requests().len();
    let ran = stage.run(&["blobs", "upload", "fog.png", "notes"]);
    assert!(
        ran.code == 2 && ran.error().contains("--media-type"),
        "{ran:?}"
    );
    let ran = stage.run(&["blobs", "upload", "nowhere.png"]);
    assert!(
        ran.code == 2 && ran.error().contains("nowhere.png"),
        "{ran:?}"
    );
    assert_eq!(stage.sim.requests().len(), before);
    assert!(stage.run(&["blobs", "link"]).stdout.starts_with("http"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_kept_used_and_forgotten() {
    let stage = Stage::fast().await;
    let log_in = |token: &str| {
        let args = ["auth", "login", "work", "--base-url", stage.sim.base_url()];
        let mut command = program(stage.dir.path(), &args);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(token.as_bytes())
            .unwrap();
        child.wait_with_output().unwrap()
    };
    let refused = log_in("wrong");
    assert_eq!(refused.status.code(), Some(3), "{refused:?}");
    let taken = log_in(&format!("{CANARY}\n"));
    assert_eq!(taken.status.code(), Some(0), "{taken:?}");
    let status = ["auth", "status", "--profile", "work", "--json"];
    let ran = run(program(stage.dir.path(), &status));
    assert_eq!(json(&ran)["profiles"][0], "work");
    let ran = run(program(stage.dir.path(), &["auth", "logout", "work"]));
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = run(program(stage.dir.path(), &["auth", "logout", "work"]));
    assert_eq!(ran.code, 2, "{ran:?}");
    assert_eq!(run(program(stage.dir.path(), &status)).code, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_are_called_by_name() {
    let stage = Stage::fast().await;
    let ran = stage.run(&["api"]);
    assert!(
        ran.stdout
            .contains("getWorkflow  GET /v2/consumer/workflows/{workflowId}\n"),
        "{ran:?}"
    );
    let listed = json(&stage.run(&["api", "queryWorkflows", "--param", "take=5"]));
    assert_eq!(listed["items"], Value::Array(Vec::new()));
    assert!(
        stage
            .sim
            .requests()
            .last()
            .unwrap()
            .path
            .ends_with("/workflows")
    );

    let ran = stage.run(&["api", "getWorkflow", "--param", "workflowId=none"]);
    assert!(ran.code == 1 && ran.error().contains("404"), "{ran:?}");
    let before = stage.sim.requests().len();
    for (args, what) in [
        (&["api", "getWorkflows"][..], "did you mean getWorkflow?"),
        (&["api", "getWorkflow"], "--param workflowId=VALUE"),
        (
            &["api", "getWorkflow", "--param", "workflowId=.."],
            "no value",
        ),
        (
            &["api", "queryWorkflows", "--param", "taek=5"],
            "did you mean take?",
        ),
        (
            &["api", "getWorkflow", "--all", "--param", "workflowId=a"],
            "not in pages",
        ),
        (
            &["api", "submitWorkflow", "--body", "none.json"],
            "none.json",
        ),
    ] {
        let ran = stage.run(args);
        assert!(ran.code == 2 && ran.error().contains(what), "{ran:?}");
    }
    assert_eq!(stage.sim.requests().len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_followed_to_the_last_item() {
    let stage = Stage::fast().await;
    for seed in ["1", "2", "3", "4", "5"] {
        let ran = stage.run(&["generate", "fog", "--size", "64x64", "--seed", seed]);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let before = stage.sim.requests().len();
    let ran = stage.run(&["api", "queryWorkflows", "--param", "take=2", "--all"]);
    let mut ids: Vec<String> = ran
        .events()
        .iter()
        .map(|workflow| workflow["id"].as_str().unwrap().to_owned())
        .collect();
    let mut made = stage.sim.workflows();
    ids.sort();
    made.sort();
    assert_eq!(ids, made, "{ran:?}");
    assert_eq!(stage.sim.requests().len() - before, 3);

    // What the contract does not have is sent where that is wanted.
    let args = [
        "api",
        "queryWorkflows",
        "--param",
        "mood=calm",
        "--unchecked",
    ];
    let ran = stage.run(&args);
    assert_eq!(ran.code, 0, "{ran:?}");
    let last = stage.sim.requests().pop().unwrap();
    assert_eq!(last.query.as_deref(), Some("mood=calm"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_says_what_is_wrong() {
    // A service whose clock does not run ahead.
    let stage = Stage::with(|sim| sim.time(SimTime::real(1.0))).await;
    let ran = stage.run(&["doctor"]);
    assert!(ran.code == 0 && !ran.stdout.contains("bad "), "{ran:?}");
    let ran = run(program(
        stage.dir.path(),
        &["doctor", "--base-url", stage.sim.base_url()],
    ));
    assert!(ran.code == 3 && ran.stdout.contains("bad token"), "{ran:?}");
    let ran = stage.run(&["doctor", "--base-url", "http://127.0.0.1:1"]);
    assert!(
        ran.code == 4 && ran.stdout.contains("bad address"),
        "{ran:?}"
    );
    std::fs::write(stage.dir.path().join("out.txt"), "a file").unwrap();
    let ran = stage.run(&["doctor", "--ledger", "out.txt"]);
    assert!(
        ran.code == 2 && ran.stdout.contains("bad ledger"),
        "{ran:?}"
    );
    let ran = stage.run(&["doctor", "--out", "out.txt"]);
    assert!(
        ran.code == 2 && ran.stdout.contains("bad folder"),
        "{ran:?}"
    );
}

#[test]
fn shells_and_manuals_get_what_they_want() {
    let dir = tempfile::tempdir().unwrap();
    for (shell, mark) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef civitai-jobs"),
        ("fish", "complete -c civitai-jobs"),
    ] {
        let ran = run(program(dir.path(), &["completions", shell]));
        assert!(ran.code == 0 && ran.stdout.contains(mark), "{ran:?}");
    }
    let ran = run(program(dir.path(), &["man", "--out", "man1"]));
    assert_eq!(ran.code, 0, "{ran:?}");
    let page = std::fs::read_to_string(dir.path().join("man1/civitai-jobs-generate.1")).unwrap();
    assert!(page.contains(".SH SYNOPSIS"), "{page}");
}

/// `UPDATE_REFERENCE=1` writes it anew.
#[test]
fn the_reference_of_commands_is_what_the_program_prints() {
    let dir = tempfile::tempdir().unwrap();
    let ran = run(program(dir.path(), &["reference"]));
    assert_eq!(ran.code, 0, "{ran:?}");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/commands.md");
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        std::fs::write(file, &ran.stdout).unwrap();
    }
    let held = std::fs::read_to_string(file).unwrap_or_default();
    assert!(
        held == ran.stdout,
        "docs/commands.md is stale; UPDATE_REFERENCE=1 writes it anew"
    );
}
