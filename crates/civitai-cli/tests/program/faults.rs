//! What goes wrong on the other side with jobs of the older API, and the exit code for it.

use std::time::Duration;

use civitai_sim::{Fault, Origin, SimTime};

use crate::stage::{CANARY, Stage, advised, program, run};

const GENERATE: &[&str] = &[
    "generate", "fog", "--api", "v1", "--size", "64x64", "--seed", "1",
];

#[tokio::test(flavor = "multi_thread")]
async fn what_the_service_answers_decides_the_exit_code() {
    for (fault, code, part) in [
        (Fault::Status(400), 1, "400"),
        (Fault::Status(402), 1, "Buzz"),
        (Fault::Status(401), 3, "CIVITAI_API_TOKEN"),
        (Fault::Status(403), 3, "CIVITAI_API_TOKEN"),
        (Fault::Throttled(Duration::from_secs(99)), 1, "429"),
        // A second is too short to be sure that there is no job.
        (Fault::HtmlPage, 4, "web page"),
        (Fault::Status(503), 5, "clientKey:"),
    ] {
        let stage = Stage::fast().await;
        stage.sim.fail_next(Origin::Api, fault.clone());
        let ran = stage.run(&[GENERATE, &["--timeout", "1s"]].concat());
        assert_eq!(ran.code, code, "{fault:?}: {ran:?}");
        assert!(ran.error().contains(part), "{fault:?}: {ran:?}");
        assert_eq!((ran.stdout.as_str(), stage.saved().len()), ("", 0));
        let sent = stage.sim.requests().into_iter();
        let sent = sent.filter(|sent| sent.path == "/v1/consumer/jobs");
        assert_eq!(sent.count(), 1, "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_answer_was_lost_is_found_and_finished() {
    for fault in [Fault::DropReply, Fault::EmptyBody, Fault::StatusAfter(503)] {
        let stage = Stage::fast().await;
        stage.sim.fail_next(Origin::Api, fault);
        let ran = stage.run(GENERATE);
        assert_eq!((ran.code, ran.paths().len()), (0, 1), "{ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_could_not_be_found_is_picked_up_by_its_key() {
    let stage = Stage::fast().await;
    stage.sim.fail_next(Origin::Api, Fault::DropReply);
    stage.sim.fail_next(Origin::Api, Fault::Status(404));
    let ran = stage.run(GENERATE);
    assert_eq!(ran.code, 5, "{ran:?}");
    let again = stage.run(&advised(ran.error()));
    assert_eq!((again.code, again.paths().len()), (0, 1), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_fails_tells_why() {
    let stage = Stage::with(|sim| {
        sim.time(SimTime::real(1_000.0))
            .fail_when(|_| Some("Too\ndark.".to_owned()))
    });
    let ran = stage.await.run(GENERATE);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.error().contains("Too dark."), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_deadline_the_job_can_be_picked_up() {
    let stage = Stage::with(|sim| sim.time(SimTime::manual())).await;
    let ran = stage.run(&[GENERATE, &["--timeout", "1s"]].concat());
    assert_eq!(ran.code, 5, "{ran:?}");
    stage.sim.advance(Duration::from_secs(60));
    let again = stage.run(&advised(ran.error()));
    assert_eq!((again.code, stage.saved().len()), (0, 1), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_cannot_be_saved_can_be_fetched_later() {
    let stage = Stage::fast().await;
    stage.sim.fail_next(Origin::Blob, Fault::Status(501));
    let ran = stage.run(GENERATE);
    assert_eq!((ran.code, stage.saved().len()), (6, 0), "{ran:?}");
    let again = stage.run(&advised(ran.error()));
    assert_eq!((again.code, stage.saved().len()), (0, 1), "{again:?}");
}

#[test]
fn an_address_where_nobody_is() {
    let dir = tempfile::tempdir().unwrap();
    for args in [
        &["generate", "fog"][..],
        &["generate", "fog", "--api", "v1"],
        &["resume", "dG9rZW4="],
    ] {
        let args = [args, &["--base-url", "http://127.0.0.1:1"]].concat();
        let mut command = program(dir.path(), &args);
        command.env("CIVITAI_API_TOKEN", CANARY);
        let ran = run(command);
        assert_eq!(ran.code, 4, "{ran:?}");
        assert!(ran.error().contains("cannot be reached"), "{ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn resuming_tells_a_wrong_token_and_a_wrong_address_at_once() {
    for (fault, code) in [
        (None, 1),
        (Some(Fault::HtmlPage), 4),
        (Some(Fault::Status(401)), 3),
    ] {
        let stage = Stage::fast().await;
        if let Some(fault) = fault {
            stage.sim.fail_next(Origin::Api, fault);
        }
        let ran = stage.run(&["resume", "bm90aGluZw=="]);
        assert_eq!(ran.code, code, "{ran:?}");
        ran.error();
        assert_eq!(stage.sim.requests().len(), 1);
    }
}
