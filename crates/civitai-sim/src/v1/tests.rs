//! The core through simulated time.

use std::time::Duration;

use serde_json::{Value, json};

use crate::builder::SimulatorBuilder;
use crate::core::rule::Submission;
use crate::core::time::SimTime;

use super::change::cancel;
use super::listing::matching;
use super::run::advance;
use super::state::State;
use super::submission;
use super::submit::submit;
use super::view::{self, Depth};

const ORIGIN: &str = "http://blobs";

fn builder() -> SimulatorBuilder {
    SimulatorBuilder::new()
        .seed(7)
        .queue_delay(secs(2))
        .work_delay(secs(8))
        .upload_lag(secs(1))
        .workers(1)
        .balance(100.0)
}

fn service(builder: SimulatorBuilder) -> State {
    let mut setup = builder.setup;
    setup.start = SimTime::manual().start();
    State::new(setup, builder.v1)
}

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn job(prompt: &str, more: &Value) -> Value {
    let mut job = json!({
        "$type": "textToImage",
        "params": {"prompt": prompt, "width": 512, "height": 512, "seed": 40},
    });
    for (name, value) in more.as_object().unwrap() {
        job[name] = value.clone();
    }
    job
}

impl State {
    fn take(&mut self, job: &Value) -> usize {
        let templates = submission::read(job.to_string().as_bytes()).unwrap();
        let token = submit(self, templates, true).unwrap();
        self.store.batch(&token).unwrap()[0]
    }

    fn look(&mut self, now: Duration, job: usize) -> Value {
        advance(self, now);
        let mut statuses = view::statuses(self, &[job], Depth::WithEvent, ORIGIN);
        let status = statuses.pop().unwrap();
        serde_json::to_value(status).unwrap()
    }
}

#[test]
fn a_job_walks_from_initialized_to_succeeded() {
    let mut service = service(builder());
    let job = service.take(&job("a bay", &json!({})));
    for (at, event, scheduled, available) in [
        (0, "Initialized", true, false),
        (1, "Initialized", true, false),
        (2, "Claimed", true, false),
        (4, "Updated", true, false),
        (9, "Updated", true, false),
        // Drawn, but not uploaded yet: neither scheduled nor available.
        (10, "Succeeded", false, false),
        (11, "Succeeded", false, true),
        (90, "Succeeded", false, true),
    ] {
        let status = service.look(secs(at), job);
        assert_eq!(status["lastEvent"]["type"], event, "at {at} s");
        assert_eq!(status["scheduled"], scheduled, "at {at} s");
        assert_eq!(status["result"]["available"], available, "at {at} s");
        assert_eq!(
            status["result"]["blobUrl"].is_string(),
            available,
            "at {at} s"
        );
    }
    let status = service.look(secs(90), job);
    assert_eq!(status["lastEvent"]["jobDuration"], "00:00:10");
    assert_eq!(status["lastEvent"]["claimDuration"], "00:00:08");
    assert_eq!(status["lastEvent"]["dateTime"], "2026-01-01T00:00:10Z");
    assert_eq!(
        status["result"]["blobUrlExpirationDate"],
        "2026-01-01T01:01:30Z"
    );
    assert_eq!(status["result"]["seed"], 40);
    assert_eq!(status["result"]["blobKey"].as_str().unwrap().len(), 64);
}

#[test]
fn one_long_step_of_time_ends_where_many_short_ones_do() {
    let run = |steps: &[u64]| {
        let mut service = service(builder().workers(2));
        let jobs: Vec<_> = (1..6)
            .map(|n| service.take(&job("x", &json!({"quantity": n}))))
            .collect();
        for &at in steps {
            advance(&mut service, secs(at));
        }
        jobs.into_iter()
            .map(|job| service.store.job(job).phase().clone())
            .collect::<Vec<_>>()
    };
    let short: Vec<u64> = (0..=60).collect();
    assert_eq!(run(&short), run(&[60]));
}

