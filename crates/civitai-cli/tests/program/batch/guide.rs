//! The recipes of the guide, as they stand there.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use civitai_sim::SimTime;

use crate::postgres::Server;
use crate::stage::{Stage, run};

const GUIDE: &str = include_str!("../../../../../docs/batch.md");
/// The ledger that the guide names.
const LEDGER: &str = "postgres://postgres@127.0.0.1:5432/postgres";

/// A recipe of the guide, and what it prints.
fn recipe(name: &str) -> (&'static str, &'static str) {
    let (_, rest) = GUIDE.split_once(&format!("```sh recipe={name}\n")).unwrap();
    let (script, rest) = rest.split_once("```").unwrap();
    let (_, rest) = rest.split_once("```text\n").unwrap();
    (script, rest.split_once("```").unwrap().0)
}

/// Runs a script in a shell that finds the program, and holds what it prints against the guide.
fn follow(stage: &Stage, script: &str, expected: &str) {
    let mut prompts = String::new();
    for number in 1..=24 {
        writeln!(prompts, "portrait no. {number}").unwrap();
    }
    stage.write("portraits.txt", prompts.as_bytes());
    let program = stage.program(&[]);
    let folder = Path::new(program.get_program()).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    let mut shell = Command::new("sh");
    shell.current_dir(stage.dir.path()).args(["-c", script]);
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell.env("PATH", format!("{}:{path}", folder.display()));
    let ran = run(shell);
    let mut printed = ran.stdout.as_str();
    for line in expected.lines() {
        let found = printed.find(line);
        let at = found.unwrap_or_else(|| panic!("`{line}` is not in {ran:?}"));
        printed = &printed[at + line.len()..];
    }
}

async fn stage() -> Stage {
    Stage::with(|sim| sim.time(SimTime::real(200.0)).workers(8)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_portraits_under_500_buzz() {
    let stage = stage().await;
    let (script, expected) = recipe("budget");
    follow(&stage, script, expected);
    assert_eq!((stage.submissions(), stage.paid()), (62, 496));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_machines_one_batch() {
    let Some(server) = Server::start("two_machines_one_batch") else {
        return;
    };
    let stage = stage().await;
    let (script, expected) = recipe("machines");
    assert!(script.contains(LEDGER));
    follow(&stage, &script.replace(LEDGER, &server.address()), expected);
    assert_eq!(stage.submissions(), 24);
}

#[tokio::test(flavor = "multi_thread")]
async fn from_ci() {
    let stage = stage().await;
    let (script, expected) = recipe("ci");
    follow(&stage, script, expected);
    // The same job once more finds nothing left to do.
    follow(&stage, script, expected);
    assert_eq!(stage.submissions(), 24);
}
