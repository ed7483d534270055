//! Submitting, looking, waiting, cancelling, and what is refused.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::{Caller, builder, id, job, read, secs, token};

#[tokio::test]
async fn a_job_goes_from_202_to_200_with_a_link() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    for body in [job(), json!({"jobs": [job()]})] {
        let (status, batch) = caller.post("jobs", &body).await;
        assert_eq!(status, StatusCode::ACCEPTED);
        assert_eq!(batch["jobs"][0]["scheduled"], true);
        assert_eq!(batch["jobs"][0]["result"]["available"], false);
        assert!(batch["jobs"][0].get("lastEvent").is_none());

        let path = format!("jobs?token={}", token(&batch));
        sim.advance(secs(10));
        let (status, lagging) = caller.get(&path).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(lagging["jobs"][0]["scheduled"], false);
        assert_eq!(lagging["jobs"][0]["result"]["available"], false);
        sim.advance(secs(1));
        let (_, done) = caller.get(&path).await;
        let link = done["jobs"][0]["result"]["blobUrl"].as_str().unwrap();
        assert!(link.starts_with(sim.blob_url()), "{link}");

        let (status, one) = caller
            .get(&format!("jobs/{}?detailed=true", id(&batch)))
            .await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(one["lastEvent"]["type"], "Succeeded");
        assert_eq!(one["job"]["params"]["width"], 128);
        assert_eq!(one["job"]["type"], "TextToImage");
    }
    sim.shutdown().await;
}

#[tokio::test]
async fn a_wait_is_held_until_the_file_is_there() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let body = job();
    let submission = caller.post("jobs?wait=true", &body);
    let time = async {
        sim.until_held(1).await;
        sim.advance(secs(9));
        // The work is over, and the image is being uploaded.
        sim.advance(secs(1));
        sim.advance(secs(1));
    };
    let ((status, batch), ()) = tokio::join!(submission, time);
    assert_eq!(status, StatusCode::OK);
    assert_eq!(batch["jobs"][0]["scheduled"], false);
    assert_eq!(batch["jobs"][0]["result"]["available"], true);
}

#[tokio::test]
async fn a_price_check_neither_runs_nor_costs() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let (status, priced) = caller.post("jobs?whatif=true", &job()).await;
    assert_eq!(status, StatusCode::OK);
    let cost = priced["jobs"][0]["cost"].as_f64().unwrap();
    assert!(
        cost > 0.0 && priced["jobs"][0]["scheduled"] == false,
        "{priced}"
    );
    sim.advance(secs(60));
    let (_, used) = caller.get("consumption").await;
    let (_, page) = caller.post("jobs/query", &json!({})).await;
    assert_eq!(
        (sim.balance(), &page["jobs"]),
        (10_000.0, &json!([])),
        "{used}"
    );
    let (status, batch) = caller.post("jobs?charge=false", &job()).await;
    assert_eq!((status, sim.balance()), (StatusCode::ACCEPTED, 10_000.0));
    assert_eq!(batch["jobs"][0]["cost"], 0.0);
    caller.post("jobs", &job()).await;
    assert_eq!(sim.balance(), 10_000.0 - cost);
}

#[tokio::test]
async fn a_prompt_may_be_absent_and_not_empty() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    for (prompt, answer) in [(json!(null), 202), (json!(" "), 400)] {
        let mut body = job();
        body["params"]["prompt"] = prompt;
        assert_eq!(caller.post("jobs", &body).await.0.as_u16(), answer);
    }
}

