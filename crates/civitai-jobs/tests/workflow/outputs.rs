//! The paths of outputs: each leads to what the output of its step type holds there.

use civitai_jobs::WorkflowRequest;
use civitai_jobs::workflows::{Deferred, Image, Kind, Step, StepHandle, StepInput, Video, types};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// What stands where a path leads.
const HERE: &str = "https://example.com/here";

fn blob(kind: &str) -> Value {
    json!({ "type": kind, "id": "b", "available": true, "format": "glb", "url": HERE })
}

fn path<K: Kind>(value: &Deferred<K>) -> String {
    value.path().to_owned()
}

/// Members that the type does not know are gone once the output has been read and written.
fn lead<I: StepInput>(
    step: impl Into<Step<I>>,
    output: &Value,
    paths: impl Fn(&StepHandle<I::Output>) -> Vec<String>,
) where
    I::Output: DeserializeOwned + Serialize,
{
    let read: I::Output = serde_json::from_value(output.clone()).unwrap();
    let reply = json!({ "output": read });
    for path in paths(&WorkflowRequest::new().add(step)) {
        let pointer = path.replace(['.', '['], "/").replace(']', "");
        let found = reply.pointer(&format!("/{pointer}"));
        let leads = found.is_some_and(|found| found == HERE || found == 9);
        assert!(leads, "{path} leads to {found:?} in {reply}");
    }
}

#[test]
fn images_are_where_the_paths_lead() {
    let images = json!({ "images": [blob("image"), blob("image")] });
    let image = json!({ "blob": blob("image"), "image": blob("image"), "svg": blob("image") });
    let text_to_image = types::TextToImageInput::default();
    lead(text_to_image, &images, |step| {
        vec![path(&step.image(0)), path(&step.image(1))]
    });
    lead(Step::z_image("fog"), &images, |step| {
        vec![path(&step.image(1))]
    });
    lead(Step::upscale_image(HERE), &image, |step| {
        vec![path(&step.image())]
    });
    lead(Step::remove_background(HERE), &image, |step| {
        vec![path(&step.image())]
    });
    lead(Step::convert_to_png(HERE), &image, |step| {
        vec![path(&step.image())]
    });
    lead(Step::upload_image(HERE), &image, |step| {
        vec![path(&step.image())]
    });
    let outlines = types::PreprocessImageCannyInput::default();
    lead(outlines, &image, |step| vec![path(&step.image())]);
    let drawing = types::VTracerImageToSvgInput::default();
    lead(drawing, &image, |step| vec![path(&step.svg())]);
}

#[test]
fn videos_are_where_the_paths_lead() {
    let more = json!({
        "video": blob("video"),
        "additionalVideos": [blob("video")],
        "draftCache": blob("video"),
        "url": HERE, "id": "b", "available": true, "jobId": "j",
        "frames": [blob("image")], "totalFramesExtracted": 1,
        "width": 9, "height": 9, "fps": 9, "duration": "00:00:05",
    });
    lead(Step::veo3("fog"), &more, |step| {
        let (video, draft) = (step.video(), step.draft_cache());
        vec![path(&video), path(&step.additional_video(0)), path(&draft)]
    });
    lead(Step::upscale_video(HERE), &more, |step| {
        vec![path(&step.video())]
    });
    lead(Step::interpolate_video(HERE), &more, |step| {
        vec![path(&step.video())]
    });
    lead(Step::remove_video_background(HERE), &more, |step| {
        vec![path(&step.video())]
    });
    let enhancement = types::VideoEnhancementInput::default();
    lead(enhancement, &more, |step| vec![path(&step.video())]);
    let transcoding = types::TranscodeInput::default();
    lead(transcoding, &more, |step| vec![path(&step.video())]);
    lead(Step::extract_frames(HERE), &more, |step| {
        vec![path(&step.frame(0))]
    });
    lead(Step::video_metadata(HERE), &more, |step| {
        vec![path(&step.width()), path(&step.height())]
    });
}

#[test]
fn sounds_and_texts_are_where_the_paths_lead() {
    let answer = json!({ "index": 0, "message": { "content": HERE } });
    let all = json!({
        "blob": blob("audio"), "audioBlob": blob("audio"),
        "text": HERE, "language": HERE, "timeStamps": [], "elapsedSeconds": 1.0,
        "id": "c", "created": 1, "model": "m", "choices": [answer, answer],
        "enhancedPrompt": HERE, "enhancedNegativePrompt": HERE,
        "issues": [], "recommendations": [],
        "caption": HERE, "message": HERE,
    });
    lead(Step::music("fog horns", ""), &all, |step| {
        vec![path(&step.audio())]
    });
    lead(Step::speak_omni("fog"), &all, |step| {
        vec![path(&step.audio())]
    });
    lead(Step::transcribe(HERE), &all, |step| {
        vec![path(&step.text()), path(&step.language())]
    });
    lead(Step::chat("gpt-4o", "fog?"), &all, |step| {
        vec![path(&step.content(0)), path(&step.content(1))]
    });
    lead(Step::enhance_prompt("sdxl", "fog"), &all, |step| {
        vec![
            path(&step.enhanced_prompt()),
            path(&step.enhanced_negative_prompt()),
        ]
    });
    lead(Step::caption(HERE), &all, |step| {
        vec![path(&step.caption())]
    });
    lead(types::EchoInput::default(), &all, |step| {
        vec![path(&step.message())]
    });
}

#[test]
fn models_and_archives_are_where_the_paths_lead() {
    let all = json!({
        "moderationStatus": "approved",
        "epochs": [{
            "epochNumber": 1, "model": blob("image"), "samples": [blob("image")],
            "blobName": "b", "blobUrl": HERE, "sampleImages": [HERE],
        }],
        "sampleImagesPrompts": [],
        "url": HERE, "entryCount": 1, "format": "zip", "expiresAt": "2030-01-01T00:00:00Z",
        "model": blob("model3d"), "riggedModel": blob("model3d"),
        "animatedModel": blob("model3d"), "thumbnail": blob("image"),
        "blobs": [blob("image")], "tempBlobs": [],
        "images": [blob("image")],
    });
    let training = Step::<types::SdxlAiToolkitTrainingInput>::train(HERE, 1);
    lead(training, &all, |step| {
        vec![path(&step.model(0)), path(&step.sample(0, 0))]
    });
    let training = types::KohyaImageResourceTrainingInput::default();
    lead(training, &all, |step| {
        vec![path(&step.model(0)), path(&step.sample_image(0, 0))]
    });
    lead(types::BlobArchiveInput::default(), &all, |step| {
        vec![path(&step.archive())]
    });
    lead(Step::text_to_3d("a lighthouse"), &all, |step| {
        let moving = (step.rigged_model(), step.animated_model());
        vec![
            path(&step.model()),
            path(&moving.0),
            path(&moving.1),
            path(&step.thumbnail()),
        ]
    });
    lead(types::Model3DPreviewInput::default(), &all, |step| {
        vec![path(&step.image(0))]
    });
    lead(types::ComfyInput::default(), &all, |step| {
        vec![path(&step.file::<Image>(0)), path(&step.file::<Video>(0))]
    });
}

#[test]
fn a_composition_is_a_video_or_a_sound() {
    let parts = types::ComposeMediaInput::default;
    let video = json!({ "type": "video", "videoBlob": blob("video"), "elements": [] });
    lead(parts(), &video, |step| vec![path(&step.video())]);
    let sound = json!({ "type": "audio", "audioBlob": blob("audio"), "elements": [] });
    lead(parts(), &sound, |step| vec![path(&step.audio())]);
}
