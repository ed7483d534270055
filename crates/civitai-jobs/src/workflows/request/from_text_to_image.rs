//! The request of v1 as a step, and as a workflow of that step.

use civitai_api::v1::types as v1;
use civitai_api::v2::limits::{IMAGE_JOB_CONTROL_NET, TEXT_TO_IMAGE_INPUT};
use civitai_api::{Input, Limits};

use super::WorkflowRequest;
use super::step::Step;
use crate::TextToImage;
use civitai_api::v2::types::*;

/// The request of v1 as a step of v2, unchanged: model, prompt and all that steers the images, name,
/// retries and timeout. What v1 knows of a job alone, such as its providers, has no place in a step.
impl From<&TextToImage> for Step<TextToImageInput> {
    fn from(request: &TextToImage) -> Self {
        match request.job() {
            v1::JobRequest::TextToImage(job) => step(*job),
            _ => Self::of(|_| {}),
        }
    }
}

/// The request of v1 as a workflow of one step. Its labels become metadata, and its callback is told
/// of every event of the workflow.
impl From<&TextToImage> for WorkflowRequest {
    fn from(request: &TextToImage) -> Self {
        let mut workflow = Self::new();
        if let v1::JobRequest::TextToImage(mut job) = request.job() {
            for (label, value) in job.properties.take().into_iter().flatten() {
                workflow = workflow.metadata(label, value);
            }
            if let Some(url) = job.callback_url.take() {
                workflow = workflow.callback(url, [WorkflowCallbackTypeItem::WorkflowStar]);
            }
            workflow.add(step(*job));
        }
        workflow
    }
}

fn step(job: v1::TextToImageJobRequest) -> Step<TextToImageInput> {
    let params = job.params.unwrap_or_default();
    let networks = job.additional_networks.map(|networks| {
        let networks = networks.into_iter();
        Input::Value(
            networks
                .map(|(air, params)| (air, network(params)))
                .collect(),
        )
    });
    let nets = job
        .control_nets
        .map(|nets| Input::Value(nets.into_iter().map(control_net).collect::<Vec<_>>()));
    let mut step = Step::new(TextToImageInput {
        additional_networks: networks,
        cfg_scale: given(params.cfg_scale),
        clip_skip: given(params.clip_skip),
        control_nets: nets,
        height: Some(params.height.into()),
        model: given(job.model),
        negative_prompt: given(params.negative_prompt),
        prompt: params.prompt.unwrap_or_default().into(),
        quantity: given(job.quantity),
        scheduler: params.scheduler.map(|scheduler| {
            let name = respell(scheduler.as_str(), &TEXT_TO_IMAGE_INPUT, "scheduler");
            Input::Value(name.into())
        }),
        // -1 leaves the choice to the service, as nothing does here.
        seed: given(params.seed.filter(|seed| *seed >= 0)),
        steps: given(params.steps),
        width: Some(params.width.into()),
        ..Default::default()
    });
    step.timeout = job.timeout;
    if let Some(name) = job.name {
        step = step.name(name);
    }
    match job.retries.map(u32::try_from) {
        Some(Ok(retries)) => step.retries(retries),
        _ => step,
    }
}

fn network(params: v1::ImageJobNetworkParams) -> ImageJobNetworkParams {
    ImageJobNetworkParams {
        strength: given(params.strength),
        trigger_word: given(params.trigger_word),
        type_: params.type_.map(|kind| kind.as_str().into()),
        ..ImageJobNetworkParams::default()
    }
}

/// v2 demands what v1 leaves to the service: here the image steers from the first step to the last,
/// at full strength.
fn control_net(net: v1::ImageJobControlNet) -> ImageJobControlNet {
    let preprocessor = net.preprocessor.unwrap_or(v1::ImageTransformer::Canny);
    let preprocessor = respell(
        preprocessor.as_str(),
        &IMAGE_JOB_CONTROL_NET,
        "preprocessor",
    );
    let (from, to) = (net.start_step.unwrap_or(0.0), net.end_step.unwrap_or(1.0));
    let weight = net.weight.unwrap_or(1.0);
    let mut made = ImageJobControlNet::new(to, Input::Value(preprocessor.into()), from, weight);
    made.image = given(net.image_url.or(net.blob_key));
    made
}

/// A word of v1 as v2 spells it: the two differ in capitals alone.
fn respell(word: &str, limits: &Limits, member: &str) -> String {
    let listed = limits
        .member(member)
        .and_then(|member| member.rule().listed());
    let listed = listed.unwrap_or_default().iter();
    let same = listed
        .copied()
        .find(|listed| listed.eq_ignore_ascii_case(word));
    same.unwrap_or(word).to_owned()
}

fn given<T>(value: Option<T>) -> Option<Input<T>> {
    value.map(Input::Value)
}
