//! Scenario files: what goes wrong with which request, the same each time.

use civitai_sim::{Scenario, Simulator};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::caller::{Caller, builder, id, job, secs, token};

fn scenario(text: &str) -> Scenario {
    text.parse().unwrap()
}

/// What a server sends back, byte for byte.
async fn raw(sim: &Simulator, line: &str) -> Vec<u8> {
    let address = sim.base_url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let token = sim.token();
    let request = format!(
        "{line} HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut reply = Vec::new();
    // A cut connection is a reply as well.
    let _ = stream.read_to_end(&mut reply).await;
    reply
}

#[tokio::test]
async fn the_same_seed_gives_the_same_transcript() {
    let transcript = async |seed: u64| {
        let builder = builder()
            .seed(seed)
            .scenario(scenario(include_str!("../../scenarios/rough-day.json")));
        let sim = builder.start().await.unwrap();
        let mut transcript = Vec::new();
        for number in 0..200 {
            transcript.extend(
                raw(
                    &sim,
                    &format!("GET /v2/services?limit=1&offset={}", number % 7),
                )
                .await,
            );
            transcript.extend(raw(&sim, "GET /v2/consumer/workflows").await);
        }
        transcript
    };
    let (first, again, other) = (
        transcript(7).await,
        transcript(7).await,
        transcript(8).await,
    );
    assert!(first == again, "the transcripts differ");
    assert!(first != other, "another seed gives the same");
    let text = String::from_utf8_lossy(&first);
    for line in [
        "HTTP/1.1 503",
        "HTTP/1.1 429",
        "retry-after: 2",
        "HTTP/1.1 200",
    ] {
        assert!(text.contains(line), "no `{line}`");
    }
}

#[tokio::test]
async fn replies_are_spoiled_as_a_scenario_says() {
    let rules = scenario(include_str!("../../scenarios/odd-replies.json"));
    let sim = builder().scenario(rules).start().await.unwrap();
    let caller = Caller::new(&sim);
    let (_, batch) = caller.post("jobs", &json!({"jobs": [job(), job()]})).await;
    assert_eq!(batch["jobs"].as_array().unwrap().len(), 1);
    let path = format!("jobs?token={}", token(&batch));
    let reply = caller
        .request(reqwest::Method::GET, &path)
        .send()
        .await
        .unwrap();
    assert_eq!(reply.status(), StatusCode::ACCEPTED);
    assert!(reply.bytes().await.unwrap().is_empty());
    let one = format!("jobs/{}", id(&batch));
    assert_eq!(caller.get(&one).await.0, StatusCode::NOT_FOUND);
    assert_eq!(caller.get(&one).await.0, StatusCode::NOT_FOUND);
    assert_eq!(caller.get(&one).await.0, StatusCode::OK);

    sim.advance(secs(60));
    let (_, done) = caller.get(&path).await;
    let link = done["jobs"][0]["result"]["blobUrl"].as_str().unwrap();
    let fetch = || caller.http.get(link).send();
    let document = fetch().await.unwrap();
    assert_eq!(
        (document.status(), &document.headers()["content-type"]),
        (StatusCode::OK, &"application/xml".parse().unwrap())
    );
    assert_eq!(fetch().await.unwrap().status(), StatusCode::GONE);
    assert!(
        fetch().await.unwrap().bytes().await.is_err(),
        "the length was wrong"
    );
    let unmeasured = fetch().await.unwrap();
    assert_eq!(unmeasured.content_length(), None);
    assert_eq!(&unmeasured.bytes().await.unwrap()[1..4], b"PNG");
    assert_eq!(
        fetch().await.unwrap().headers()["content-type"],
        "text/html"
    );

    let packed = raw(&sim, "GET /v2/services").await;
    let head = String::from_utf8_lossy(&packed);
    assert!(
        head.contains("content-encoding: gzip") && head.contains("x-odd: 1"),
        "{head}"
    );
    let marked = raw(&sim, "GET /v2/services").await;
    assert!(
        marked.windows(5).any(|part| part == b"\n\xef\xbb\xbf{"),
        "no mark"
    );
    let empty = raw(&sim, "GET /v2/services").await;
    assert!(empty.starts_with(b"HTTP/1.1 200") && empty.ends_with(b"\r\n\r\n"));
    assert!(raw(&sim, "GET /v2/services").await.is_empty());
}

#[tokio::test]
async fn members_of_workflows_become_others_one_after_the_other() {
    let rules = scenario(include_str!("../../scenarios/odd-replies.json"));
    let sim = builder().scenario(rules).start().await.unwrap();
    let caller = Caller::new(&sim);
    let workflows = format!("{}/v2/consumer/workflows", sim.base_url());
    let step = json!({"$type": "imageGen", "input": {
        "engine": "flux2", "model": "klein", "operation": "createImage", "modelVersion": "4b", "prompt": "bare",
    }});
    let submission = json!({"steps": [step], "currencies": [], "allowMatureContent": false});
    let reply = caller
        .http
        .post(&workflows)
        .bearer_auth(sim.token())
        .json(&submission)
        .send()
        .await;
    let submitted: Value = reply.unwrap().json().await.unwrap();
    sim.advance(secs(60));
    let one = format!("{workflows}/{}", submitted["id"].as_str().unwrap());
    let look = async || -> Value {
        let reply = caller
            .http
            .get(&one)
            .bearer_auth(sim.token())
            .send()
            .await
            .unwrap();
        reply.json().await.unwrap()
    };
    assert_eq!(look().await["status"], "dreaming");
    assert_eq!(look().await["steps"][0]["$type"], "danceGen");
    assert_eq!(look().await["mood"], json!({"light": "low"}));
    assert!(look().await["cost"].is_array());
    assert_eq!(look().await["tags"], Value::Null);
    assert!(!look().await["createdAt"].as_str().unwrap().ends_with('Z'));
    assert_eq!(
        look().await["steps"][0]["output"]["images"][0]["available"],
        false
    );
    let plain = look().await;
    assert_eq!(plain["status"], "succeeded");
    assert_eq!(plain["steps"][0]["output"]["images"][0]["nsfwLevel"], "r");
    assert!(
        plain["createdAt"]
            .as_str()
            .unwrap()
            .starts_with("2025-12-31T23:55:"),
        "{plain}"
    );
}
