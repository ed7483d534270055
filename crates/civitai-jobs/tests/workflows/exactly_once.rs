//! Paid once: whatever happens to answers and to processes, no workflow exists twice.

use std::collections::{BTreeMap, HashSet};
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Mutex;
use std::task::Poll;

use civitai_jobs::{Client, ClientKey, Error, Money};
use civitai_sim::{Fault, Origin};
use futures_util::StreamExt as _;
use futures_util::stream;

use crate::stage::{PRICE, Stage, many, request};

const SUBMISSIONS: usize = 500;
/// Submissions under way at once.
const ABREAST: usize = 8;

/// Submits what is still to be done, until it is killed or has tried everything.
async fn process(client: &Client, keys: &[ClientKey], done: &Mutex<HashSet<ClientKey>>, ask: bool) {
    let workflows = client.workflows();
    let open: Vec<_> = {
        let done = done.lock().unwrap();
        let open = keys.iter().filter(|key| !done.contains(key));
        open.copied().collect()
    };
    let submit = async |key: ClientKey| -> Result<(), Error> {
        if ask {
            assert_eq!(workflows.preview(&request()).await?.price(), PRICE);
        }
        workflows.submit(&request()).key(key).await?;
        done.lock().unwrap().insert(key);
        Ok(())
    };
    let submitting = open.into_iter().map(|key| {
        let submit = &submit;
        async move {
            if let Err(error) = submit(key).await {
                assert!(error.is_retryable(), "{error:?}");
            }
        }
    });
    stream::iter(submitting)
        .buffer_unordered(ABREAST)
        .for_each(async |()| ())
        .await;
}

/// Runs something for so many polls, and drops it then; says whether it came to its end.
pub(crate) async fn killed_after<T>(mut polls: u32, work: impl Future<Output = T>) -> bool {
    let mut work = pin!(work);
    poll_fn(|context| {
        if polls == 0 {
            return Poll::Ready(false);
        }
        polls -= 1;
        work.as_mut().poll(context).map(|_| true)
    })
    .await
}

#[tokio::test]
async fn of_500_submissions_through_trouble_and_kills_each_is_paid_once() {
    let submissions = many(SUBMISSIONS);
    for ask in [false, true] {
        let stage = Stage::with(|sim| {
            sim.seed(5)
                .chance(0.3, Fault::DropReply)
                .chance(0.1, Fault::Status(503))
                .chance(0.1, Fault::StatusAfter(503))
        })
        .await;
        // Written down before anything is sent.
        let keys: Vec<_> = (0..submissions).map(|_| ClientKey::new()).collect();
        let done = Mutex::<HashSet<ClientKey>>::default();
        let mut random = fastrand::Rng::with_seed(9);
        let (mut kills, mut in_doubt) = (0, 0);
        while done.lock().unwrap().len() < submissions {
            let client = stage.another().build().unwrap();
            let work = process(&client, &keys, &done, ask);
            let ended = killed_after(random.u32(10..150), work).await;
            if !ended {
                kills += 1;
                in_doubt += stage.sim.workflows().len() - done.lock().unwrap().len();
            }
        }

        assert_eq!(stage.sim.workflows().len(), submissions);
        let ledger = stage.sim.ledger();
        assert_eq!(ledger.len(), submissions);
        assert!(ledger.iter().all(|one| one.amount == PRICE && !one.refund));
        let mut found = BTreeMap::<String, usize>::new();
        for workflow in stage.client.workflows().list().all().await.unwrap() {
            let key = workflow.reply().external_id.clone().unwrap();
            *found.entry(key).or_default() += 1;
        }
        assert_eq!(found.len(), submissions);
        for key in &keys {
            // The service puts the account in front.
            let key = found.keys().find(|found| found.ends_with(&key.to_string()));
            assert_eq!(found[key.unwrap()], 1);
        }
        let sent = stage.requests().len();
        println!(
            "preview {ask}: {submissions} workflows and charges, {sent} requests, {kills} kills, \
             {in_doubt} workflows in doubt at one of them"
        );
        assert!(
            kills > many(10) && in_doubt > many(10),
            "{kills} {in_doubt}"
        );
    }
}

#[tokio::test]
async fn a_refusal_after_a_try_that_may_have_been_accepted_leaves_the_outcome_open() {
    for (faults, unknown) in [
        // Refused at once: nothing was paid.
        (vec![Fault::Status(401)], false),
        (vec![Fault::Throttled(MINUTES_2)], false),
        // The first was accepted, whatever became of the next.
        (vec![Fault::DropReply, Fault::Status(401)], true),
        (vec![Fault::DropReply, Fault::Throttled(MINUTES_2)], true),
        (vec![Fault::StatusAfter(503), Fault::Status(403)], true),
        (vec![Fault::DropReply; 4], true),
        (vec![Fault::Status(503); 4], true),
    ] {
        let stage = Stage::new().await;
        for fault in faults.clone() {
            stage.sim.fail_next(Origin::Api, fault);
        }
        let key = ClientKey::new();
        let submission = stage.client.workflows().submit(&request()).key(key);
        let error = submission.clone().await.unwrap_err();
        assert_eq!(error.is_outcome_unknown(), unknown, "{faults:?}: {error:?}");
        let money = if unknown {
            Money::Unknown
        } else {
            Money::Untouched
        };
        assert_eq!(
            (error.money(), error.client_key()),
            (money, Some(key)),
            "{faults:?}"
        );
        assert_eq!(error.to_string().contains(&key.to_string()), unknown);

        // The key finds out, by another process too.
        let other = stage.another().build().unwrap();
        let again = other.workflows().submit(&request()).key(key);
        let first = submission.await.unwrap();
        assert_eq!(again.await.unwrap().id(), first.id());
        assert_eq!(stage.sim.workflows(), [first.id().to_string()]);
        assert_eq!(stage.spent(), PRICE);
    }
}

/// Longer than anybody waits on a hint.
const MINUTES_2: std::time::Duration = std::time::Duration::from_secs(120);

#[tokio::test]
async fn two_submissions_of_one_request_are_two_workflows() {
    let stage = Stage::new().await;
    let workflows = stage.client.workflows();
    let request = request();
    let (one, two) = tokio::join!(workflows.submit(&request), workflows.submit(&request));
    assert_ne!(one.unwrap().id(), two.unwrap().id());
    assert_eq!(stage.spent(), 2 * PRICE);
}
