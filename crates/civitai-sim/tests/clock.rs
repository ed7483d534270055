//! Time that a client shares with the simulator.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

use std::time::{Duration, Instant};

use civitai_sim::{SimTime, Simulator};
use job_watch::Clock;
use serde_json::{Value, json};

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

async fn manual() -> Simulator {
    let sim = Simulator::builder().time(SimTime::manual());
    sim.start().await.unwrap()
}

/// Submits a job of version 1 and waits for it in the same request; returns the status of the reply.
async fn submit_and_wait(sim: &Simulator) -> u16 {
    let job = json!({
        "$type": "textToImage",
        "params": {"prompt": "a bay", "width": 512, "height": 512},
    });
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/v1/consumer/jobs?wait=true", sim.base_url());
    let request = http.post(url).bearer_auth(sim.token()).json(&job);
    let reply = request.send().await.unwrap();
    let status = reply.status().as_u16();
    let batch: Value = reply.json().await.unwrap();
    assert_eq!(batch["jobs"][0]["scheduled"], status == 202);
    status
}

#[tokio::test]
async fn pauses_end_in_the_order_of_their_time() {
    let sim = manual().await;
    let (one, other) = (sim.clock(), sim.clock());
    let pause = async |clock: &dyn Clock, seconds| {
        clock.sleep(secs(seconds)).await;
        sim.elapsed()
    };
    let ends = tokio::join!(pause(&one, 30), pause(&other, 10), pause(&one, 20));
    assert_eq!(ends, (secs(30), secs(10), secs(20)));
}

#[tokio::test]
async fn a_request_that_is_held_is_answered_when_its_job_has_ended() {
    let sim = manual().await;
    let clock = sim.clock();
    assert_eq!(submit_and_wait(&sim).await, 200);
    // The delay of the queue, the work, and then the upload.
    assert_eq!(sim.elapsed(), secs(9));
    // The pause of somebody else that is over first does not keep the request.
    let both = tokio::join!(submit_and_wait(&sim), clock.sleep(secs(1)));
    assert_eq!((both.0, sim.elapsed()), (200, secs(18)));
}

#[tokio::test]
async fn time_stands_still_for_who_takes_no_clock_or_does_not_wait() {
    let sim = manual().await;
    let held = tokio::time::timeout(Duration::from_millis(50), submit_and_wait(&sim));
    assert!(held.await.is_err());
    assert_eq!(sim.elapsed(), Duration::ZERO);
    let clock = sim.clock();
    let limit = tokio::time::timeout(Duration::from_millis(50), clock.limit(secs(1)));
    assert!(limit.await.is_err());
    assert_eq!(sim.elapsed(), Duration::ZERO);
    sim.advance(secs(1));
    clock.limit(Duration::ZERO).await;
}

#[tokio::test]
async fn time_moves_by_no_more_than_a_step() {
    let time = SimTime::manual().step(secs(2));
    let sim = Simulator::builder().time(time).start().await.unwrap();
    let clock = sim.clock();
    let seen = async {
        let mut seen = Vec::new();
        while sim.elapsed() < secs(5) {
            if seen.last() != Some(&sim.elapsed()) {
                seen.push(sim.elapsed());
            }
            tokio::task::yield_now().await;
        }
        seen
    };
    let (seen, ()) = tokio::join!(seen, clock.sleep(secs(5)));
    assert_eq!(seen, [secs(0), secs(2), secs(4)]);
}

#[tokio::test]
async fn a_clock_outlives_its_simulator() {
    let sim = manual().await;
    let clock = sim.clock();
    let begun = clock.now();
    sim.shutdown().await;
    clock.sleep(secs(60)).await;
    assert_eq!(clock.now() - begun, secs(60));
}

#[tokio::test]
async fn pauses_are_as_much_shorter_as_time_is_faster() {
    let time = SimTime::real(100_000.0);
    let sim = Simulator::builder().time(time).start().await.unwrap();
    let (clock, begun) = (sim.clock(), Instant::now());
    clock.sleep(secs(3_600)).await;
    assert!(sim.elapsed() >= secs(3_600));
    assert!(begun.elapsed() < secs(10));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_runtime_of_several_threads_shares_time_as_well() {
    let sim = manual().await;
    let _clock = sim.clock();
    assert_eq!(submit_and_wait(&sim).await, 200);
}
