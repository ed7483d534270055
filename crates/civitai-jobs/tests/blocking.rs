//! The blocking client against the simulator, from a thread without a runtime.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

use std::error::Error as _;
use std::time::Duration;

use civitai_jobs::blocking::{Client, WaitError};
use civitai_jobs::{Air, Naming, TextToImage, WatchError};
use civitai_sim::{SimTime, Simulator};
use tokio::runtime::Runtime;

/// A simulator that runs elsewhere, and an async client of it.
fn stage(queue: Duration) -> (Runtime, Simulator, civitai_jobs::Client) {
    let runtime = Runtime::new().unwrap();
    let sim = Simulator::builder().time(SimTime::real(1000.0));
    let sim = sim.queue_delay(queue);
    let sim = runtime.block_on(sim.start()).unwrap();
    let token = sim.token().to_owned();
    let client = civitai_jobs::Client::builder().token(token);
    let client = client.base_url(sim.base_url()).build().unwrap();
    (runtime, sim, client)
}

fn request() -> TextToImage {
    let model = Air::civitai("sd1", "checkpoint", 4384, 128_713).unwrap();
    TextToImage::new(model, "A lighthouse in fog")
}

#[test]
fn a_picture_is_made_without_a_runtime_around() {
    let (_elsewhere, _sim, client) = stage(Duration::ZERO);
    let client = Client::new(client).unwrap();
    let job = client.submit(&request()).unwrap();
    let mut looks = 0;
    let done = job.wait_with(|_| looks += 1).unwrap();
    assert!(looks > 0);
    let again = client.attach(job.inner().token().clone());
    assert_eq!(again.wait().unwrap().outputs().len(), 1);
    assert!(again.status().unwrap().state().is_terminal());
    let dir = tempfile::tempdir().unwrap();
    let saved = client.save(&done.outputs(), dir.path(), &Naming::default());
    assert_eq!(saved.unwrap().len(), 1);
    let used = client.run(client.inner().consumption(..)).unwrap();
    assert_eq!(used.unwrap().images, Some(1));
}

#[test]
fn a_cancelled_job_ends_the_wait() {
    let (_elsewhere, _sim, client) = stage(Duration::from_secs(86_400));
    let client = Client::new(client).unwrap();
    let job = client.submit(&request()).unwrap();
    job.cancel().unwrap();
    let error = job.wait().unwrap_err();
    let WaitError::Watch(WatchError::Ended { .. }) = &error else {
        panic!("expected an end; got {error:?}");
    };
}

#[test]
fn within_a_runtime_every_call_is_refused_and_nothing_panics() {
    let (elsewhere, sim, inner) = stage(Duration::ZERO);
    let client = Client::new(inner.clone()).unwrap();
    let job = client.attach("bm90aGluZw==".parse().unwrap());
    elsewhere.block_on(async {
        for refused in [
            Client::new(inner).unwrap_err(),
            client.submit(&request()).map(|_| ()).unwrap_err(),
            job.status().map(|_| ()).unwrap_err(),
            job.cancel().unwrap_err(),
        ] {
            assert!(refused.to_string().contains("civitai_jobs::Client"));
            assert!(refused.is_invalid() && refused.source().is_none());
        }
        assert!(matches!(job.wait(), Err(WaitError::Refused(_))));
        drop((client, job));
    });
    assert!(sim.requests().is_empty());
}
