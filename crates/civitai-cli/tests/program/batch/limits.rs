//! What a run may spend and lose, and what stops it.

use std::time::Duration;

use civitai_sim::{Fault, Origin, SimTime};

use super::{lines, results, states, told_cost};
use crate::stage::{CANARY, Stage, program, run};

#[tokio::test(flavor = "multi_thread")]
async fn a_budget_holds_whatever_runs_at_once() {
    let stage = Stage::fast().await;
    stage.write("cats.jsonl", lines(100).as_bytes());
    let ran = stage.run(&["batch", "cats.jsonl", "--budget", "400", "--at-once", "16"]);
    assert_eq!(ran.code, 7, "{ran:?}");
    assert!(
        ran.error().contains("400 of the budget of 400 are spent"),
        "{ran:?}"
    );
    assert_eq!(
        (stage.submissions(), stage.paid(), told_cost(&ran)),
        (50, 400, 400)
    );
    let states: Vec<String> = states(&results(&stage, "out/cats-1"))
        .into_iter()
        .map(str::to_owned)
        .collect();
    assert_eq!(
        states.iter().filter(|state| *state == "waiting").count(),
        50
    );

    // It goes on with more, and pays for nothing again.
    let command = crate::stage::advised(ran.error());
    assert_eq!(command, ["batch", "resume", "cats-1"]);
    let ran = stage.run(&["batch", "resume", "cats-1", "--budget", "800"]);
    assert_eq!(
        (ran.code, stage.submissions(), stage.paid()),
        (0, 100, 800),
        "{ran:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_too_dear_fails_alone() {
    let stage = Stage::fast().await;
    stage.write(
        "a.jsonl",
        b"{\"prompt\": \"fog\"}\n{\"prompt\": \"fog\", \"quantity\": 4}\n",
    );
    let ran = stage.run(&["batch", "a.jsonl", "--max-cost", "20", "--size", "64x64"]);
    assert_eq!((ran.code, stage.submissions()), (1, 1), "{ran:?}");
    let lines = results(&stage, "out/a-1");
    assert_eq!(states(&lines), ["saved", "failed"]);
    assert!(
        lines[1]["reason"]
            .as_str()
            .unwrap()
            .contains("--max-cost allows 20"),
        "{lines:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_stop_a_run_and_are_tried_again() {
    let stage = Stage::with(|sim| {
        sim.time(SimTime::real(1_000.0))
            .fail_when(|job| job.prompt().contains('3').then(|| "Too dark.".to_owned()))
    })
    .await;
    stage.write("cats.jsonl", lines(10).as_bytes());
    let ran = stage.run(&[
        "batch",
        "cats.jsonl",
        "--max-failures",
        "1",
        "--at-once",
        "1",
    ]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("Too dark."), "{ran:?}");
    assert!(ran.error().contains("--max-failures"), "{ran:?}");
    assert_eq!(stage.submissions(), 3);

    let ran = stage.run(&["batch", "retry-failed", "cats-1", "--at-once", "1"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(stage.submissions(), 4, "{ran:?}");
    let ran = stage.run(&["batch", "resume", "cats-1", "--max-failures", "5"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.error().contains("retry-failed cats-1"), "{ran:?}");
    assert_eq!(
        (stage.submissions(), told_cost(&ran)),
        (11, stage.paid()),
        "{ran:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_is_submitted_in_a_minute_than_is_allowed() {
    let stage = Stage::with(|sim| sim.time(SimTime::real(1.0)).work_delay(Duration::ZERO)).await;
    stage.write("cats.jsonl", lines(5).as_bytes());
    let ran = stage.run(&[
        "batch",
        "cats.jsonl",
        "--per-minute",
        "600",
        "--at-once",
        "8",
    ]);
    assert_eq!((ran.code, stage.submissions()), (0, 5), "{ran:?}");
    // The first one asks for its turn before it is sent, and the last one waits for four turns more.
    let requests = stage.sim.requests();
    let submissions = requests.iter().filter(|request| request.method == "POST");
    assert!(
        submissions.map(|request| request.at).max() >= Some(Duration::from_millis(400)),
        "{requests:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_stops_a_run_and_nothing_is_lost() {
    let stage = Stage::fast().await;
    stage.write("cats.jsonl", lines(5).as_bytes());
    let mut command = program(stage.dir.path(), &["batch", "cats.jsonl"]);
    command
        .env("CIVITAI_API_TOKEN", "wrong")
        .env("CIVITAI_BASE_URL", stage.sim.base_url());
    let ran = run(command);
    assert_eq!((ran.code, stage.sim.workflows().len()), (3, 0), "{ran:?}");
    assert!(ran.error().contains("refused the token"), "{ran:?}");
    let ran = stage.run(&["batch", "resume"]);
    assert_eq!((ran.code, stage.sim.workflows().len()), (0, 5), "{ran:?}");
    assert!(!ran.stderr.contains(CANARY));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_never_ends_is_given_up_and_taken_up() {
    let stage = Stage::with(|sim| sim.time(SimTime::manual())).await;
    stage.write("cats.jsonl", lines(2).as_bytes());
    let ran = stage.run(&["batch", "cats.jsonl", "--timeout", "1s"]);
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(ran.stderr.contains("given up for now"), "{ran:?}");
    stage.sim.advance(Duration::from_secs(600));
    let ran = stage.run(&["batch", "resume"]);
    assert_eq!((ran.code, stage.sim.workflows().len()), (0, 2), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_away_for_a_while_is_waited_for() {
    let stage = Stage::fast().await;
    stage.write("cats.jsonl", lines(1).as_bytes());
    for _ in 0..12 {
        stage.sim.fail_next(Origin::Api, Fault::Status(503));
    }
    let ran = stage.run(&["batch", "cats.jsonl", "--max-cost", "50"]);
    assert_eq!((ran.code, stage.submissions()), (0, 1), "{ran:?}");
    assert!(ran.stderr.contains("line 1 is tried again"), "{ran:?}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_takes_no_more_ends_a_run_which_goes_on_later() {
    let stage = Stage::fast().await;
    stage.write("cats.jsonl", lines(40).as_bytes());
    let args = ["batch", "cats.jsonl", "--at-once", "4"];
    let mut command = crate::disk::under_a_limit(stage.dir.path(), 1_300, &args);
    command
        .env("CIVITAI_API_TOKEN", CANARY)
        .env("CIVITAI_BASE_URL", stage.sim.base_url());
    let ran = run(command);
    assert_eq!(ran.code, 6, "{ran:?}");
    assert!(ran.error().contains("the ledger"), "{ran:?}");
    assert!(ran.error().ends_with("batch resume cats-1"), "{ran:?}");
    let ran = stage.run(&["batch", "resume"]);
    assert_eq!((ran.code, stage.sim.workflows().len()), (0, 40), "{ran:?}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stops_a_run_which_goes_on_where_there_is_space() {
    let large =
        civitai_sim::Content::new("image/png", &b"\x89PNG\r\n\x1a\n"[..]).padded_to(8 << 20);
    let stage = Stage::with(|sim| {
        sim.time(SimTime::real(1_000.0))
            .content_when(move |job| job.prompt().contains('7').then(|| large.clone()))
    })
    .await;
    stage.write("cats.jsonl", lines(12).as_bytes());
    let args = ["batch", "cats.jsonl", "--at-once", "2"];
    let mut command = crate::disk::under_a_limit(stage.dir.path(), 14_000, &args);
    command
        .env("CIVITAI_API_TOKEN", CANARY)
        .env("CIVITAI_BASE_URL", stage.sim.base_url());
    let ran = run(command);
    assert_eq!(ran.code, 6, "{ran:?}");
    assert!(ran.error().contains("cannot write to"), "{ran:?}");
    let submitted = stage.sim.workflows().len();
    assert!(submitted < 12, "{ran:?}");
    let ran = stage.run(&["batch", "resume"]);
    assert_eq!((ran.code, stage.sim.workflows().len()), (0, 12), "{ran:?}");
    assert_eq!(states(&results(&stage, "out/cats-1")), ["saved"; 12]);
}
