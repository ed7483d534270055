//! The files of workflows, from the service to a folder.

use std::time::Duration;

use civitai_jobs::workflows::{Step, WorkflowRequest};
use civitai_jobs::{FileKind, Money, Naming, Sidecar, WorkflowSnapshot};
use civitai_sim::{BlobFault, Origin};

use crate::stage::{Stage, picture};

/// A picture and a larger one.
fn request() -> WorkflowRequest {
    let mut request = WorkflowRequest::new();
    let hero = request.add(picture("a lighthouse in fog").name("hero"));
    request.add(Step::upscale_image(hero.image(0)).name("large"));
    request
}

async fn done(stage: &Stage, request: &WorkflowRequest) -> WorkflowSnapshot {
    let workflow = stage.client.workflows().submit(request).await.unwrap();
    workflow.watch().await.unwrap()
}

#[tokio::test]
async fn files_of_all_steps_are_saved_and_no_token_leaves_for_storage() {
    let stage = Stage::new().await;
    let dir = tempfile::tempdir().unwrap();
    let done = done(&stage, &request()).await;
    let outputs = done.files();
    let told: Vec<_> = outputs
        .iter()
        .map(|file| (file.step().unwrap(), file.path(), file.kind()))
        .collect();
    assert_eq!(
        told,
        [
            ("hero", "images[0]", FileKind::Image),
            ("large", "blob", FileKind::Image)
        ]
    );

    let naming: Naming = "{prompt}-{index}".parse().unwrap();
    let saving = stage
        .client
        .save(&outputs, dir.path(), &naming.prompt("A lighthouse"));
    let saved = saving.sidecar(Sidecar::new()).await.unwrap();
    for (file, output) in saved.iter().zip(&outputs) {
        assert_eq!(file.media_type, "image/png");
        assert_eq!(file.blob_id, output.blob_id().unwrap());
        let sidecar = std::fs::read_to_string(file.sidecar.as_ref().unwrap()).unwrap();
        assert!(
            sidecar.contains(done.id().unwrap().as_str()) && !sidecar.contains("http"),
            "{sidecar}"
        );
    }
    let leaked = stage.sim.requests().into_iter();
    let mut leaked = leaked.filter(|request| request.origin == Origin::Blob);
    assert!(leaked.all(|request| !request.authorization));
}

#[tokio::test]
async fn an_expired_link_is_replaced_by_asking_for_the_blob() {
    let hour = Duration::from_secs(3600);
    let stage = Stage::with(|sim| sim.link_life(hour)).await;
    let dir = tempfile::tempdir().unwrap();
    let outputs = done(&stage, &request()).await.files();
    stage.sim.advance(2 * hour);
    stage.sim.fail_next_blob(BlobFault::Cut);

    let saved = stage.client.save(&outputs, dir.path(), &Naming::default());
    assert_eq!(saved.await.unwrap().len(), 2);
    let refreshed = stage.sim.requests().into_iter();
    let refreshed = refreshed.filter(|request| request.path.ends_with("/refresh"));
    assert_eq!(refreshed.count(), 2);
}

#[tokio::test]
async fn what_is_withheld_is_never_fetched_and_says_why() {
    let stage = Stage::with(|sim| {
        sim.block_when(|job| job.prompt().contains("fog").then(|| "policy".to_owned()))
    })
    .await;
    let dir = tempfile::tempdir().unwrap();
    let mut request = WorkflowRequest::new();
    request.add(picture("a lighthouse in fog"));
    request.add(picture("a lighthouse at dawn"));
    let workflow = stage.client.workflows().submit(&request).await.unwrap();
    let _ = workflow.watch().await;
    let outputs = workflow.poll().await.unwrap().files();
    let blocked: Vec<_> = outputs
        .iter()
        .map(|output| output.blocked_reason())
        .collect();
    assert_eq!(blocked, [Some("policy"), None]);

    let fetched = |stage: &Stage| {
        let all = stage.sim.requests().into_iter();
        all.filter(|request| request.path.contains("/blobs/"))
            .count()
    };
    let before = fetched(&stage);
    let saving = stage
        .client
        .save(&outputs[..1], dir.path(), &Naming::default());
    let error = saving.await.unwrap_err();
    assert_eq!(fetched(&stage), before);
    assert_eq!(error.money(), Money::Spent);
    let said = error.to_string();
    assert!(said.contains("withholds the file: policy"), "{said}");

    // The other one is there.
    let saving = stage
        .client
        .save(&outputs[1..], dir.path(), &Naming::default());
    assert_eq!(saving.await.unwrap().len(), 1);
}
