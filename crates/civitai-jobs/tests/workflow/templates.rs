//! Requests as templates: what is said of the workflow and of each step.

use std::time::Duration;

use civitai_jobs::WorkflowRequest;
use civitai_jobs::workflows::{
    CallbackEvent, Currency, NsfwLevel, Priority, Step, Text, UpgradeMode, types,
};
use serde_json::json;

use crate::golden::assert_golden;
use crate::model;

#[test]
fn everything_that_can_be_said_is_sent() {
    let mut request = WorkflowRequest::new()
        .tag("fog")
        .tag("tower")
        .metadata("batch", 7)
        .callback(
            "https://example.com/hook",
            [CallbackEvent::WorkflowSucceeded],
        )
        .detailed_callback("https://example.com/steps", [CallbackEvent::StepStar])
        .currency(Currency::Blue)
        .currency(Currency::Yellow)
        .currency(Currency::Blue)
        .allow_mature_content(false)
        .nsfw_level(NsfwLevel::Pg13)
        .upgrade_mode(UpgradeMode::Manual)
        .tips(0.0, 0.25)
        .ephemeral()
        .experimental();
    let lora = "urn:air:sd1:lora:civitai:82098@87153".parse().unwrap();
    let step = Step::text_to_image(model(), "a lighthouse in fog")
        .name("hero")
        .priority(Priority::Low)
        .timeout(Duration::from_millis(600_001))
        .retries(2)
        .metadata("scene", "pier")
        .negative_prompt("blurry")
        .size(512, 768)
        .steps(30)
        .cfg_scale(7.0)
        .scheduler(types::Scheduler::DpM2mKarras)
        .clip_skip(1)
        .quantity(4)
        .seed(42)
        .lora(&lora, 0.8)
        .image("https://example.com/sketch.png")
        .denoise(0.6)
        .format(types::OutputFormat::Png);
    request.add(step);
    assert_golden("everything", &request);
}

#[test]
fn currencies_are_sent_even_where_none_is_named() {
    let mut request = WorkflowRequest::new();
    request.add(Step::z_image("a lighthouse in fog"));
    let template = serde_json::to_value(request.to_template().unwrap()).unwrap();
    assert_eq!(template["currencies"], json!([]));
    assert_eq!(template.get("externalId"), None);
    // Nothing is there that was not said.
    let members: Vec<_> = template.as_object().unwrap().keys().collect();
    assert_eq!(members, ["currencies", "steps"]);
}

#[test]
fn a_step_is_named_after_its_type() {
    let mut request = WorkflowRequest::new();
    let names: Vec<_> = (0..3)
        .map(|_| {
            request
                .add(Step::upscale_image("https://example.com/a.png"))
                .name()
                .to_owned()
        })
        .collect();
    assert_eq!(names, ["imageUpscaler", "imageUpscaler2", "imageUpscaler3"]);
    request.add(Step::z_image("fog").name("imageGen2"));
    let taken: Vec<_> = (0..2)
        .map(|_| request.add(Step::z_image("fog")).name().to_owned())
        .collect();
    assert_eq!(taken, ["imageGen", "imageGen3"]);
    assert!(request.check().is_ok());
}

#[test]
fn times_are_written_as_the_service_reads_them() {
    for (time, expected) in [
        (Duration::ZERO, "00:00:00"),
        (Duration::from_nanos(1), "00:00:01"),
        (Duration::from_secs(600), "00:10:00"),
        (Duration::from_secs(86_399), "23:59:59"),
        (Duration::from_secs(90_061), "1.01:01:01"),
    ] {
        let mut request = WorkflowRequest::new();
        request.add(Step::z_image("fog").timeout(time));
        let template = serde_json::to_value(request.to_template().unwrap()).unwrap();
        assert_eq!(template["steps"][0]["timeout"], expected);
    }
}

#[test]
fn a_clone_goes_its_own_way() {
    let mut template = WorkflowRequest::new().tag("fog");
    let prompt = template.argument::<Text>("prompt", "a lighthouse in fog");
    template.add(Step::z_image(prompt).seed(7));
    let before = template.to_template().unwrap();

    let mut dawn = template.clone().tag("dawn");
    dawn.argument::<Text>("prompt", "a lighthouse at dawn");
    dawn.add(Step::upscale_image("https://example.com/a.png"));
    let changed = serde_json::to_value(dawn.to_template().unwrap()).unwrap();
    assert_eq!(changed["arguments"]["prompt"], "a lighthouse at dawn");
    assert_eq!(changed["tags"], json!(["fog", "dawn"]));
    assert_eq!(template.to_template().unwrap(), before);
}
