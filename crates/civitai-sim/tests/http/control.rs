//! The page and the controls under `/_sim`.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::{Caller, builder, job, secs};

fn on(sim: &civitai_sim::Simulator, path: &str) -> String {
    format!("{}{path}", sim.base_url())
}

#[tokio::test]
async fn nothing_is_there_unless_it_is_switched_on() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    for path in ["/", "/_sim/overview", "/_sim/time"] {
        let reply = caller
            .http
            .get(on(&sim, path))
            .bearer_auth(sim.token())
            .send()
            .await
            .unwrap();
        assert_eq!(reply.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_page_is_small_and_asks_for_nothing_from_elsewhere() {
    let sim = builder().control(true).start().await.unwrap();
    let caller = Caller::new(&sim);
    let mut size = 0;
    for (path, media_type) in [
        ("/", "text/html"),
        ("/_sim/page.css", "text/css"),
        ("/_sim/page.js", "text/javascript"),
    ] {
        let reply = caller.http.get(on(&sim, path)).send().await.unwrap();
        let given = reply.headers()["content-type"].to_str().unwrap().to_owned();
        assert!(given.starts_with(media_type), "{path}: {given}");
        let text = reply.text().await.unwrap();
        assert!(!text.contains("://"), "{path} names an address");
        size += text.len();
    }
    assert!(size < 100_000, "{size} bytes");
    assert!(sim.requests().is_empty(), "looking on is no request");
}

#[tokio::test]
async fn what_goes_on_is_told_with_bodies_and_without_the_token() {
    let sim = builder()
        .control(true)
        .token("secret-canary")
        .start()
        .await
        .unwrap();
    let caller = Caller::new(&sim);
    caller.post("jobs", &job()).await;
    let step = json!({"$type": "echo", "input": {"message": "hello"}});
    let workflow = json!({"steps": [step], "currencies": []});
    let started = caller
        .http
        .post(on(&sim, "/_sim/workflows"))
        .json(&workflow)
        .send()
        .await
        .unwrap();
    assert_eq!(started.status(), StatusCode::ACCEPTED);
    sim.advance(secs(60));
    let reply = caller
        .http
        .get(on(&sim, "/_sim/overview"))
        .send()
        .await
        .unwrap();
    let text = reply.text().await.unwrap();
    assert!(!text.contains("secret-canary"), "{text}");
    let overview: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        overview["v2"]["workflows"][0]["steps"][0]["status"],
        "succeeded"
    );
    assert_eq!(overview["v1"]["jobs"][0]["result"]["available"], true);
    let request = &overview["requests"][0];
    assert_eq!(
        (&request["method"], &request["status"]),
        (&json!("POST"), &json!(202))
    );
    let path = format!("/_sim/requests/{}", request["number"]);
    let bodies: Value = caller
        .http
        .get(on(&sim, &path))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert!(
        bodies["request"]
            .as_str()
            .unwrap()
            .contains("a lighthouse in fog"),
        "{bodies}"
    );
    assert!(
        bodies["reply"].as_str().unwrap().contains("\"token\""),
        "{bodies}"
    );
}

#[tokio::test]
async fn time_and_faults_are_in_the_hands_of_who_looks_on() {
    let sim = builder().control(true).start().await.unwrap();
    let caller = Caller::new(&sim);
    let send = async |method: Method, path: &str, body: Value| {
        let reply = caller
            .http
            .request(method, on(&sim, path))
            .json(&body)
            .send()
            .await
            .unwrap();
        reply.status().as_u16()
    };
    assert_eq!(
        send(Method::POST, "/_sim/time", json!({"advance": 90})).await,
        200
    );
    assert_eq!(sim.elapsed(), secs(90));
    for wrong in [
        json!({"advance": -1}),
        json!({"speed": "fast"}),
        json!({"sped": "1"}),
    ] {
        assert_eq!(send(Method::POST, "/_sim/time", wrong).await, 400);
    }
    assert_eq!(
        send(Method::POST, "/_sim/time", json!({"speed": "max"})).await,
        200
    );
    assert_eq!(sim.speed(), civitai_sim::Speed::Max);

    let rule = json!({"on": {"path": "/v1/*"}, "do": [{"fault": "status", "status": 418}]});
    assert_eq!(send(Method::POST, "/_sim/faults", rule).await, 201);
    assert_eq!(
        send(
            Method::POST,
            "/_sim/faults",
            json!({"do": [{"fault": "explode"}]})
        )
        .await,
        400
    );
    let reply = caller
        .request(Method::GET, "consumption")
        .send()
        .await
        .unwrap();
    assert_eq!(reply.status(), StatusCode::IM_A_TEAPOT);
    let rules: Value = caller
        .http
        .get(on(&sim, "/_sim/faults"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        (&rules[0]["seen"], &rules[0]["struck"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(send(Method::DELETE, "/_sim/faults", Value::Null).await, 204);
    assert_eq!(caller.get("consumption").await.0, StatusCode::OK);
}

#[tokio::test]
async fn events_tell_of_changes_as_they_come() {
    let sim = builder().control(true).start().await.unwrap();
    let caller = Caller::new(&sim);
    let mut events = caller
        .http
        .get(on(&sim, "/_sim/events"))
        .send()
        .await
        .unwrap();
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    let first = events.chunk().await.unwrap().unwrap();
    assert!(first.starts_with(b"data: {"));
    caller.post("jobs", &job()).await;
    let mut told = Vec::new();
    while !String::from_utf8_lossy(&told).contains("TextToImage") {
        told.extend(events.chunk().await.unwrap().unwrap());
    }
    sim.shutdown().await;
    assert!(
        !matches!(events.chunk().await, Ok(Some(_))),
        "the stream ends with the simulator"
    );
}