#[test]
fn a_job_waits_behind_earlier_ones_and_is_told_so() {
    let mut service = service(builder());
    let jobs: Vec<_> = (0..3)
        .map(|_| service.take(&job("x", &json!({}))))
        .collect();
    let status = service.look(secs(1), jobs[2]);
    let position = &status["serviceProviders"]["Civitai"]["queuePosition"];
    assert_eq!(position["precedingJobs"], 2);
    assert_eq!(position["precedingCost"], 2.0);
    assert_eq!(position["estimatedStartDuration"], "00:00:17");
    assert_eq!(position["estimatedStartDate"], "2026-01-01T00:00:18Z");
    let status = service.look(secs(18), jobs[2]);
    assert_eq!(status["lastEvent"]["type"], "Claimed");
    assert_eq!(status["serviceProviders"], json!({}));
}

#[test]
fn several_images_come_as_an_array_one_after_the_other() {
    let mut service = service(builder());
    let job = service.take(&job("x", &json!({"quantity": 3})));
    for (at, available) in [(0, 0), (10, 0), (11, 1), (19, 2), (26, 2), (27, 3)] {
        let status = service.look(secs(at), job);
        let items = status["result"].as_array().unwrap();
        let count = items
            .iter()
            .filter(|item| item["available"] == true)
            .count();
        assert_eq!((items.len(), count), (3, available), "at {at} s");
        let seeds: Vec<_> = items
            .iter()
            .map(|item| item["seed"].as_u64().unwrap())
            .collect();
        assert_eq!(seeds, [40, 41, 42]);
    }
}

#[test]
fn early_links_show_before_the_blob_is_there() {
    let mut service = service(builder().early_links(true));
    let job = service.take(&job("x", &json!({})));
    let result = service.look(secs(10), job)["result"].take();
    assert_eq!(result["available"], false);
    assert!(result["blobUrl"].is_string());
}

#[test]
fn properties_are_echoed_with_the_request_id_in_both_spellings() {
    let mut service = service(builder());
    let job = service.take(&job(
        "x",
        &json!({"properties": {"user": 7, "tags": ["a"]}}),
    ));
    let properties = service.look(secs(0), job)["properties"].take();
    assert_eq!(properties["user"], 7);
    assert_eq!(properties["tags"], json!(["a"]));
    assert_eq!(properties["requestId"], properties["RequestId"]);
    assert!(properties["requestId"].is_string());
}

#[test]
fn all_properties_of_a_query_must_match() {
    let mut service = service(builder());
    for (user, run) in [(1, "a"), (1, "b"), (2, "a"), (1, "a")] {
        service.take(&job(
            "x",
            &json!({"properties": {"user": user, "run": {"name": run}}}),
        ));
    }
    for (wanted, found) in [
        (json!({}), vec![0, 1, 2, 3]),
        (json!({"user": 1}), vec![0, 1, 3]),
        (json!({"user": 1, "run": {"name": "a"}}), vec![0, 3]),
        (json!({"user": "1"}), vec![]),
        (json!({"absent": null}), vec![]),
    ] {
        assert_eq!(
            matching(&service, 0, wanted.as_object().unwrap()),
            found,
            "{wanted}"
        );
    }
}

#[test]
fn a_failing_job_says_why_keeps_no_result_and_costs_nothing() {
    let rule = |job: &Submission<'_>| {
        job.prompt()
            .contains("eclipse")
            .then(|| "Too dark.".to_owned())
    };
    let mut service = service(builder().fail_when(rule));
    let job = service.take(&job("an eclipse", &json!({})));
    assert_eq!(service.wallet.balance(), 99.0);
    assert_eq!(service.look(secs(5), job)["lastEvent"]["type"], "Updated");
    let status = service.look(secs(6), job);
    assert_eq!(status["lastEvent"]["type"], "Failed");
    assert_eq!(status["lastEvent"]["context"]["message"], "Too dark.");
    assert_eq!(status["scheduled"], false);
    assert!(status.get("result").is_none());
    assert_eq!(service.wallet.balance(), 100.0);
}

