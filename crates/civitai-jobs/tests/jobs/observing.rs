//! What counters tell of a run.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use civitai_jobs::{Answer, Counters, Observer};
use civitai_sim::{Fault, Origin, Recorded};

use crate::everything::everything;
use crate::stage::{Stage, builder};

/// Keeps every answer.
#[derive(Debug, Default)]
struct Answers(Mutex<Vec<Answer>>);

impl Observer for Answers {
    fn request(&self, answer: &Answer) {
        self.0.lock().unwrap().push(answer.clone());
    }
}

#[tokio::test]
async fn counters_agree_with_what_the_service_got() {
    let stage = Stage::new().await;
    let counters = Arc::new(Counters::default());
    let client = builder(&stage.sim)
        .observer(counters.clone())
        .build()
        .unwrap();
    everything(&stage, &client).await;
    // The link to a file leads to the API first, and is fetched as files are: without the token.
    let is_file = |sent: &Recorded| sent.method == "GET" && sent.path.contains("/blobs/");
    let sent = stage.requests(Origin::Api).into_iter();
    let sent = sent.filter(|sent| !is_file(sent)).count() as u64;
    assert_eq!(counters.requests(), sent);
    assert!(counters.polls() > 2 && counters.polls() < sent);
    let file = std::fs::read_dir(stage.dir.path()).unwrap().next().unwrap();
    assert!(counters.bytes() > file.unwrap().metadata().unwrap().len());

    // A workflow was sent again under its key.
    assert_eq!(counters.retries(), 1);
    stage.sim.fail_next(Origin::Api, Fault::Status(503));
    client.account().consumption(..).await.unwrap();
    assert_eq!((counters.requests(), counters.retries()), (sent + 2, 2));
}

#[tokio::test]
async fn an_observer_learns_how_each_request_ended() {
    let stage = Stage::new().await;
    let answers = Arc::new(Answers::default());
    let client = builder(&stage.sim)
        .observer(answers.clone())
        .build()
        .unwrap();
    stage
        .sim
        .fail_next(Origin::Api, Fault::Throttled(Duration::from_secs(7)));
    stage.sim.fail_next(Origin::Api, Fault::DropConnection);
    client.jobs().get(&"1".parse().unwrap()).await.unwrap_err();
    let seen = std::mem::take(&mut *answers.0.lock().unwrap());
    let tries: Vec<_> = seen
        .iter()
        .map(|answer| (answer.attempt, answer.status))
        .collect();
    assert_eq!(tries, [(1, Some(429)), (2, None), (3, Some(404))]);
    assert!(
        seen.iter()
            .all(|answer| answer.path == "/v1/consumer/jobs/{jobId}")
    );
    assert!(seen[0].bytes > Some(0) && seen[1].bytes.is_none());
}
