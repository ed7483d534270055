//! One transfer and what may befall it: what is asked for again, and from where on.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use civitai_jobs::Naming;
use civitai_sim::{BlobFault, Content, Fault, Origin, paint};

use super::alarm::Alarm;
use super::{outputs, save};
use crate::stage::{Stage, builder, chain, request};

#[tokio::test]
async fn a_transfer_goes_on_where_it_stopped_or_begins_again() {
    use BlobFault::{Cut, Expired, Redirect, Replaced, Short, Untagged, WeakTag, Whole};
    let (whole, rest) = (false, true);
    for (halved, faults, asked) in [
        (true, &[][..], &[whole, rest][..]),
        (false, &[Short], &[whole, rest]),
        (false, &[Cut, Cut], &[whole, rest, rest]),
        // Nothing vouches for the rest being of the same file.
        (true, &[Untagged], &[whole, whole]),
        (true, &[WeakTag], &[whole, whole]),
        // What comes is not of the same file, or not the rest.
        (false, &[Cut, Replaced], &[whole, rest, whole]),
        (false, &[Cut, Whole], &[whole, rest]),
        // The link may be another one in between, more than once.
        (false, &[Cut, Expired], &[whole, rest, rest]),
        (false, &[Expired, Cut, Expired], &[whole, whole, rest, rest]),
        (false, &[Redirect], &[whole, whole]),
        (false, &[Cut, Redirect], &[whole, rest, rest]),
    ] {
        let stage = Stage::new().await;
        let outputs = outputs(&stage, 1).await;
        if halved {
            stage.sim.fail_next(Origin::Blob, Fault::TruncateBody);
        }
        for fault in faults {
            stage.sim.fail_next_blob(*fault);
        }
        let files = save(&stage, &outputs).await.unwrap();
        let painted = paint(request().prompt_text(), 7, 64, 128).unwrap();
        let saved = std::fs::read(&files[0].path).unwrap();
        assert!(saved == painted, "{halved} {faults:?}");
        assert_eq!(stage.names().len(), 1);

        let fetched = stage.requests(Origin::Blob);
        let ranges: Vec<_> = fetched.iter().map(|r| r.range.is_some()).collect();
        assert_eq!(ranges, asked, "{halved} {faults:?}");
        assert!(fetched.iter().all(|request| !request.authorization));
    }
}

#[tokio::test]
async fn a_link_that_is_refused_when_it_is_fresh_is_given_up() {
    let stage = Stage::new().await;
    let outputs = outputs(&stage, 1).await;
    for _ in 0..9 {
        stage.sim.fail_next_blob(BlobFault::Expired);
    }
    let error = save(&stage, &outputs).await.unwrap_err();
    assert_eq!(error.status(), Some(403));
    assert_eq!(stage.requests(Origin::Blob).len(), 2);
    assert!(stage.names().is_empty());
}

#[tokio::test]
async fn silence_ends_a_transfer_and_the_next_one_goes_on() {
    let stage = Stage::new().await;
    let outputs = outputs(&stage, 1).await;
    stage.sim.fail_next_blob(BlobFault::Stall);
    let alarm = Alarm::new();
    let client = builder(&stage.sim).clock(Arc::new(alarm.clone()));
    let client = client.build().unwrap();
    let save = client.save(&outputs, stage.dir.path(), &Naming::default());
    let saving = tokio::spawn(save.into_future());
    stage.sim.until_stalled(1).await;
    while !saving.is_finished() {
        alarm.advance(Duration::from_secs(1));
        tokio::task::yield_now().await;
    }
    let files = saving.await.unwrap().unwrap();
    let painted = paint(request().prompt_text(), 7, 64, 128).unwrap();
    assert!(std::fs::read(&files[0].path).unwrap() == painted);
    assert!(alarm.elapsed() >= Duration::from_secs(30));
    let fetched = stage.requests(Origin::Blob);
    assert_eq!((fetched.len(), fetched[1].status), (2, Some(206)));
}

#[tokio::test]
async fn a_transfer_may_take_as_long_as_it_brings_something() {
    let content = Content::new("video/mp4", &b""[..]).padded_to(32 << 20);
    let stage = Stage::with(|sim| sim.content_when(move |_| Some(content.clone()))).await;
    let outputs = outputs(&stage, 1).await;
    let alarm = Alarm::new();
    let client = builder(&stage.sim).clock(Arc::new(alarm.clone()));
    let slow = alarm.clone();
    let save = client
        .build()
        .unwrap()
        .save(&outputs, stage.dir.path(), &Naming::default())
        .on_progress(move |_| slow.advance(Duration::from_secs(29)));
    assert_eq!(save.await.unwrap()[0].bytes, 32 << 20);
    assert!(alarm.elapsed() > Duration::from_secs(15 * 60));
    assert_eq!(stage.requests(Origin::Blob).len(), 1);
}

#[tokio::test]
async fn what_is_not_available_is_not_fetched_though_it_has_a_link() {
    let lag = Duration::from_secs(300);
    let stage = Stage::with(|sim| sim.early_links(true).upload_lag(lag)).await;
    let request = request().size(64, 64).quantity(3);
    let job = stage.client.jobs().submit(&request).await.unwrap();
    let (mut watch, mut early) = (job.watch(), 0);
    while let Some(update) = watch.next().await.unwrap() {
        let files = update.snapshot.files().into_iter();
        let outputs: Vec<_> = files.filter(civitai_jobs::File::is_available).collect();
        let naming = Naming::default();
        let save = stage.client.save(&outputs, stage.dir.path(), &naming);
        save.await.unwrap();
        let token = job.token().to_string();
        let raw = stage.client.api().get_jobs(Some(false), &token, None).await;
        let jobs = raw.unwrap().into_inner().jobs.unwrap();
        let results = jobs[0].result.clone().unwrap();
        let tempting =
            |blob: &serde_json::Value| blob["available"] == false && blob["blobUrl"].is_string();
        early += results
            .as_array()
            .unwrap()
            .iter()
            .filter(|b| tempting(b))
            .count();
    }
    assert!(early > 0, "no link was early");
    let fetched = stage.requests(Origin::Blob);
    assert!(fetched.len() >= 3);
    assert!(fetched.iter().all(|request| request.status == Some(200)));
}

#[tokio::test]
async fn no_error_shows_a_link_or_a_token() {
    for fault in [BlobFault::Cut, BlobFault::Expired, BlobFault::Short] {
        let stage = Stage::new().await;
        let outputs = outputs(&stage, 1).await;
        let seen = Arc::new(Mutex::new(String::new()));
        for _ in 0..99 {
            stage.sim.fail_next_blob(fault);
        }
        let note = Arc::clone(&seen);
        let save = stage
            .client
            .save(&outputs, stage.dir.path(), &Naming::default())
            .on_progress(move |now| note.lock().unwrap().push_str(&format!("{now:?}")));
        let mut text = format!("{save:?}");
        match save.await {
            // With luck the places of the cuts bring a file to its end.
            Ok(files) => text += &format!("{files:?}"),
            Err(error) => text += &chain(&error),
        }
        text += &seen.lock().unwrap();
        for secret in ["X-Amz", "127.0.0.1", crate::stage::CANARY] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert!(stage.names().iter().all(|name| name.ends_with(".png")));
    }
}
