//! The blocking client against the simulator, from a thread without a runtime.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

use std::time::Duration;

use civitai_jobs::blocking::Client;
use civitai_jobs::{Air, Naming, TextToImage, Token, WatchError, WorkflowRequest};
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
    let batch = client.run(client.jobs().submit(&request())).unwrap();
    let mut polls = 0;
    let done = client.watch(batch.watch(), |_| polls += 1).unwrap();
    assert!(polls > 0);
    let again = client.jobs().attach(batch.token());
    assert_eq!(client.run(again.watch()).unwrap().files().len(), 1);
    let polled = client.run(again.poll()).unwrap();
    assert!(polled.phase().is_terminal());
    let dir = tempfile::tempdir().unwrap();
    let saved = client.run(client.save(done.files(), dir.path(), &Naming::default()));
    assert_eq!(saved.unwrap().len(), 1);
    let used = client.run(client.account().consumption(..)).unwrap();
    assert_eq!(used.images, Some(1));
}

#[test]
fn a_workflow_is_run_and_listed_in_the_same_way() {
    let (_elsewhere, _sim, client) = stage(Duration::ZERO);
    let client = Client::new(client).unwrap();
    let workflow = WorkflowRequest::from(&request()).tag("fog");
    let submitted = client.run(client.workflows().submit(&workflow)).unwrap();
    let mut polls = 0;
    let done = client.watch(submitted.watch(), |_| polls += 1).unwrap();
    assert!(polls > 0 && done.files().len() == 1);
    let two = [workflow.clone(), workflow];
    let more = client.run_all(client.workflows().submit_all(&two)).unwrap();
    assert!(more.into_iter().all(|submitted| submitted.is_ok()));
    let listed = client.iter(client.workflows().list().tag("fog").page_size(2).stream());
    let listed: Result<Vec<_>, _> = listed.collect();
    assert_eq!(listed.unwrap().len(), 3);
}

#[test]
fn a_cancelled_job_ends_the_wait() {
    let (_elsewhere, _sim, client) = stage(Duration::from_secs(86_400));
    let client = Client::new(client).unwrap();
    let batch = client.run(client.jobs().submit(&request())).unwrap();
    client.run(batch.cancel()).unwrap();
    let error = client.run(batch.watch()).unwrap_err();
    assert!(
        matches!(error.failure(), Some(WatchError::Ended { .. })),
        "{error:?}"
    );
}

#[test]
fn within_a_runtime_every_run_is_refused_and_nothing_panics() {
    let (elsewhere, sim, inner) = stage(Duration::ZERO);
    let client = Client::new(inner.clone()).unwrap();
    let batch = client
        .jobs()
        .attach("bm90aGluZw==".parse::<Token>().unwrap());
    elsewhere.block_on(async {
        let refused: [Box<dyn std::error::Error>; 5] = [
            Box::new(Client::new(inner).unwrap_err()),
            Box::new(client.run(client.jobs().submit(&request())).unwrap_err()),
            Box::new(client.run(batch.poll()).unwrap_err()),
            Box::new(client.run(batch.watch()).unwrap_err()),
            Box::new(
                client
                    .iter(client.workflows().list().stream())
                    .next()
                    .unwrap()
                    .unwrap_err(),
            ),
        ];
        for refused in refused {
            assert!(refused.to_string().contains("civitai_jobs::Client"));
            assert!(refused.source().is_none());
        }
        drop((client, batch));
    });
    assert!(sim.requests().is_empty());
}
