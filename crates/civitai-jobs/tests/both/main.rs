//! What holds for jobs and for workflows, written once: waiting, progress, files, events and crashes. All
//! of it runs on the async client and once more on the blocking one.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod halves;
mod stage;

use std::time::Duration;

use civitai_jobs::events::{Inbox, Secret};
use civitai_jobs::{ClientKey, File, Money, Naming, Phase, WatchError};
use civitai_sim::{Fault, Origin};

use halves::{Half, Jobs, Workflows};
use stage::Stage;

/// Runs each test for both halves, on the async client and on the blocking one.
macro_rules! for_both {
    ($($test:ident)*) => {
        mod jobs {
            $(#[test] fn $test() { super::stage::async_client(super::$test::<super::Jobs>); })*
        }
        mod workflows {
            $(#[test] fn $test() { super::stage::async_client(super::$test::<super::Workflows>); })*
        }
        mod blocking_jobs {
            $(#[test] fn $test() { super::stage::blocking_client(super::$test::<super::Jobs>); })*
        }
        mod blocking_workflows {
            $(#[test] fn $test() { super::stage::blocking_client(super::$test::<super::Workflows>); })*
        }
    };
}

for_both! {
    a_watch_ends_with_the_result
    updates_show_each_file_once_and_end_with_all
    the_deadline_gives_the_handle_back
    what_failed_says_why
    what_is_cancelled_ends_the_watch
    passing_trouble_is_borne
    files_are_saved_whole_and_without_the_token
    a_delivery_wakes_who_waits_and_a_forged_one_changes_nothing
    a_lost_answer_is_followed_up_and_nothing_is_paid_twice
    what_a_crash_left_is_found_and_resumed
    a_wrong_token_is_told_in_one_line
}

async fn a_watch_ends_with_the_result<H: Half>(stage: Stage) {
    let work = H::submit(&stage.client, None).await.unwrap();
    let done = H::watch(&work).await.unwrap();
    assert_eq!(
        (H::phase(&done), H::files(&done).len()),
        (Phase::Succeeded, 2)
    );
    // Whoever attaches by what was stored sees the same.
    let attached = H::attach(&stage.client, &H::stored(&work));
    let again = H::watch(&attached).await.unwrap();
    assert_eq!(H::files(&again).len(), 2);
    assert_eq!(H::polled(&work).await.unwrap(), Phase::Succeeded);
}

async fn updates_show_each_file_once_and_end_with_all<H: Half>(stage: Stage) {
    let work = H::submit(&stage.client, None).await.unwrap();
    let mut watch = H::watch(&work);
    let (mut files, mut phases) = (Vec::new(), Vec::new());
    while let Some(update) = watch.next().await.unwrap() {
        phases.push(update.phase);
        let new = update.new_items.iter().map(|file| file.path().to_owned());
        files.extend(new);
    }
    assert_eq!(phases.last(), Some(&Phase::Succeeded));
    files.sort();
    files.dedup();
    assert_eq!(files.len(), 2, "{files:?}");
    assert!(
        watch.next().await.unwrap().is_none(),
        "the end stays the end"
    );
    assert_eq!(H::files(&watch.await.unwrap()).len(), 2);
}

async fn the_deadline_gives_the_handle_back<H: Half>(stage: Stage) {
    let work = H::submit(&stage.client, None).await.unwrap();
    let error = H::watch(&work)
        .deadline(Duration::from_secs(2))
        .await
        .unwrap_err();
    assert!(matches!(error, WatchError::TimedOut { .. }), "{error:?}");
    assert_eq!(H::stored(error.job()), H::stored(&work));
}

async fn what_failed_says_why<H: Half>(stage: Stage) {
    stage.fail("Too dark.");
    let work = H::submit(&stage.client, None).await.unwrap();
    let error = H::watch(&work).await.unwrap_err();
    let WatchError::Ended { phase, .. } = &error else {
        panic!("expected an end; got {error:?}");
    };
    assert_eq!(*phase, Phase::Failed);
    assert!(error.to_string().contains("Too dark."), "{error}");
}

async fn what_is_cancelled_ends_the_watch<H: Half>(stage: Stage) {
    let work = H::submit(&stage.client, None).await.unwrap();
    H::cancel(&work).await.unwrap();
    H::cancel(&work).await.unwrap();
    let error = H::watch(&work).await.unwrap_err();
    assert!(
        matches!(
            error,
            WatchError::Ended {
                phase: Phase::Canceled,
                ..
            }
        ),
        "{error:?}"
    );
}

async fn passing_trouble_is_borne<H: Half>(stage: Stage) {
    let work = H::submit(&stage.client, None).await.unwrap();
    for fault in [
        Fault::Status(503),
        Fault::DropConnection,
        Fault::DropReply,
        Fault::HtmlPage,
        Fault::EmptyBody,
    ] {
        stage.sim.fail_next(Origin::Api, fault);
    }
    let done = H::watch(&work).await.unwrap();
    assert_eq!(H::phase(&done), Phase::Succeeded);
}

async fn files_are_saved_whole_and_without_the_token<H: Half>(stage: Stage) {
    let work = H::submit(&stage.client, None).await.unwrap();
    let files = H::files(&H::watch(&work).await.unwrap());
    // What is stored has no link, and gets one.
    let stored: Vec<File> = serde_json::from_str(&serde_json::to_string(&files).unwrap()).unwrap();
    for (name, files) in [("first", files), ("stored", stored)] {
        let folder = stage.dir.path().join(name);
        let saved = stage
            .client
            .save(&files, &folder, &Naming::default())
            .await
            .unwrap();
        assert_eq!(saved.len(), 2, "{name}");
        for file in saved {
            assert_eq!((file.media_type, file.size), ("image/png", Some((64, 64))));
            let bytes = std::fs::read(&file.path).unwrap();
            assert_eq!(bytes.len() as u64, file.bytes);
        }
    }
    let mut fetched = stage
        .sim
        .requests()
        .into_iter()
        .filter(|one| one.origin == Origin::Blob);
    assert!(fetched.all(|one| !one.authorization));
}

async fn a_delivery_wakes_who_waits_and_a_forged_one_changes_nothing<H: Half>(stage: Stage) {
    let work = H::submit(&stage.client, None).await.unwrap();
    let secret = Secret::random();
    let inbox = Inbox::new(secret.clone());
    let forged = H::delivery(&work);
    assert!(inbox.receive("a guess of somebody", &forged).is_err());
    inbox.receive(secret.reveal(), &forged).unwrap();
    let done = inbox.wait(&work).await.unwrap();
    assert_eq!(H::phase(&done), Phase::Succeeded);
}

async fn a_lost_answer_is_followed_up_and_nothing_is_paid_twice<H: Half>(stage: Stage) {
    for fault in [Fault::DropReply, Fault::EmptyBody, Fault::StatusAfter(503)] {
        let before = H::count(&stage).await;
        stage.sim.fail_next(Origin::Api, fault);
        let work = H::submit(&stage.client, None).await.unwrap();
        H::watch(&work).await.unwrap();
        assert_eq!(H::count(&stage).await, before + 1);
    }
}

async fn what_a_crash_left_is_found_and_resumed<H: Half>(stage: Stage) {
    let key: ClientKey = ClientKey::new().to_string().parse().unwrap();
    assert!(H::find(&stage.client, key).await.unwrap().is_none());
    let first = H::submit(&stage.client, Some(key)).await.unwrap();
    let found = H::find(&stage.client, key).await.unwrap().unwrap();
    let resumed = H::resume(&stage.client, key).await.unwrap();
    assert_eq!(H::id(&found), H::id(&first));
    assert_eq!(H::id(&resumed), H::id(&first));
    assert_eq!(H::count(&stage).await, 1);
    // A key that was never sent is submitted.
    H::resume(&stage.client, ClientKey::new()).await.unwrap();
    assert_eq!(H::count(&stage).await, 2);
}

async fn a_wrong_token_is_told_in_one_line<H: Half>(stage: Stage) {
    let wrong = stage.another("another-token").build().unwrap();
    let error = H::submit(&wrong, None).await.unwrap_err();
    assert!(error.is_unauthorized() && error.money() == Money::Untouched);
    let said = error.to_string();
    assert!(
        said.contains("401") && said.ends_with("check the API token"),
        "{said}"
    );
    assert!(!said.contains('\n') && !said.contains("another-token"));
    assert!(
        format!("{error:?}").starts_with(&said),
        "a main that returns it prints a sentence"
    );
}
