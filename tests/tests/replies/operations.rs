//! Every operation of version 2, called through the generated client.

use std::path::{Path, PathBuf};

use civitai_api::v2::Client;
use civitai_api::v2::operations::{
    GetWorkflowOptions, ListServicesOptions, QueryResourcesOptions, QueryWorkflowsOptions,
    SubmitWorkflowOptions,
};
use civitai_api::v2::types::{self, WorkflowStep};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::recorder::Recorder;

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/v2");

/// The workflows of the examples, in a fixed order.
pub(crate) fn examples() -> Vec<Value> {
    let read = |file: PathBuf| {
        let text = std::fs::read_to_string(file).unwrap();
        let mut example: Value = serde_json::from_str(&text).unwrap();
        // Nobody listens at the addresses of examples, and each shall run.
        for name in ["callbacks", "externalId", "ephemeral"] {
            example.as_object_mut().unwrap().remove(name);
        }
        example
    };
    files(Path::new(EXAMPLES)).into_iter().map(read).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let below = |path: PathBuf| {
        if path.is_dir() {
            files(&path)
        } else {
            vec![path]
        }
    };
    paths.into_iter().flat_map(below).collect()
}

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn echo(message: &str) -> Value {
    json!({"$type": "echo", "input": {"message": message}})
}

/// A workflow that makes one picture for 8 Buzz.
pub(crate) fn picture(prompt: &str) -> Value {
    let step = json!({"$type": "imageGen", "input": {
        "engine": "flux2", "model": "klein", "operation": "createImage", "modelVersion": "4b",
        "prompt": prompt, "width": 512, "height": 512, "seed": 5,
    }});
    json!({"steps": [step], "currencies": []})
}

/// The input of a step type, as an example has it.
pub(crate) fn input<T: DeserializeOwned>(step_type: &str) -> T {
    let media = "https://example.com/a.png";
    let made = match step_type {
        "batchOCRSafetyClassification" => Some(json!({"mediaUrls": [media]})),
        "prepareResource" => {
            Some(json!({"resource": "urn:air:sdxl:checkpoint:civitai:827184@2514310"}))
        }
        "humanoidImageMask" => Some(json!({"imageUrl": media, "category": "dresses"})),
        "repeat" => Some(json!({
            "for": {"$ref": "$arguments", "path": "names", "as": "name"},
            "template": echo("hello"),
        })),
        "tryOnU" => Some(json!({
            "subjectUrl": media, "garmentUrl": media, "maskSubject": true, "cropSubject": true,
            "seed": 1,
        })),
        _ => None,
    };
    read(made.unwrap_or_else(|| {
        let examples = examples().into_iter();
        let steps = examples.flat_map(|example| example["steps"].as_array().unwrap().clone());
        let step = steps.into_iter().find(|step| step["$type"] == step_type);
        step.unwrap()["input"].clone()
    }))
}

/// Calls each recipe; everything that is asked for must be there at once.
pub(crate) async fn recipes(client: &Client) {
    macro_rules! invoke {
        ($($method:ident $step_type:literal)*) => {$(
            let body = input($step_type);
            let reply = client.$method(&body, &Default::default()).await;
            let reply = reply.unwrap_or_else(|error| panic!("{}: {error}", $step_type));
            assert_eq!(reply.status(), 200, "{}", $step_type);
        )*};
    }
    invoke! {
        invoke_ace_step_audio "aceStepAudio"
        invoke_age_classification "ageClassification"
        invoke_audio_captioning "audioCaptioning"
        invoke_batch_ocr_safety_classification "batchOCRSafetyClassification"
        invoke_blob_archive "blobArchive"
        invoke_chat_completion "chatCompletion"
        invoke_comfy "comfy"
        invoke_comfy_nodepack_snapshot "comfyNodepackSnapshot"
        invoke_compose_media "composeMedia"
        invoke_convert_image "convertImage"
        invoke_custom_comfy "customComfy"
        invoke_echo "echo"
        invoke_humanoid_image_mask "humanoidImageMask"
        invoke_image_background_removal "imageBackgroundRemoval"
        invoke_image_gen "imageGen"
        invoke_image_resource_training "imageResourceTraining"
        invoke_image_scanning "imageScanning"
        invoke_image_to_svg "imageToSvg"
        invoke_image_upscaler "imageUpscaler"
        invoke_media_captioning "mediaCaptioning"
        invoke_media_hash "mediaHash"
        invoke_media_rating "mediaRating"
        invoke_merge "merge"
        invoke_mini_max_music3 "miniMaxMusic3"
        invoke_model3_d_preview "model3DPreview"
        invoke_model_clam_scan "modelClamScan"
        invoke_model_hash "modelHash"
        invoke_model_parse_metadata "modelParseMetadata"
        invoke_model_pickle_scan "modelPickleScan"
        invoke_poly_gen "polyGen"
        invoke_preprocess_image "preprocessImage"
        invoke_prepare_resource "prepareResource"
        invoke_preprocess_video "preprocessVideo"
        invoke_prompt_enhancement "promptEnhancement"
        invoke_qwen_image_bench "qwenImageBench"
        invoke_repeat "repeat"
        invoke_shieldstral_moderation "shieldstralModeration"
        invoke_sonilo_audio_gen "soniloAudioGen"
        invoke_text_to_image "textToImage"
        invoke_text_to_speech "textToSpeech"
        invoke_training "training"
        invoke_transcode "transcode"
        invoke_transcription "transcription"
        invoke_try_on_u "tryOnU"
        invoke_video_background_removal "videoBackgroundRemoval"
        invoke_video_enhancement "videoEnhancement"
        invoke_video_frame_extraction "videoFrameExtraction"
        invoke_video_gen "videoGen"
        invoke_video_interpolation "videoInterpolation"
        invoke_video_metadata "videoMetadata"
        invoke_video_upscaler "videoUpscaler"
        invoke_wd_tagging "wdTagging"
        invoke_web_scrape "webScrape"
        invoke_web_search "webSearch"
        invoke_x_guard_moderation "xGuardModeration"
        invoke_yu_e2 "yuE2"
    }
    let link = "https://example.com/a.png";
    let stored = client.invoke_image_upload(link, &Default::default()).await;
    assert!(matches!(
        stored.unwrap().into_inner().blob,
        types::Blob::Image(_)
    ));
}

