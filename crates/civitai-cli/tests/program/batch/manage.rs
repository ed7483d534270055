//! Runs that are looked at, shared between processes, called off.

use std::process::Stdio;
use std::time::Duration;

use civitai_sim::SimTime;

use super::{lines, results, states, until};
use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn runs_are_listed_with_counts_and_cost() {
    let stage = Stage::fast().await;
    stage.write("cats.jsonl", lines(3).as_bytes());
    assert_eq!(stage.run(&["batch", "cats.jsonl"]).code, 0);
    assert_eq!(stage.run(&["batch", "cats.jsonl"]).code, 0);
    let status = stage.run(&["batch", "status"]);
    assert_eq!(
        status.stdout,
        "cats-1: 3 lines, 3 saved; 24 Buzz (ended)\ncats-2: 3 lines, 3 saved; 24 Buzz (ended)\n",
        "{status:?}"
    );
    let status = stage.run(&["batch", "status", "cats-2", "--json"]).last();
    assert_eq!(
        (&status["saved"], &status["cost"], &status["state"]),
        (&3.into(), &24.into(), &"ended".into())
    );
    let listed = stage.run(&["batch", "results", "cats-1"]);
    assert_eq!(listed.events(), results(&stage, "out/cats-1"));
    let unknown = stage.run(&["batch", "status", "dogs"]);
    assert!(unknown.error().contains("no run `dogs`"), "{unknown:?}");
    // What is a line of a run is no open work of its own.
    assert_eq!(stage.run(&["resume"]).stderr, "nothing is open\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_share_a_ledger_and_no_run() {
    let stage = Stage::with(|sim| sim.time(SimTime::real(20.0))).await;
    stage.write("cats.jsonl", lines(12).as_bytes());
    stage.write("dogs.jsonl", lines(12).replace("cat", "dog").as_bytes());
    let mut other = stage.program(&["batch", "cats.jsonl"]);
    let mut other = other
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    until("it begins", || !stage.sim.workflows().is_empty());
    let busy = stage.run(&["batch", "resume", "cats-1"]);
    assert_eq!(busy.code, 2, "{busy:?}");
    assert!(
        busy.error()
            .contains("another process works on the run cats-1"),
        "{busy:?}"
    );
    let ran = stage.run(&["batch", "dogs.jsonl"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(other.wait().unwrap().success());
    for folder in ["out/cats-1", "out/dogs-1"] {
        assert_eq!(states(&results(&stage, folder)), ["saved"; 12]);
    }
    assert_eq!(stage.sim.workflows().len(), 24);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_called_off() {
    let stage = Stage::with(|sim| sim.time(SimTime::manual())).await;
    stage.write("cats.jsonl", lines(20).as_bytes());
    let mut child = stage.program(&["batch", "cats.jsonl", "--at-once", "4"]);
    let mut child = child
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    until("it begins", || stage.sim.workflows().len() == 4);
    let ran = stage.run(&["batch", "cancel", "cats-1"]);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "cancelled cats-1\n"),
        "{ran:?}"
    );
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert_eq!((stage.sim.workflows().len(), stage.paid()), (4, 0));
    assert_eq!(states(&results(&stage, "out/cats-1")), ["canceled"; 20]);
    let again = stage.run(&["batch", "resume", "cats-1"]);
    assert!(again.error().contains("was canceled"), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_another_run_is_refused() {
    let stage = Stage::fast().await;
    stage.write("cats.jsonl", lines(1).as_bytes());
    assert_eq!(stage.run(&["batch", "cats.jsonl", "--out", "here"]).code, 0);
    let again = stage.run(&["batch", "cats.jsonl", "--out", "here"]);
    assert_eq!(again.code, 2, "{again:?}");
    assert!(again.error().contains("another run"), "{again:?}");
    assert_eq!(stage.submissions(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_account_it_runs_on_the_simulator_inside() {
    let stage = Stage::fast().await;
    stage.write("cats.jsonl", lines(3).as_bytes());
    let ran = stage.run(&["batch", "cats.jsonl", "--local"]);
    assert_eq!((ran.code, ran.paths().len()), (0, 3), "{ran:?}");
    assert!(stage.sim.requests().is_empty());
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn who_is_asked_to_end_says_how_to_go_on() {
    for signal in ["INT", "TERM"] {
        let stage = Stage::with(|sim| sim.time(SimTime::manual())).await;
        stage.write("cats.jsonl", lines(3).as_bytes());
        let mut child = stage.program(&["batch", "cats.jsonl"]);
        let child = child
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        until("it begins", || stage.sim.workflows().len() == 3);
        let mut kill = std::process::Command::new("kill");
        let killed = kill.args(["-s", signal, &child.id().to_string()]).status();
        assert!(killed.unwrap().success());
        let ended = child.wait_with_output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(130), "{said}");
        assert!(
            said.ends_with("go on with: civitai-jobs batch resume cats-1\n"),
            "{said}"
        );
        assert!(stage.dir.path().join("out/cats-1/index.html").exists());
        stage.sim.advance(Duration::from_secs(600));
        let ran = stage.run(&["batch", "resume"]);
        assert_eq!((ran.code, stage.sim.workflows().len()), (0, 3), "{ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_of_a_newer_program_is_refused() {
    let stage = Stage::fast().await;
    stage.write("cats.jsonl", lines(1).as_bytes());
    assert_eq!(
        stage
            .run(&["batch", "cats.jsonl", "--ledger", "a.sqlite"])
            .code,
        0
    );
    // The number of steps stands in the header of the file, and in the log that is newer.
    for log in ["a.sqlite-wal", "a.sqlite-shm"] {
        let _was_closed = std::fs::remove_file(stage.dir.path().join(log));
    }
    let file = stage.dir.path().join("a.sqlite");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(&file, bytes).unwrap();
    for args in [
        &["batch", "cats.jsonl"][..],
        &["batch", "status"],
        &["batch", "resume"],
    ] {
        let ran = stage.run(&[args, &["--ledger", "a.sqlite"]].concat());
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.error().contains("newer version"), "{ran:?}");
    }
    assert_eq!(stage.submissions(), 1);
}
