//! What `regen` made of a contract that grew: run against the simulator by `cargo xtask grow`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use civitai_api::{Http, v2};
use civitai_jobs::workflows::types::{QuillImageGenInput, VideoDanceInput};
use civitai_jobs::workflows::{Step, WorkflowRequest};
use civitai_jobs::{Client, FileKind, Naming};
use civitai_sim::{SimTime, Simulator};

async fn stage() -> (Simulator, Client) {
    let sim = Simulator::builder().time(SimTime::real(1_000.0));
    let sim = sim.start().await.unwrap();
    let client = Client::builder().token(sim.token().to_owned());
    let client = client.base_url(sim.base_url()).build().unwrap();
    (sim, client)
}

#[tokio::test]
async fn a_new_engine_and_a_new_step_type_have_builders_and_files() {
    let (_sim, client) = stage().await;
    let mut request = WorkflowRequest::new();
    let drawn = request.add(
        Step::<QuillImageGenInput>::prompted("a lighthouse in fog")
            .size(640, 512)
            .quantity(2),
    );
    let danced = request.add(
        Step::new(VideoDanceInput::default())
            .image(drawn.image(1))
            .prompt("a slow waltz")
            .duration(3),
    );
    let sent = serde_json::to_value(request.to_template().unwrap()).unwrap();
    assert_eq!(sent["steps"][0]["input"]["engine"], "quill");
    assert_eq!(sent["steps"][1]["$type"], "videoDance");
    assert_eq!(
        sent["steps"][1]["input"]["imageUrl"]["path"],
        "output.images[1].url"
    );

    let done = client.workflows().submit(&request).await.unwrap();
    let done = done.watch().await.unwrap();
    assert_eq!(drawn.files(&done).len(), 2);
    assert_eq!(danced.files(&done).len(), 1);
    assert_eq!(danced.files(&done)[0].kind(), FileKind::Video);
    let folder = tempfile::tempdir().unwrap();
    let naming = Naming::from_prompt("waltz");
    let files = client.save(&danced.files(&done), folder.path(), &naming);
    assert!(files.await.unwrap()[0].path.metadata().unwrap().len() > 0);
}

#[tokio::test]
async fn limits_of_the_new_engine_are_kept() {
    let mut request = WorkflowRequest::new();
    request.add(Step::<QuillImageGenInput>::prompted("fog").size(8, 512));
    let refused = request.to_template().unwrap_err().to_string();
    assert!(refused.contains("64"), "{refused}");
}

#[tokio::test]
async fn the_new_operation_can_be_called() {
    let (sim, _client) = stage().await;
    let http = Http::builder(sim.base_url()).token(sim.token().to_owned());
    let client = v2::Client::new(http.build().unwrap());
    let input = VideoDanceInput {
        image_url: "https://example.com/a.png".to_owned().into(),
        ..VideoDanceInput::default()
    };
    let made = client
        .invoke_video_dance(&input, &Default::default())
        .await
        .unwrap();
    assert!(made.blob.as_ref().unwrap().url.is_some());
    assert_eq!(
        v2::operation::INVOKE_VIDEO_DANCE.path,
        "/v2/consumer/recipes/videoDance"
    );
}
