//! What a request must look like, whatever it asks for, and how a refusal looks.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::caller::{Caller, builder, echo, workflow};

#[tokio::test]
async fn media_types_have_no_case() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let body = workflow(&[echo(&json!("hello"))]).to_string();
    for media_type in [
        "APPLICATION/JSON",
        "Application/Json-Patch+JSON; Charset=UTF-8",
    ] {
        let request = caller.request(Method::POST, "workflows").body(body.clone());
        let reply = request
            .header("content-type", media_type)
            .send()
            .await
            .unwrap();
        assert_eq!(reply.status(), 202, "{media_type}");
    }
    let png = civitai_sim::paint("fog", 1, 8, 8).unwrap();
    let upload = caller.request(Method::POST, "blobs").body(png);
    let reply = upload
        .header("content-type", "IMAGE/PNG")
        .send()
        .await
        .unwrap();
    let blob: Value = reply.json().await.unwrap();
    assert_eq!(
        (&blob["width"], &blob["type"]),
        (&json!(8), &json!("image"))
    );
}

#[tokio::test]
async fn every_refusal_is_a_problem_document() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    for (method, path, status) in [
        (Method::PUT, "workflows", 405),
        (Method::GET, "recipes/echo", 405),
        (Method::DELETE, "blobs", 405),
        (Method::GET, "workflows/%ff", 400),
        (Method::GET, "blobs/%ff", 400),
        (Method::GET, "nothing", 404),
    ] {
        let reply = caller.request(method.clone(), path).send().await.unwrap();
        assert_eq!(reply.status(), status, "{method} {path}");
        let media_type = reply.headers()["content-type"].to_str().unwrap().to_owned();
        assert!(
            media_type.starts_with("application/problem+json"),
            "{method} {path}"
        );
        let problem: Value = reply.json().await.unwrap();
        assert_eq!(problem["status"], status, "{method} {path}");
        assert!(problem["detail"].is_string(), "{method} {path}");
    }
}

#[tokio::test]
async fn parameters_that_are_none_are_refused() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let input = json!({"message": "hello"});
    for query in [
        "experimental=zz",
        "ephemeral=zz",
        "whatif=zz",
        "allowMatureContent=zz",
    ] {
        let (status, _) = caller.post(&format!("recipes/echo?{query}"), &input).await;
        assert_eq!(status, 400, "{query}");
    }
    for path in ["workflows?take=2147483648", "workflows?toDate=zz"] {
        let (status, problem) = caller.get(path).await;
        assert_eq!(status, 400, "{path}: {problem}");
    }
    assert_eq!(caller.get("workflows?take=2147483647").await.0, 200);
    let services = format!("{}/v2/services?status=", sim.base_url());
    for (status, answer) in [("zz", 400), ("available", 200), ("degraded", 200)] {
        let reply = caller
            .http
            .get(format!("{services}{status}"))
            .send()
            .await
            .unwrap();
        assert_eq!(reply.status(), answer, "{status}");
    }
}

#[tokio::test]
async fn a_request_says_which_host_it_means() {
    let sim = builder().start().await.unwrap();
    let address = sim.base_url().strip_prefix("http://").unwrap();
    for (head, status) in [
        ("GET /v2/services HTTP/1.1\r\n", "400"),
        ("GET /v2/services HTTP/1.1\r\nHost: here\r\n", "200"),
        ("GET /v2/services HTTP/1.0\r\n", "200"),
    ] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("{head}Connection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).await.unwrap();
        let line = String::from_utf8_lossy(&reply);
        assert_eq!(line.split(' ').nth(1), Some(status), "{head}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_head_that_never_ends_is_given_up() {
    let sim = builder().start().await.unwrap();
    let address = sim.base_url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(b"GET /v2/services HTTP/1.1\r\nHost: h")
        .await
        .unwrap();
    let mut reply = Vec::new();
    // The wall's clock is the test's here, and runs ahead while nothing else happens.
    let ended = stream.read_to_end(&mut reply).await;
    assert!(
        ended.is_err() || reply.is_empty() || reply.starts_with(b"HTTP/1.1 408"),
        "{reply:?}"
    );
}
