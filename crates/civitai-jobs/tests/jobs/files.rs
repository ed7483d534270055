//! Saving: whole files or none, no credential to the storage.

use std::time::Duration;

use civitai_jobs::{File, Money, Naming, SavedFile};
use civitai_sim::{Fault, Origin};

use crate::stage::{CANARY, Stage, builder, chain, request};

mod alarm;
mod contents;
mod disk;
mod kill;
mod many;
mod options;
mod reading;
mod servers;
mod transfers;

async fn outputs(stage: &Stage, quantity: u32) -> Vec<File> {
    let request = request().size(64, 128).quantity(quantity);
    let job = stage.client.jobs().submit(&request).await.unwrap();
    job.watch().await.unwrap().files()
}

async fn save(stage: &Stage, outputs: &[File]) -> Result<Vec<SavedFile>, civitai_jobs::Error> {
    let naming = Naming::from_prompt(request().prompt_text());
    stage.client.save(outputs, stage.dir.path(), &naming).await
}

#[tokio::test]
async fn one_image_and_several_arrive_whole() {
    for (quantity, names) in [
        (1, &["a-lighthouse-in-fog-7.png"][..]),
        (
            2,
            &["a-lighthouse-in-fog-7.png", "a-lighthouse-in-fog-8.png"],
        ),
    ] {
        let stage = Stage::new().await;
        let outputs = outputs(&stage, quantity).await;
        let files = save(&stage, &outputs).await.unwrap();
        assert_eq!(stage.names(), names);
        for (file, output) in files.iter().zip(&outputs) {
            assert_eq!((file.size, file.seed), (Some((64, 128)), output.seed()));
            assert_eq!(std::fs::metadata(&file.path).unwrap().len(), file.bytes);
        }
        let fetched = stage.requests(Origin::Blob);
        assert_eq!(fetched.len(), names.len());
        assert!(fetched.iter().all(|request| !request.authorization));
    }
}

#[tokio::test]
async fn a_file_that_is_there_stays() {
    let stage = Stage::new().await;
    let outputs = outputs(&stage, 1).await;
    let path = stage.dir.path().join("a-lighthouse-in-fog-7.png");
    std::fs::write(&path, "mine").unwrap();
    for number in [2, 3] {
        let files = save(&stage, &outputs).await.unwrap();
        assert!(
            files[0]
                .path
                .ends_with(format!("a-lighthouse-in-fog-7-{number}.png"))
        );
    }
    assert_eq!(std::fs::read(&path).unwrap(), b"mine");
}

#[tokio::test]
async fn passing_trouble_is_retried_and_leaves_nothing_behind() {
    let stage = Stage::new().await;
    let outputs = outputs(&stage, 1).await;
    for fault in [Fault::Status(503), Fault::TruncateBody, Fault::HtmlPage] {
        stage.sim.fail_next(Origin::Blob, fault);
    }
    save(&stage, &outputs).await.unwrap();
    assert_eq!(stage.names(), ["a-lighthouse-in-fog-7.png"]);
    assert_eq!(stage.requests(Origin::Blob).len(), 4);
}

#[tokio::test]
async fn trouble_that_stays_ends_and_leaves_nothing_behind() {
    for fault in [
        Fault::TruncateBody,
        Fault::DropReply,
        Fault::HtmlPage,
        Fault::Status(503),
        Fault::Status(400),
    ] {
        let stage = Stage::new().await;
        let outputs = outputs(&stage, 1).await;
        for _ in 0..99 {
            stage.sim.fail_next(Origin::Blob, fault.clone());
        }
        let error = save(&stage, &outputs).await.unwrap_err();
        assert_eq!(stage.names(), [""; 0], "{fault:?}");
        assert_eq!(error.money(), Money::Spent);
        // Half of what is left is progress, as long as there is a half.
        let most = if fault == Fault::TruncateBody { 32 } else { 4 };
        assert!(stage.requests(Origin::Blob).len() <= most, "{fault:?}");
        let text = chain(&error);
        assert!(
            !text.contains("X-Amz") && !text.contains("127.0.0.1"),
            "{text}"
        );
        assert!(!text.contains(CANARY));
    }
}

#[tokio::test]
async fn an_expired_link_is_replaced_once() {
    let stage = Stage::new().await;
    let outputs = outputs(&stage, 1).await;
    stage.sim.advance(Duration::from_secs(2 * 3600));
    save(&stage, &outputs).await.unwrap();
    assert_eq!(stage.names(), ["a-lighthouse-in-fog-7.png"]);

    for _ in 0..3 {
        stage.sim.fail_next(Origin::Blob, Fault::Status(403));
    }
    let before = stage.requests(Origin::Blob).len();
    let error = save(&stage, &outputs).await.unwrap_err();
    assert_eq!(error.status(), Some(403));
    assert_eq!(stage.requests(Origin::Blob).len(), before + 2);
}

#[tokio::test]
async fn one_file_that_fails_does_not_cost_the_others() {
    let stage = Stage::new().await;
    let outputs = outputs(&stage, 6).await;
    stage.sim.fail_next(Origin::Blob, Fault::Status(501));
    let error = save(&stage, &outputs).await.unwrap_err();
    assert_eq!((error.saved_files().len(), stage.names().len()), (5, 5));
    assert_eq!(
        error.to_string(),
        "1 of 6 files could not be saved: the file storage answered 501 Not Implemented"
    );
}

#[tokio::test]
async fn a_file_over_the_limit_is_not_kept() {
    let stage = Stage::new().await;
    let outputs = outputs(&stage, 1).await;
    let client = builder(&stage.sim).largest_file(100).build().unwrap();
    let naming = Naming::default();
    let error = client
        .save(&outputs, stage.dir.path(), &naming)
        .await
        .unwrap_err();
    assert!(chain(&error).contains("larger than 100 bytes"));
    assert!(stage.names().is_empty());
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let stage = Stage::new().await;
    let outputs = outputs(&stage, 1).await;
    let file = stage.dir.path().join("file");
    std::fs::write(&file, "").unwrap();
    let below = file.join("below");
    let saved = stage
        .client
        .save(&outputs, &below, &Naming::default())
        .await;
    assert!(chain(&saved.unwrap_err()).contains("below"));
    assert!(stage.requests(Origin::Blob).is_empty());
}