/// Calls each operation that is no recipe; a workflow must end while its submission waits.
pub(crate) async fn others(client: &Client, recorder: &Recorder) {
    let template: types::WorkflowTemplate = read(picture("a bay"));
    let options = SubmitWorkflowOptions {
        wait: Some(10),
        ..SubmitWorkflowOptions::default()
    };
    let submitted = client.submit_workflow(&template, &options).await.unwrap();
    assert_eq!(submitted.status, types::WorkflowStatus::Succeeded);
    let id = submitted.id.clone().unwrap();
    let options = GetWorkflowOptions {
        wait: Some(1),
        ..GetWorkflowOptions::default()
    };
    client.get_workflow(&id, &options).await.unwrap();
    let options = QueryWorkflowsOptions::default();
    let page = client.query_workflows(&options);
    assert_eq!(page.await.unwrap().items.len(), 1);
    let zip = client.query_workflows_as_zip(&options);
    assert!(
        zip.await
            .unwrap()
            .into_inner()
            .read()
            .await
            .unwrap()
            .starts_with(b"PK")
    );
    client
        .update_workflow(&id, None, &read(json!({"metadata": {"a": 1}})))
        .await
        .unwrap();
    let patch = read(json!([{"op": "add", "path": "/metadata/b", "value": "2"}]));
    client.patch_workflow(&id, &patch).await.unwrap();
    client.add_workflow_tag(&id, "one").await.unwrap();
    client.remove_workflow_tag(&id, "one").await.unwrap();
    client.remove_all_workflow_tags(&id).await.unwrap();
    client
        .update_workflow_step(&id, "$0", &read(json!({"metadata": {}})))
        .await
        .unwrap();
    client.patch_workflow_step(&id, "$0", &patch).await.unwrap();
    let step = client
        .get_workflow_step(&id, "$0")
        .await
        .unwrap()
        .into_inner();
    let WorkflowStep::ImageGen(step) = step else {
        panic!("{step:?}")
    };
    let output = step.output.unwrap();
    let blob = &output.images[0];

    client.head_blob(&blob.id).await.unwrap();
    client.refresh_blob(&blob.id).await.unwrap();
    let content = client.download(blob.url.as_deref().unwrap()).await.unwrap();
    let png = content.into_inner().read().await.unwrap();
    assert_eq!(&png[1..4], b"PNG");
    let found = client
        .get_blob(&blob.id, None, None, None, None)
        .await
        .unwrap();
    let token = found.location.path().rsplit('/').next().unwrap().to_owned();
    client.get_blob_content(&token).await.unwrap();
    let blocked = client.get_blocked_content(&token).await.unwrap_err();
    assert_eq!(blocked.status().unwrap(), 403);
    assert_eq!(
        client
            .get_blob_archive(&token)
            .await
            .unwrap_err()
            .status()
            .unwrap(),
        410
    );
    client.get_streaming_blob(&blob.id).await.unwrap();
    let uploaded = client.upload_blob(png.clone(), "image/png").await.unwrap();
    let link = client.get_blob_upload_url().await.unwrap();
    let again = client
        .upload_blob_to(&recorder.through(&link.upload_url), png, "image/png")
        .await
        .unwrap();
    assert_eq!(*uploaded, *again);

    let air = "urn:air:sdxl:checkpoint:civitai:827184@2514310";
    assert_eq!(client.get_resource(air).await.unwrap().air, air);
    let options = ListServicesOptions {
        category: Some("image".to_owned()),
        limit: Some(3),
        ..ListServicesOptions::default()
    };
    let services = client.list_services(&options).await.unwrap();
    assert_eq!((services.items.len(), services.limit), (3, 3));
    let service = client
        .get_service("image/imageGen", Some("5m"), Some("1h"))
        .await
        .unwrap();
    assert_eq!(service.metrics.as_ref().unwrap().requests, 1);
    let options = QueryResourcesOptions::default();
    let loaded = client.query_resources(&types::ResourceView::Loaded, &options);
    loaded.await.unwrap();
    client.ingest_blob(None, blob.url.as_deref()).await.unwrap();
    client.invalidate_user_cache(7).await.unwrap();
    client.invalidate_user_tokens(7).await.unwrap();
    client.delete_workflow(&id).await.unwrap();
}
