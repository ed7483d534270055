//! Faults, the log, and the end of a simulator.

use std::net::SocketAddr;
use std::time::Duration;

use civitai_sim::{Fault, Origin, SimTime, Simulator, StartError};
use reqwest::Method;
use serde_json::{Value, json};

use crate::caller::{Caller, builder, job, secs};

#[tokio::test]
async fn a_fault_hits_one_request_and_only_some_carry_it_out() {
    for (fault, status, whole_body, carried_out) in [
        (Fault::Status(503), Some(503), true, false),
        (Fault::Throttled(secs(7)), Some(429), true, false),
        (Fault::HtmlPage, Some(200), true, false),
        (Fault::DropConnection, None, false, false),
        (Fault::StatusAfter(503), Some(503), true, true),
        (Fault::DropReply, None, false, true),
        (Fault::TruncateBody, Some(202), false, true),
        (Fault::EmptyBody, Some(202), true, true),
    ] {
        let sim = builder().start().await.unwrap();
        let caller = Caller::new(&sim);
        sim.fail_next(Origin::Api, fault.clone());
        let reply = caller
            .request(Method::POST, "jobs")
            .json(&job())
            .send()
            .await;
        assert_eq!(
            reply.as_ref().ok().map(|reply| reply.status().as_u16()),
            status,
            "{fault:?}"
        );
        if let Ok(reply) = reply {
            let hint = reply
                .headers()
                .get("retry-after")
                .map(|hint| hint.to_str().unwrap());
            assert_eq!(hint, matches!(fault, Fault::Throttled(_)).then_some("7"));
            assert_eq!(reply.bytes().await.is_ok(), whole_body, "{fault:?}");
        }
        let (_, page) = caller.post("jobs/query", &json!({})).await;
        let count = page["jobs"].as_array().unwrap().len();
        assert_eq!(count, usize::from(carried_out), "{fault:?}");
        assert_eq!(sim.requests()[0].status, status, "{fault:?}");
    }
}

#[tokio::test]
async fn storage_has_its_own_faults() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    sim.fail_next(Origin::Blob, Fault::TruncateBody);
    sim.fail_next(Origin::Blob, Fault::Status(500));
    let link = caller.finished_link().await;
    let cut = caller.http.get(&link).send().await.unwrap();
    assert_eq!(cut.status(), 200);
    assert!(cut.bytes().await.is_err());
    assert_eq!(caller.http.get(&link).send().await.unwrap().status(), 500);
    assert_eq!(caller.http.get(&link).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_log_tells_what_was_sent() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    sim.advance(secs(3));
    caller.get("jobs?token=none&wait=true").await;
    let log = sim.requests();
    assert_eq!(log.len(), 1);
    assert_eq!(
        (log[0].origin, log[0].method.as_str()),
        (Origin::Api, "GET")
    );
    assert_eq!(log[0].path, "/v1/consumer/jobs");
    assert_eq!(log[0].query.as_deref(), Some("token=none&wait=true"));
    assert_eq!(
        (log[0].status, log[0].authorization, log[0].at),
        (Some(404), true, secs(3))
    );
}

#[tokio::test]
async fn real_time_runs_as_fast_as_it_was_asked_to() {
    let time = SimTime::real(100_000.0);
    let sim = builder()
        .time(time)
        .work_delay(secs(3_000))
        .start()
        .await
        .unwrap();
    let caller = Caller::new(&sim);
    let mut path = "jobs?wait=true".to_owned();
    let mut reply = caller.post(&path, &job()).await;
    while reply.0 != 200 {
        path = format!("jobs?wait=true&token={}", crate::caller::token(&reply.1));
        reply = caller.get(&path).await;
    }
    assert!(sim.elapsed() >= secs(3_002));
    assert_eq!(reply.1["jobs"][0]["scheduled"], false);
}

#[tokio::test]
async fn shutdown_answers_held_requests_and_frees_the_ports() {
    let sim = builder().start().await.unwrap();
    let (url, token) = (sim.base_url().to_owned(), sim.token().to_owned());
    let http = crate::caller::http();
    let request = http
        .post(format!("{url}/v1/consumer/jobs?wait=true"))
        .bearer_auth(token);
    let held = tokio::spawn(request.json(&job()).send());
    sim.until_held(1).await;
    let ports = [address(sim.base_url()), address(sim.blob_url())];
    sim.shutdown().await;
    let reply = held.await.unwrap().unwrap();
    assert_eq!(reply.status(), 202);
    assert_eq!(
        reply.json::<Value>().await.unwrap()["jobs"][0]["scheduled"],
        true
    );
    for port in ports {
        assert!(std::net::TcpStream::connect(port).is_err());
    }
}

#[tokio::test]
async fn dropping_a_simulator_stops_it() {
    fn is_send_and_sync<T: Send + Sync + 'static>(_: &T) {}
    let sim = builder().start().await.unwrap();
    is_send_and_sync(&sim);
    let ports = [address(sim.base_url()), address(sim.blob_url())];
    drop(sim);
    for port in ports {
        while tokio::net::TcpStream::connect(port).await.is_ok() {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn a_simulator_that_cannot_run_says_why() {
    for speed in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let started = builder().time(SimTime::real(speed)).start().await;
        assert!(matches!(started, Err(StartError::Speed)), "{speed}");
    }
    for balance in [-1.0, f64::NAN] {
        assert!(matches!(
            builder().balance(balance).start().await,
            Err(StartError::Balance)
        ));
    }
    let first = Simulator::builder().start().await.unwrap();
    let taken = Simulator::builder()
        .listen(address(first.base_url()))
        .start()
        .await;
    let Err(StartError::Listen { address: named, .. }) = taken else {
        panic!("the port was free")
    };
    assert_eq!(named, address(first.base_url()));
}

#[tokio::test]
async fn extreme_delays_do_no_harm() {
    let far = Duration::MAX;
    let sim = builder()
        .queue_delay(far)
        .work_delay(far)
        .upload_lag(far)
        .start()
        .await
        .unwrap();
    let caller = Caller::new(&sim);
    let mut large = job();
    large["quantity"] = json!(100);
    large["params"]["steps"] = json!(150);
    assert_eq!(
        caller
            .post("jobs", &json!({"jobs": [large.clone(), large]}))
            .await
            .0,
        202
    );
    sim.advance(far);
    assert_eq!(
        caller.post("jobs/query?detailed=true", &json!({})).await.0,
        200
    );
}

fn address(url: &str) -> SocketAddr {
    url.strip_prefix("http://").unwrap().parse().unwrap()
}
