//! A whole run, recorded and played again.

use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{CANARY, Caller, Stage, picture, play};

const ONE: &str = "0190a8f2-7c3e-7b1a-9c2d-3e4f5a6b7c8d";
const OTHER: &str = "0190a8f2-7c3e-7b1a-9c2d-000000000000";

/// Submits a picture, waits for it and fetches it; then a batch of version 1 by its token.
async fn run(caller: &Caller, key: &str) -> (Value, Vec<Vec<u8>>) {
    let (status, submitted) = caller
        .post("/v2/consumer/workflows?wait=30", &picture("fog", key))
        .await;
    assert_eq!(status, 200, "{submitted}");
    let path = format!(
        "/v2/consumer/workflows/{}",
        submitted["id"].as_str().unwrap()
    );
    let (_, shown) = caller.get(&path).await;
    let link = shown["steps"][0]["output"]["images"][0]["url"].as_str();
    let mut files = vec![caller.fetch(link.unwrap()).await];
    let job =
        json!({"$type": "textToImage", "params": {"prompt": "fog", "width": 64, "height": 64}});
    let (status, batch) = caller.post("/v1/consumer/jobs?wait=true", &job).await;
    assert_eq!(status, 200, "{batch}");
    let token = batch["token"].as_str().unwrap().replace('+', "%2B");
    let (status, batch) = caller
        .get(&format!("/v1/consumer/jobs?token={token}"))
        .await;
    assert_eq!(status, 200, "{batch}");
    let link = batch["jobs"][0]["result"]["blobUrl"].as_str();
    files.push(caller.fetch(link.unwrap()).await);
    (shown, files)
}

/// Whether a workflow has this key; the service writes the account in front of it.
fn is_key(workflow: &Value, key: &str) -> bool {
    workflow["externalId"].as_str().unwrap().ends_with(key)
}

#[tokio::test]
async fn a_run_is_the_same_without_the_service() {
    let stage = Stage::new().await;
    let recording = stage.record().await;
    let (workflow, files) = run(&recording, ONE).await;
    assert!(is_key(&workflow, ONE));
    let places = [
        recording.cassette.base_url(),
        recording.cassette.storage_url(),
    ];
    let places = places.map(ToOwned::to_owned);
    let (replay, folder) = stage.replay(recording).await;
    // The key of a submission is another in each run, and comes back as it was sent.
    let (again, same) = run(&replay, OTHER).await;
    assert!(files == same && files.iter().all(|file| &file[1..4] == b"PNG"));
    assert!(is_key(&again, OTHER), "{again}");
    assert_eq!(
        (&again["id"], &again["cost"]),
        (&workflow["id"], &workflow["cost"])
    );
    // A second client of the same replay gets the last answers again.
    assert!(run(&replay, ONE).await.1 == files);

    let text = std::fs::read_to_string(folder.path().join("run.jsonl")).unwrap();
    assert!(!text.contains(CANARY), "the token is in the cassette");
    for place in places {
        assert!(!text.contains(&place), "{place} is in the cassette");
    }
    let secret = ["sig=", "exp=", "X-Amz-Signature=", "token="];
    for (at, name) in secret.iter().flat_map(|name| text.match_indices(*name)) {
        let value = &text[at + name.len()..];
        assert!(value.starts_with("hidden"), "{}", &value[..20]);
    }
}

#[tokio::test]
async fn equal_requests_get_their_answers_in_order_and_the_last_one_stays() {
    let stage = Stage::new().await;
    let recording = stage.record().await;
    let path = "/v2/consumer/workflows?tags=mine&take=5";
    let mut counts = Vec::new();
    for key in [ONE, OTHER] {
        let mut workflow = picture("fog", key);
        workflow["tags"] = json!(["mine"]);
        recording.post("/v2/consumer/workflows", &workflow).await;
        let (_, list) = recording.get(path).await;
        counts.push(list["items"].as_array().unwrap().len());
    }
    assert_eq!(counts, [1, 2]);
    let (replay, _folder) = stage.replay(recording).await;
    let mut again = Vec::new();
    // The order of parameters does not count.
    for path in [path, "/v2/consumer/workflows?take=5&tags=mine", path] {
        let (_, list) = replay.get(path).await;
        again.push(list["items"].as_array().unwrap().len());
    }
    assert_eq!(again, [1, 2, 2]);
}

#[tokio::test]
async fn each_of_several_keys_keeps_its_own_answers() {
    let stage = Stage::new().await;
    let recording = stage.record().await;
    let mut ids = Vec::new();
    for key in [ONE, OTHER] {
        let (_, one) = recording
            .post("/v2/consumer/workflows", &picture("fog", key))
            .await;
        ids.push(one["id"].clone());
    }
    let (replay, _folder) = stage.replay(recording).await;
    let keys = [ONE.replace("01", "aa"), OTHER.replace("01", "bb")];
    let mut again = Vec::new();
    // Each key is sent twice, as after a lost answer.
    for key in [&keys[0], &keys[1], &keys[0], &keys[1]] {
        let (_, one) = replay
            .post("/v2/consumer/workflows", &picture("fog", key))
            .await;
        assert!(is_key(&one, key), "{one}");
        again.push(one["id"].clone());
    }
    assert_eq!(again, [&ids[..], &ids[..]].concat());
}

#[tokio::test]
async fn what_was_written_before_the_end_can_be_played() {
    let stage = Stage::new().await;
    let recording = stage.record().await;
    let (status, _) = recording.get("/v2/consumer/workflows").await;
    assert_eq!(status, 200);
    // The recording is neither stopped nor told that it will be.
    let replay = play(&stage.file()).await;
    assert_eq!(replay.get("/v2/consumer/workflows").await.0, 200);
    assert_eq!(
        replay
            .send(Method::HEAD, "/v2/consumer/workflows", None)
            .await
            .status(),
        501
    );
}
