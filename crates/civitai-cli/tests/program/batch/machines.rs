//! One run, several processes, one Postgres: each line once, whoever dies.

use std::process::{Child, Stdio};
use std::time::Duration;

use civitai_jobs::Clock as _;
use civitai_sim::{Fault, SimTime};

use super::{lines, pictures, results, states, told_cost, until};
use crate::postgres::Server;
use crate::stage::{Stage, run};

/// Starts the program with a ledger that is shared.
fn start(stage: &Stage, server: &Server, args: &[&str]) -> Child {
    let mut command = stage.program(args);
    let command = command.env("CIVITAI_LEDGER", server.address());
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Three workers on so many lines: two are killed, the server is restarted once.
async fn shared(test: &str, count: usize, lost: f64, takeover: &str) {
    let Some(server) = Server::start(test) else {
        return;
    };
    let undisturbed = Stage::with(|sim| sim.time(SimTime::real(60.0)).seed(1).workers(16)).await;
    undisturbed.write("cats.jsonl", lines(count).as_bytes());
    let ran = undisturbed.run(&["batch", "cats.jsonl", "--out", "out", "--at-once", "16"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let expected = pictures(&undisturbed, "out");

    let stage = Stage::with(|sim| {
        let sim = sim.time(SimTime::real(60.0)).seed(1).workers(16);
        sim.chance(lost, Fault::DropReply)
    })
    .await;
    stage.write("cats.jsonl", lines(count).as_bytes());
    let begin = [
        "batch",
        "cats.jsonl",
        "--out",
        "out",
        "--takeover",
        takeover,
    ];
    let mut first = start(&stage, &server, &begin);
    let worker = ["worker", "cats-1", "--takeover", takeover];
    until("it begins", || !stage.sim.workflows().is_empty());
    let mut second = start(&stage, &server, &worker);
    let third = start(&stage, &server, &worker);
    until("a quarter is submitted", || {
        stage.sim.workflows().len() >= count / 4
    });
    first.kill().unwrap();
    first.wait().unwrap();
    until("half is submitted", || {
        stage.sim.workflows().len() >= count / 2
    });
    server.down();
    server.up();
    until("more is submitted", || {
        stage.sim.workflows().len() >= count * 5 / 8
    });
    second.kill().unwrap();
    second.wait().unwrap();
    let third = third.wait_with_output().unwrap();
    assert!(third.status.success(), "{third:?}");

    let mut end = stage.program(&["batch", "resume", "cats-1"]);
    end.env("CIVITAI_LEDGER", server.address());
    let ran = run(end);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(pictures(&stage, "out") == expected, "other pictures");
    assert_eq!(stage.sim.workflows().len(), count, "a line is there twice");
    assert_eq!(states(&results(&stage, "out")), vec!["saved"; count]);
    assert_eq!(
        (told_cost(&ran), stage.paid()),
        (undisturbed.paid(), undisturbed.paid())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_three_workers_die_and_the_server_restarts() {
    shared(
        "two_of_three_workers_die_and_the_server_restarts",
        48,
        0.0,
        "6s",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes; CONTRIBUTING.md has the command"]
async fn a_thousand_lines_on_three_workers() {
    shared("a_thousand_lines_on_three_workers", 1_000, 0.0, "10s").await;
    shared("a_thousand_lines_on_three_workers", 1_000, 0.3, "10s").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes; CONTRIBUTING.md has the command"]
async fn a_server_that_is_gone_for_a_minute_is_waited_for() {
    let Some(server) = Server::start("a_server_that_is_gone_for_a_minute_is_waited_for") else {
        return;
    };
    let stage = Stage::with(|sim| sim.time(SimTime::real(60.0)).seed(1).workers(4)).await;
    stage.write("cats.jsonl", lines(120).as_bytes());
    let begin = ["batch", "cats.jsonl", "--out", "out"];
    let first = start(&stage, &server, &begin);
    until("it begins", || !stage.sim.workflows().is_empty());
    let second = start(&stage, &server, &["worker", "cats-1"]);
    until("a quarter is submitted", || {
        stage.sim.workflows().len() >= 30
    });
    server.down();
    // An hour of the simulator, a minute for the database.
    stage.sim.clock().sleep(Duration::from_secs(3_600)).await;
    server.up();
    for worker in [first, second] {
        let worker = worker.wait_with_output().unwrap();
        assert!(worker.status.success(), "{worker:?}");
    }
    assert_eq!(stage.sim.workflows().len(), 120, "a line is there twice");
    assert_eq!(states(&results(&stage, "out")), vec!["saved"; 120]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_budget_holds_for_all_machines_together() {
    let Some(server) = Server::start("a_budget_holds_for_all_machines_together") else {
        return;
    };
    let stage = Stage::with(|sim| sim.time(SimTime::real(1_000.0)).workers(16)).await;
    stage.write("cats.jsonl", lines(100).as_bytes());
    let first = start(&stage, &server, &["batch", "cats.jsonl", "--budget", "400"]);
    until("it begins", || !stage.sim.workflows().is_empty());
    let others = [(); 2].map(|()| start(&stage, &server, &["worker"]));
    let first = first.wait_with_output().unwrap();
    assert_eq!(first.status.code(), Some(7), "{first:?}");
    for other in others {
        let other = other.wait_with_output().unwrap();
        assert!(other.status.success(), "{other:?}");
    }
    assert_eq!((stage.submissions(), stage.paid()), (50, 400));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_all_commands_know_is_in_the_shared_ledger_as_well() {
    let Some(server) = Server::start("what_all_commands_know_is_in_the_shared_ledger_as_well")
    else {
        return;
    };
    let stage = Stage::fast().await;
    let address = server.address();
    let with = |args: &[&str]| stage.run(&[args, &["--ledger", &address]].concat());
    assert_eq!(
        with(&["generate", "fog", "--size", "64x64", "--budget", "100"]).code,
        0
    );
    let again = with(&["generate", "fog", "--size", "64x64"]);
    assert!(again.stderr.contains("the same was asked for"), "{again:?}");
    let listed = with(&["list", "--local"]);
    assert!(listed.stdout.contains("out/fog-1.png"), "{listed:?}");
    assert_eq!(with(&["resume"]).stderr, "nothing is open\n");
    let file = stage.run(&["worker", "--ledger", "file.sqlite"]);
    assert_eq!(file.code, 2, "{file:?}");
    assert!(file.error().contains("machines share"), "{file:?}");
    let gone = stage.run(&[
        "batch",
        "status",
        "--ledger",
        "postgres://me:secret@127.0.0.1:1/db",
    ]);
    assert_eq!(gone.code, 2, "{gone:?}");
    assert!(!gone.error().contains("secret"), "{gone:?}");
}