#[tokio::test]
async fn a_wait_is_cut_after_a_hundred_seconds() {
    let sim = builder().queue_delay(secs(500)).start().await.unwrap();
    let caller = Caller::new(&sim);
    let (_, batch) = caller.post("jobs", &job()).await;
    let path = format!("jobs?token={}&wait=true", token(&batch));
    let time = async {
        sim.until_held(1).await;
        sim.advance(secs(100));
    };
    let ((status, _), ()) = tokio::join!(caller.get(&path), time);
    assert_eq!(status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn cancelling_ends_a_wait() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    for by_token in [true, false] {
        let (_, batch) = caller.post("jobs", &job()).await;
        let (token, id) = (token(&batch), id(&batch));
        let path = format!("jobs?token={token}&wait=true");
        let cancel = async {
            sim.until_held(1).await;
            let path = if by_token {
                format!("jobs?token={token}")
            } else {
                format!("jobs/{id}")
            };
            caller.delete(&path).await
        };
        let ((status, _), cancelled) = tokio::join!(caller.get(&path), cancel);
        assert_eq!((status, cancelled), (StatusCode::OK, StatusCode::OK));
        let (_, one) = caller.get(&format!("jobs/{id}")).await;
        assert_eq!(one["lastEvent"]["type"], "Deleted");
    }
    assert_eq!(sim.balance(), 10_000.0);
}

#[tokio::test]
async fn a_query_pages_through_what_matches() {
    let sim = builder().page_size(2).start().await.unwrap();
    let caller = Caller::new(&sim);
    let mut others = job();
    others["properties"] = json!({"run": "r2"});
    let jobs: Vec<Value> = (0..5).flat_map(|_| [job(), others.clone()]).collect();
    caller.post("jobs", &json!({ "jobs": jobs })).await;

    let mut sizes = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let ask = json!({"cursor": cursor, "properties": {"run": "r2"}});
        let (status, page) = caller.post("jobs/query", &ask).await;
        assert_eq!(status, StatusCode::OK);
        let jobs = page["jobs"].as_array().unwrap();
        assert!(jobs.iter().all(|job| job["properties"]["run"] == "r2"));
        sizes.push(jobs.len());
        cursor = page["cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(sizes, [2, 2, 1]);
    let (status, _) = caller
        .post("jobs/query", &json!({"cursor": "made-up"}))
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn taints_count_the_jobs_they_touch() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let (_, batch) = caller.post("jobs", &json!({"jobs": [job(), job()]})).await;
    let put = |path: &str, body: Value| read(caller.request(Method::PUT, path).json(&body));
    let reason = json!({"reason": "six fingers"});
    let (_, by_token) = put(&format!("jobs?token={}", token(&batch)), reason.clone()).await;
    assert_eq!(by_token, json!({"jobs": 2}));
    let (_, by_label) = put("jobs", json!({"properties": {"run": "r1"}})).await;
    assert_eq!(by_label, json!({"jobs": 2}));
    let full = json!({"reason": "blurred", "context": {"edges": 0}});
    let (status, _) = put(&format!("jobs/{}", id(&batch)), full).await;
    assert_eq!(status, StatusCode::OK);
    let marks = sim.taints(id(&batch));
    let reasons: Vec<_> = marks.iter().map(|mark| mark.reason.as_deref()).collect();
    assert_eq!(reasons, [Some("six fingers"), None, Some("blurred")]);
    assert_eq!(marks[2].context["edges"], 0);
    for body in [reason, json!({"properties": 1}), json!({"properties": {}})] {
        assert_eq!(put("jobs", body).await.0, StatusCode::BAD_REQUEST);
    }
    for body in [json!({"reason": 1}), json!({"context": "edges"})] {
        let (status, _) = put(&format!("jobs/{}", id(&batch)), body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
    }
    assert_eq!(sim.taints(id(&batch)).len(), 3);
}

#[tokio::test]
async fn coverage_and_consumption_tell_what_there_is_and_was() {
    let sim = builder().uncovered("civitai:1@2").start().await.unwrap();
    let caller = Caller::new(&sim);
    let (_, coverage) = caller
        .get("coverage?model=civitai:1@2&model=civitai%3A3@4")
        .await;
    assert_eq!(
        coverage["civitai:1@2"],
        json!({"availability": "Unavailable", "workers": 0})
    );
    assert_eq!(
        coverage["civitai:3@4"],
        json!({"availability": "Available", "workers": 1})
    );

    let (_, before) = caller.get("consumption").await;
    assert_eq!(before["images"], 0);
    caller.finished_link().await;
    let (_, after) = caller
        .get("consumption?startDate=2026-01-01T00:00:00Z")
        .await;
    assert_eq!(after["images"], 1);
    assert_eq!(after["totalCost"], 0.05);
    assert_eq!(sim.balance(), 9_999.95);
    let (_, later) = caller
        .get("consumption?startDate=2026-01-01T00:00:11Z")
        .await;
    assert_eq!(later["images"], 0);
    let (_, ahead) = caller
        .get("consumption?startDate=2027-01-01T00:00:00Z")
        .await;
    assert_eq!(ahead["images"], 0);
}

#[tokio::test]
async fn refusals_are_problem_documents() {
    let sim = builder().balance(0.0).start().await.unwrap();
    let caller = Caller::new(&sim);
    let mut narrow = job();
    narrow["params"]["width"] = json!(32);
    let api = |method, path: &str| caller.request(method, path);
    let huge = format!("{{\"note\": \"{}\"}}", "x".repeat(1 << 20));
    let json_text = "application/json";
    let jobs = format!("{}/v1/consumer/jobs", sim.base_url());
    for (request, status, field) in [
        (api(Method::POST, "jobs").json(&narrow), 400, "params.width"),
        (
            api(Method::POST, "jobs").json(&json!({"jobs": [narrow]})),
            400,
            "jobs[0].params.width",
        ),
        (
            api(Method::POST, "jobs")
                .body("{")
                .header("content-type", json_text),
            400,
            "$",
        ),
        (
            api(Method::POST, "jobs")
                .body(huge)
                .header("content-type", json_text),
            413,
            "",
        ),
        (api(Method::POST, "jobs").body("{}"), 415, ""),
        (api(Method::POST, "jobs").json(&job()), 402, ""),
        (
            api(Method::POST, "jobs?wait=maybe").json(&job()),
            400,
            "wait",
        ),
        (
            caller.http.post(&jobs).json(&job()).bearer_auth("wrong"),
            401,
            "",
        ),
        (caller.http.get(&jobs), 401, ""),
        (api(Method::GET, "jobs"), 400, "token"),
        (api(Method::GET, "jobs?token=e30="), 404, ""),
        (
            api(Method::GET, "jobs/00000000-0000-4000-a000-000000000000"),
            404,
            "",
        ),
        (api(Method::DELETE, "jobs/none"), 404, ""),
        (api(Method::GET, "coverage?model=4384"), 400, "model"),
        (api(Method::GET, "coverage"), 400, "model"),
        (
            api(
                Method::GET,
                "consumption?startDate=2026-01-02T00:00:00Z&endDate=2026-01-01T00:00:00Z",
            ),
            400,
            "startDate",
        ),
        (
            api(Method::GET, "consumption?endDate=yesterday"),
            400,
            "endDate",
        ),
        (api(Method::GET, "nowhere"), 404, ""),
        (api(Method::PATCH, "jobs"), 405, ""),
    ] {
        let reply = request.send().await.unwrap();
        assert_eq!(reply.status().as_u16(), status, "{} {field}", reply.url());
        let media_type = reply.headers()["content-type"].to_str().unwrap().to_owned();
        assert!(
            media_type.starts_with("application/problem+json"),
            "{media_type}"
        );
        let problem: Value = reply.json().await.unwrap();
        assert_eq!(problem["status"], status);
        assert!(
            problem["title"].is_string() && problem["detail"].is_string(),
            "{problem}"
        );
        assert!(problem["traceId"].as_str().unwrap().starts_with("00-"));
        let named = problem["errors"]
            .as_object()
            .and_then(|errors| errors.keys().next());
        assert_eq!(named.map_or("", String::as_str), field, "{problem}");
    }
}
