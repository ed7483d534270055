//! Replies as the service sends them, and what each one means.

use serde_json::{Value, json};

use super::*;

/// Reads a reply by token or by id, as a poll does.
fn seen(reply: &Value) -> BatchSnapshot {
    let jobs = match reply.get("jobs") {
        Some(_) => decode::<types::JobStatusCollection>(reply).jobs,
        None => Some(vec![decode(reply)]),
    };
    let jobs = jobs.unwrap_or_default();
    BatchSnapshot::new(&"dG9rZW4=".parse().unwrap(), &jobs)
}

fn decode<T: civitai_api::Blank>(reply: &Value) -> T {
    civitai_api::decode(reply.to_string().as_bytes()).unwrap()
}

fn available(snapshot: &BatchSnapshot) -> usize {
    let files = snapshot.files();
    files.iter().filter(|file| file.is_available()).count()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "so that a table of literals reads well"
)]
fn batch(job: Value) -> Value {
    json!({"token": "dG9rZW4=", "jobs": [job]})
}

fn blob(available: bool) -> Value {
    json!({"blobKey": "5A".repeat(32), "available": available, "seed": 7})
}

#[test]
fn each_reply_means_one_state() {
    use Phase::*;
    let hex = "5a".repeat(32);
    let linked = json!({"blobKey": hex, "available": true, "blobUrl": "https://blobs.test/1?sig=a",
        "blobUrlExpirationDate": "2026-01-01T00:00:00Z"});
    let early =
        json!({"blobKey": hex, "available": false, "blobUrl": "https://blobs.test/1?sig=a"});
    let event = |kind: &str| json!({"jobId": "1", "lastEvent": {"type": kind}});
    let place = json!({"Civitai": {"support": "Available",
        "queuePosition": {"precedingJobs": 3, "estimatedStartDuration": "00:00:09"}}});
    let ticks = json!({"ticks": 437_707_452, "days": 0, "totalSeconds": 43.77});
    for (case, reply, state, files) in [
        (
            "just submitted",
            batch(json!({"jobId": "1", "cost": 1, "result": blob(false), "scheduled": true})),
            Running,
            0,
        ),
        (
            "an object",
            batch(json!({"jobId": "1", "result": linked})),
            Succeeded,
            1,
        ),
        (
            "an array of one",
            batch(json!({"jobId": "1", "result": [linked]})),
            Succeeded,
            1,
        ),
        (
            "an array of many",
            batch(json!({"jobId": "1", "scheduled": false, "result": [linked, blob(true)]})),
            Succeeded,
            2,
        ),
        (
            "a part of an array",
            batch(json!({"jobId": "1", "scheduled": true, "result": [linked, blob(false)]})),
            Running,
            1,
        ),
        (
            "not scheduled, not available",
            batch(json!({"jobId": "1", "cost": 0.64, "scheduled": false, "result": [blob(false)]})),
            Undecided,
            0,
        ),
        (
            "a link before the file",
            batch(json!({"jobId": "1", "scheduled": false, "result": early})),
            Undecided,
            0,
        ),
        (
            "no result",
            batch(json!({"jobId": "1", "scheduled": false})),
            Undecided,
            0,
        ),
        (
            "a null result",
            batch(json!({"jobId": "1", "result": null})),
            Undecided,
            0,
        ),
        ("nothing at all", batch(json!({})), Undecided, 0),
        (
            "no jobs",
            json!({"token": "dG9rZW4=", "jobs": []}),
            Undecided,
            0,
        ),
        ("failed", event("Failed"), Failed, 0),
        ("expired", event("Expired"), Expired, 0),
        ("deleted", event("Deleted"), Canceled, 0),
        (
            "one attempt failed",
            batch(json!({"jobId": "1",
                "lastEvent": {"type": "Failed", "jobHasCompleted": false, "retryAttempt": 1}})),
            Queued,
            0,
        ),
        ("a claim ran out", event("ClaimExpired"), Queued, 0),
        ("rejected late", event("LateRejected"), Queued, 0),
        ("rejected", event("Rejected"), Queued, 0),
        ("initialized", event("Initialized"), Queued, 0),
        ("claimed", event("Claimed"), Running, 0),
        ("updated", event("Updated"), Running, 0),
        ("a new word", event("Teleported"), Running, 0),
        ("done, no files", event("Succeeded"), Succeeded, 0),
        (
            "done, files on their way",
            batch(
                json!({"jobId": "1", "scheduled": false, "result": blob(false),
                "lastEvent": {"type": "Succeeded", "jobHasCompleted": true}}),
            ),
            Running,
            0,
        ),
        (
            "durations as text",
            batch(json!({"jobId": "1", "lastEvent": {"type": "Updated",
                "claimDuration": "00:00:43.7707452", "serviceProvider": "Civitai"}})),
            Running,
            0,
        ),
        (
            "durations as objects",
            batch(
                json!({"jobId": "1", "result": linked, "lastEvent": {"type": "Succeeded",
                "claimDuration": ticks, "jobDuration": ticks}}),
            ),
            Succeeded,
            1,
        ),
        (
            "a hex id, by id",
            json!({"jobId": hex, "result": linked}),
            Succeeded,
            1,
        ),
        (
            "no providers",
            batch(json!({"jobId": "1", "scheduled": true, "serviceProviders": {}})),
            Running,
            0,
        ),
        (
            "a place in the queue",
            batch(json!({"jobId": "1", "scheduled": true, "serviceProviders": place})),
            Queued,
            0,
        ),
        (
            "another kind of result",
            batch(json!({"jobId": "1", "scheduled": false, "result": {"tags": {"fog": 0.9}}})),
            Undecided,
            0,
        ),
    ] {
        let snapshot = seen(&reply);
        assert_eq!(snapshot.phase(), state, "{case}");
        assert_eq!(available(&snapshot), files, "{case}");
    }
}

