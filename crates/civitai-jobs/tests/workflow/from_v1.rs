//! The request of v1 submitted to v2.

use civitai_api::v2::limits::TEXT_TO_IMAGE_INPUT;
use civitai_jobs::jobs::Scheduler;
use civitai_jobs::workflows::Step;
use civitai_jobs::{TextToImage, WorkflowRequest};
use serde_json::Value;

use crate::golden::assert_golden;
use crate::model;

#[test]
fn the_request_of_v1_is_a_workflow_of_v2() {
    let request = TextToImage::new(model(), "a lighthouse in fog")
        .negative_prompt("blurry")
        .size(512, 768)
        .steps(30)
        .cfg_scale(7.0)
        .seed(42)
        .scheduler(Scheduler::Dpm2mKarras)
        .clip_skip(1)
        .quantity(4);
    assert_golden("from_v1", &WorkflowRequest::from(&request));
}

#[test]
fn what_v1_leaves_open_is_the_choice_of_the_service() {
    let bare = TextToImage::new(model(), "a lighthouse in fog");
    let seed = |request: &TextToImage| {
        let mut workflow = WorkflowRequest::new();
        workflow.add(Step::from(request));
        let template = serde_json::to_value(workflow.to_template().unwrap()).unwrap();
        template["steps"][0]["input"]["seed"].as_i64()
    };
    assert_eq!(seed(&bare), None);
    assert_eq!(seed(&bare.clone().seed(-1)), None);
    assert_eq!(seed(&bare.seed(5)), Some(5));
}

#[test]
fn every_sampler_of_v1_is_one_of_v2() {
    let of_v1 = civitai_api::v1::limits::IMAGE_JOB_PARAMS
        .member("scheduler")
        .unwrap();
    let of_v2 = TEXT_TO_IMAGE_INPUT
        .member("scheduler")
        .unwrap()
        .rule()
        .listed()
        .unwrap();
    for name in of_v1.rule().listed().unwrap() {
        let request = TextToImage::new(model(), "fog").scheduler((*name).into());
        let template = WorkflowRequest::from(&request).to_template().unwrap();
        let template = serde_json::to_value(template).unwrap();
        let sent = &template["steps"][0]["input"]["scheduler"];
        assert!(
            of_v2.iter().any(|listed| sent == &Value::from(*listed)),
            "{name}: {sent}"
        );
    }
}
