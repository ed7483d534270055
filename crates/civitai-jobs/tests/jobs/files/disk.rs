//! A folder that cannot take files.

use std::sync::Arc;
use std::time::Duration;

use civitai_jobs::{Money, Naming};
use civitai_sim::{BlobFault, Origin};

use super::alarm::Alarm;
use super::outputs;
use crate::stage::{Stage, builder, chain};

#[tokio::test]
async fn a_folder_that_goes_away_under_a_transfer_is_named() {
    let stage = Stage::new().await;
    let outputs = outputs(&stage, 1).await;
    let dir = stage.dir.path().join("gone");
    stage.sim.fail_next_blob(BlobFault::Stall);
    let alarm = Alarm::new();
    let client = builder(&stage.sim).clock(Arc::new(alarm.clone()));
    let save = client
        .build()
        .unwrap()
        .save(&outputs, &dir, &Naming::default());
    let saving = tokio::spawn(save.into_future());
    stage.sim.until_stalled(1).await;
    std::fs::remove_dir_all(&dir).unwrap();
    while !saving.is_finished() {
        alarm.advance(Duration::from_secs(1));
        tokio::task::yield_now().await;
    }
    let error = saving.await.unwrap().unwrap_err();
    let text = chain(&error);
    assert!(
        text.contains("cannot write to") && text.contains("gone"),
        "{text}"
    );
    assert!(!error.is_retryable());
    assert_eq!(error.money(), Money::Spent);
    assert!(stage.names().is_empty());
}

/// Not even the superuser can make files there.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_folder_that_takes_no_files_is_named_before_anything_is_fetched() {
    let stage = Stage::new().await;
    let outputs = outputs(&stage, 1).await;
    let naming = Naming::default();
    let error = stage.client.save(&outputs, "/sys/kernel", &naming).await;
    let text = chain(&error.unwrap_err());
    assert!(
        text.contains("no permission to write to `/sys/kernel`"),
        "{text}"
    );
    assert!(stage.requests(Origin::Blob).is_empty());
}