#[test]
fn a_batch_is_over_when_all_of_it_is() {
    use Phase::*;
    for (states, whole) in [
        (&[Succeeded, Succeeded][..], Succeeded),
        (&[Succeeded, Queued], Running),
        (&[Queued, Queued], Queued),
        (&[Failed, Running], Running),
        (&[Failed, Undecided], Undecided),
        (&[Succeeded, Failed], Failed),
        (&[Canceled, Expired], Expired),
        (&[Canceled, Succeeded], Canceled),
        (&[], Undecided),
    ] {
        assert_eq!(state::of_batch(states.iter().copied()), whole, "{states:?}");
    }
}

#[test]
fn a_snapshot_tells_price_place_and_reason() {
    let snapshot = seen(&json!({"jobs": [
        {"jobId": "1", "cost": 0.64, "properties": {"requestId": "a", "RequestId": "a"},
            "lastEvent": {"type": "Failed", "context": {"attempt": 1, "message": "Too dark."}}},
        {"jobId": "2", "cost": 1.5, "scheduled": true, "serviceProviders": {
            "Slow": {"queuePosition": {"precedingJobs": 1, "estimatedStartDuration": "00:05:00"}},
            "Fast": {"queuePosition": {"precedingJobs": 4, "estimatedStartDuration": "00:00:30"}},
            "Never": {"support": "Unsupported", "queuePosition": {"precedingJobs": 0}}}},
    ]}));
    assert_eq!(snapshot.cost(), Some(Buzz::from_f64(2.14)));
    assert_eq!(snapshot.reason(), Some("Too dark."));
    let place = snapshot.queue().unwrap();
    assert_eq!(
        (place.provider.as_str(), place.preceding_jobs),
        ("Fast", Some(4))
    );
    assert_eq!(place.starts_in, Some(std::time::Duration::from_secs(30)));
}

#[test]
fn a_link_is_not_shown() {
    let linked =
        json!({"blobKey": "AB", "available": true, "blobUrl": "https://b.test/?sig=canary"});
    let snapshot = seen(&batch(json!({"jobId": "1", "result": linked})));
    assert!(!format!("{snapshot:?}").contains("canary"));
    assert!(snapshot.files()[0].url().unwrap().contains("canary"));
}

#[test]
fn a_token_survives_what_else_cannot_be_read() {
    let reply = batch(json!({"jobId": "1", "lastEvent": {"claimDuration": {"ticks": 1}}}));
    let read: types::JobStatusCollection = decode(&reply);
    assert_eq!(read.token.as_deref(), Some("dG9rZW4="));
}

#[test]
fn a_stored_snapshot_comes_back_without_its_links() {
    let linked =
        json!({"blobKey": "AB", "available": true, "blobUrl": "https://b.test/?sig=canary"});
    let snapshot = seen(&batch(
        json!({"jobId": "1", "cost": 0.64, "result": linked}),
    ));
    let text = serde_json::to_string(&snapshot).unwrap();
    assert!(!text.contains("canary"), "{text}");
    let back: BatchSnapshot = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (back.phase(), back.cost()),
        (snapshot.phase(), snapshot.cost())
    );
    let file = &back.files()[0];
    assert!(file.is_available() && file.url().is_none());
    assert_eq!((file.work_id(), file.blob_id()), ("1", Some("AB")));
}
