//! What a cassette does not have, and what cannot be recorded.

use civitai_sim::cassette::{Recording, Replay};
use serde_json::json;

use crate::stage::{Stage, picture};

const KEY: &str = "0190a8f2-7c3e-7b1a-9c2d-3e4f5a6b7c8d";

#[tokio::test]
async fn what_was_not_recorded_is_said_with_what_comes_nearest() {
    let stage = Stage::new().await;
    let recording = stage.record().await;
    recording
        .post("/v2/consumer/workflows?wait=30", &picture("fog", KEY))
        .await;
    recording.get("/v1/consumer/consumption").await;
    let (replay, _folder) = stage.replay(recording).await;
    for (path, body, words) in [
        (
            "/v2/consumer/workflows?wait=30",
            picture("rain", KEY),
            ["`/steps/0/input/prompt`", "`\"fog\"` was recorded"],
        ),
        (
            "/v2/consumer/workflows?wait=5",
            picture("fog", KEY),
            ["workflows?wait=30`", "in the query"],
        ),
        (
            "/v1/consumer/consumption",
            json!({}),
            ["`GET /v1/", "in the method"],
        ),
        (
            "/v1/consumer/coverage",
            json!({}),
            ["consumption`", "in the path"],
        ),
    ] {
        let (status, problem) = replay.post(path, &body).await;
        assert_eq!((status, &problem["status"]), (501, &json!(501)));
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.starts_with(&format!("The cassette has no answer to `POST {path}`")));
        assert!(words.iter().all(|word| detail.contains(word)), "{detail}");
    }
}

#[tokio::test]
async fn hidden_prompts_still_meet_their_answers() {
    let stage = Stage::new().await;
    let recording = Recording::of(stage.sim.base_url(), stage.file()).hide_prompts(true);
    let cassette = recording.start().await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let send = async |base: &str| {
        let url = format!("{base}/v2/consumer/workflows?wait=30");
        let request = http.post(url).bearer_auth(stage.sim.token());
        let reply = request
            .json(&picture("a secret place", KEY))
            .send()
            .await
            .unwrap();
        (reply.status().as_u16(), reply.text().await.unwrap())
    };
    let (status, answer) = send(cassette.base_url()).await;
    assert!(
        status == 200 && answer.contains("a secret place"),
        "{answer}"
    );
    cassette.shutdown().await.unwrap();
    let text = std::fs::read_to_string(stage.file()).unwrap();
    assert!(
        !text.contains("a secret place") && text.contains("imageGen"),
        "{text}"
    );
    let replay = Replay::of(stage.file()).start().await.unwrap();
    assert_eq!(send(replay.base_url()).await.0, 200);
}

#[tokio::test]
async fn a_service_that_is_not_there_is_no_answer_and_no_line() {
    let stage = Stage::new().await;
    let recording = stage.record().await;
    recording.get("/v2/consumer/workflows").await;
    let file = stage.file();
    stage.sim.shutdown().await;
    let (status, problem) = recording.get("/v2/consumer/workflows").await;
    assert_eq!(status, 502);
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("did not answer"),
        "{problem}"
    );
    recording.cassette.shutdown().await.unwrap();
    assert_eq!(std::fs::read_to_string(file).unwrap().lines().count(), 2);
}

#[tokio::test]
async fn an_address_that_is_none_and_a_file_that_is_none_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.jsonl");
    for address in [
        "service.example",
        "ftp://service.example",
        "https://a.example/?token=x",
    ] {
        let error = Recording::of(address, &file).start().await.unwrap_err();
        assert!(error.to_string().contains("no address"), "{error}");
    }
    assert!(!file.exists());
    std::fs::write(&file, "{}").unwrap();
    let error = Recording::of("http://127.0.0.1:1", &file)
        .start()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("is there already"), "{error}");
    let error = Replay::of(&file).start().await.unwrap_err();
    assert!(error.to_string().contains("is no cassette"), "{error}");
}
