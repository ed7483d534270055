//! A job that is polled by a closure.

#![allow(clippy::unwrap_used, reason = "tests say what they expect by failing")]

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use job_watch::{
    Fault, Phase, Polled, Progress, Tolerance, Watch, WatchError, WatchPolicy, from_fn,
};
use tokio::time::Instant;

#[tokio::test(start_paused = true)]
async fn the_closure_is_polled_until_the_job_ends() {
    let polls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&polls);
    let job = from_fn("render-17", move |id| {
        let poll = counted.fetch_add(1, Ordering::Relaxed);
        async move {
            assert_eq!(&*id, "render-17");
            let (phase, percent) = match poll {
                0 => (Phase::Queued, None),
                1 => (Phase::Running, Some(50.0)),
                2 => return Err(io::Error::other("the connection was lost")),
                _ => (Phase::Succeeded, None),
            };
            let items = (phase == Phase::Succeeded).then_some((0, "picture"));
            let polled = Polled::new(phase, poll).items(items);
            Ok(polled.progress(Progress::new().percent(percent)))
        }
    });
    let mut watch = Watch::new(job);
    let mut seen = Vec::new();
    while let Some(update) = watch.next().await.unwrap() {
        seen.push((update.phase, update.progress.percent, update.new_items));
    }
    let expected = [
        (Phase::Queued, None, vec![]),
        (Phase::Running, Some(50.0), vec![]),
        (Phase::Succeeded, Some(100.0), vec!["picture"]),
    ];
    assert_eq!(seen, expected);
    assert_eq!(watch.await.unwrap(), 3);
    assert_eq!(polls.load(Ordering::Relaxed), 4);
}

#[tokio::test(start_paused = true)]
async fn errors_are_transient_unless_the_caller_judges_them() {
    let job = || {
        from_fn("render-17", async |_| {
            io::Result::<Polled<()>>::Err(io::ErrorKind::PermissionDenied.into())
        })
    };
    let policy = WatchPolicy::default().tolerance(Tolerance::in_a_row(2));
    let error = Watch::new(job()).policy(policy).await.unwrap_err();
    assert!(
        matches!(error, WatchError::Poll { faults: 3, .. }),
        "{error:?}"
    );

    let start = Instant::now();
    let judged = job().fault(|error| match error.kind() {
        io::ErrorKind::PermissionDenied => Fault::Permanent,
        _ => Fault::Transient { retry_after: None },
    });
    let error = Watch::new(judged).policy(policy).await.unwrap_err();
    assert!(
        matches!(error, WatchError::Poll { faults: 1, .. }),
        "{error:?}"
    );
    assert_eq!(start.elapsed(), Duration::ZERO);
    let said = error.to_string();
    let start = "job render-17 could not be polled (failures in a row: 1): ";
    assert!(said.starts_with(start), "{said}");
}