#[test]
fn cancelling_refunds_what_was_not_delivered() {
    for (at, force, event, balance) in [
        (0, true, "Deleted", 100.0),
        (0, false, "Deleted", 100.0),
        (3, true, "Deleted", 100.0),
        (3, false, "Claimed", 96.0),
        (11, true, "Deleted", 99.0),
        (34, true, "Succeeded", 96.0),
    ] {
        let mut service = service(builder());
        let job = service.take(&job("x", &json!({"quantity": 4})));
        advance(&mut service, secs(at));
        cancel(&mut service, &[job], force);
        let status = service.look(secs(at), job);
        assert_eq!(
            status["lastEvent"]["type"], event,
            "at {at} s, force {force}"
        );
        assert_eq!(
            service.wallet.balance(),
            balance,
            "at {at} s, force {force}"
        );
        assert_eq!(status["scheduled"], event == "Claimed");
    }
}

#[test]
fn a_job_that_no_worker_takes_in_time_expires() {
    let mut service = service(builder());
    service.take(&job("first", &json!({})));
    let late = service.take(&job("x", &json!({"expireAt": "2026-01-01T00:00:05Z"})));
    let taken = service.look(secs(4), late);
    assert_eq!(taken["lastEvent"]["type"], "Initialized");
    let status = service.look(secs(6), late);
    assert_eq!(status["lastEvent"]["type"], "Expired");
    assert_eq!(status["lastEvent"]["dateTime"], "2026-01-01T00:00:05Z");
    assert_eq!(service.wallet.balance(), 99.0);
}

#[test]
fn price_follows_size_steps_and_quantity_and_must_be_covered() {
    for (more, price) in [
        (json!({}), 1.0),
        (json!({"quantity": 5}), 5.0),
        (
            json!({"params": {"prompt": "x", "width": 1024, "height": 1024, "steps": 15}}),
            2.0,
        ),
        (
            json!({"params": {"prompt": "x", "width": 64, "height": 64}}),
            0.02,
        ),
        (json!({"$type": "prepareModel"}), 0.0),
        (json!({"$type": "comfy", "params": {}}), 1.0),
    ] {
        let mut service = service(builder());
        service.take(&job("x", &more));
        assert_eq!(service.wallet.balance(), 100.0 - price);
    }
    let mut service = service(builder().balance(1.5));
    let both = json!({"jobs": [job("a", &json!({})), job("b", &json!({}))]});
    let refused = submit(
        &mut service,
        submission::read(both.to_string().as_bytes()).unwrap(),
        true,
    )
    .unwrap_err();
    assert_eq!(refused.status(), 402);
    assert_eq!(
        (service.wallet.balance(), service.store.jobs().len()),
        (1.5, 0)
    );
}

#[test]
fn jobs_without_pictures_succeed_without_a_result() {
    let mut service = service(builder());
    let job = service.take(&json!({"$type": "uploadBlob", "key": "AB"}));
    let status = service.look(secs(10), job);
    assert_eq!(status["lastEvent"]["type"], "Succeeded");
    assert_eq!(status["lastEvent"]["jobType"], "UploadBlob");
    assert!(status.get("result").is_none());
}

#[test]
fn equal_seeds_give_equal_replies_and_others_do_not() {
    let run = |seed| {
        let mut service = service(builder().seed(seed));
        let mut free = job("x", &json!({"quantity": 2}));
        free["params"]["seed"] = json!(-1);
        let token = submit(
            &mut service,
            submission::read(free.to_string().as_bytes()).unwrap(),
            true,
        )
        .unwrap();
        (token, service.look(secs(60), 0))
    };
    assert_eq!(run(7), run(7));
    let ((token, status), (other_token, other_status)) = (run(7), run(8));
    assert_ne!(token, other_token);
    assert_ne!(
        status["result"][0]["seed"],
        other_status["result"][0]["seed"]
    );
}

#[test]
fn a_token_is_found_with_and_without_its_padding() {
    let mut service = service(builder());
    let token = submit(
        &mut service,
        submission::read(job("x", &json!({})).to_string().as_bytes()).unwrap(),
        true,
    );
    let token = token.unwrap();
    assert_eq!(
        service.store.batch(token.trim_end_matches('=')),
        Ok(vec![0])
    );
    assert_eq!(service.store.batch(&token), Ok(vec![0]));
    assert!(service.store.batch("bm90aGluZw==").is_err());
}
