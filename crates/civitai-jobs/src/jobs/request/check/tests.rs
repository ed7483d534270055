use std::time::Duration;

use super::*;
use crate::jobs::{AssetType, ControlNet, Network, Priority, Provider};
use crate::{Air, FieldProblem};

fn air(text: &str) -> Air {
    text.parse().unwrap()
}

fn request() -> TextToImage {
    TextToImage::new(air("civitai:4384@128713"), "a lighthouse in fog")
}

fn lora(strength: f64) -> TextToImage {
    request().network(Network::lora(air("civitai:1@2.ckpt")).strength(strength))
}

fn net(change: impl FnOnce(ControlNet) -> ControlNet) -> TextToImage {
    request().control_net(change(ControlNet::from_blob("ABC")))
}

fn fields(request: &TextToImage) -> String {
    let problems = request.check().err().unwrap_or_default();
    let fields: Vec<_> = problems.iter().map(FieldProblem::field).collect();
    fields.join(",")
}

/// Beyond a limit, which the service may lift one day.
#[test]
fn each_limit_holds_on_both_sides_until_it_is_waived() {
    let r = request;
    for (request, wrong) in [
        (r(), ""),
        (r().size(64, 2048).steps(1).cfg_scale(1.0).seed(-1), ""),
        (r().steps(150).cfg_scale(30.0).seed(4_294_967_295), ""),
        (r().quantity(100).clip_skip(12).retries(0), ""),
        (r().size(56, 512), "width"),
        (r().size(2056, 512), "width"),
        (r().size(513, 512), "width"),
        (r().size(512, 0), "height"),
        (r().steps(0), "steps"),
        (r().steps(151), "steps"),
        (r().cfg_scale(0.9), "cfgScale"),
        (r().cfg_scale(30.1), "cfgScale"),
        (r().seed(-2), "seed"),
        (r().seed(4_294_967_296), "seed"),
        (r().quantity(0), "quantity"),
        (r().quantity(101), "quantity"),
        (r().clip_skip(0), "clipSkip"),
        (r().clip_skip(13), "clipSkip"),
        (r().scheduler("euler_a".into()), "scheduler"),
        (r().provider(Provider::Civitai), ""),
        (r().provider("Nobody".into()), "providers[0]"),
        (lora(0.0), ""),
        (lora(2.0), ""),
        (
            lora(-0.1),
            "additionalNetworks[\"civitai:1@2.ckpt\"].strength",
        ),
        (
            lora(2.1),
            "additionalNetworks[\"civitai:1@2.ckpt\"].strength",
        ),
        (
            r().network(Network::new(air("civitai:1@2.ckpt"), "hologram".into())),
            "additionalNetworks[\"civitai:1@2.ckpt\"].type",
        ),
        (
            net(|net| net.weight(2.0).start_step(0.0).end_step(30.0)),
            "",
        ),
        (net(|net| net.weight(2.1)), "controlNets[0].weight"),
        (net(|net| net.start_step(-1.0)), "controlNets[0].startStep"),
        (
            net(|net| net.preprocessor("openpose".into())),
            "controlNets[0].preprocessor",
        ),
        (r().callback_url("https://example.com/done"), ""),
        (r().callback_url("http://example.com/done"), "callbackUrl"),
    ] {
        assert_eq!(fields(&request), wrong, "{request:?}");
        assert_eq!(
            fields(&request.clone().allow_unchecked()),
            "",
            "{request:?}"
        );
    }
}

/// Beyond sense, which no service can lift.
#[test]
fn what_cannot_be_meant_is_refused_whatever_is_waived() {
    let r = request;
    let blank = |prompt: &str| TextToImage::new(air("civitai:1@2"), prompt);
    let twice = |other: &str| {
        r().network(Network::lora(air("civitai:1@2")))
            .network(Network::new(air(other), AssetType::Vae))
    };
    let url = |url: &str| r().control_net(ControlNet::from_url(url));
    for (request, wrong) in [
        (blank(""), "prompt"),
        (blank(" \n\t"), "prompt"),
        (r().size(512, u32::MAX), "height"),
        (r().retries(u32::MAX), "retries"),
        (r().cfg_scale(f64::NAN), "cfgScale"),
        (r().cfg_scale(f64::INFINITY), "cfgScale"),
        (
            lora(f64::NAN),
            "additionalNetworks[\"civitai:1@2.ckpt\"].strength",
        ),
        (
            net(|net| net.weight(f64::NEG_INFINITY)),
            "controlNets[0].weight",
        ),
        (
            net(|net| net.start_step(0.8).end_step(0.2)),
            "controlNets[0].endStep",
        ),
        (twice("civitai:1@3"), ""),
        (twice("civitai:1@2"), "additionalNetworks[\"civitai:1@2\"]"),
        (
            twice("urn:air:civitai:1@2"),
            "additionalNetworks[\"urn:air:civitai:1@2\"]",
        ),
        (url("https://example.com/a.png"), ""),
        (url("a.png"), "controlNets[0].imageUrl"),
        (url("file:///a.png"), "controlNets[0].imageUrl"),
        (
            r().control_net(ControlNet::from_blob(" ")),
            "controlNets[0].blobKey",
        ),
        (r().name(" "), "name"),
        (r().name("a").depends_on("b").depends_on("c"), ""),
        (r().name("a").depends_on("a"), "dependencies[0]"),
        (r().depends_on(""), "dependencies[0]"),
        (r().depends_on("b").depends_on("b"), "dependencies[1]"),
        (r().priority(2..=2), ""),
        (
            r().priority(Priority::Ranged { min: 8, max: 2 }),
            "priority",
        ),
        (r().timeout(Duration::ZERO), "timeout"),
        (r().timeout(Duration::MAX), "timeout"),
        (r().callback_url("example.com"), "callbackUrl"),
        (r().property("run", 1).property("clientkey", 1), ""),
        (r().property("clientKey", 1), "properties.clientKey"),
        (r().property("clientJob", 1), "properties.clientJob"),
    ] {
        assert_eq!(fields(&request), wrong, "{request:?}");
        assert_eq!(
            fields(&request.clone().allow_unchecked()),
            wrong,
            "{request:?}"
        );
    }
}

#[test]
fn all_problems_come_back_together_in_the_order_of_the_fields() {
    let request = TextToImage::new(air("civitai:1@2"), "")
        .property("clientKey", "mine")
        .callback_url("nowhere")
        .control_net(ControlNet::from_url(""))
        .network(Network::lora(air("civitai:3@4")).strength(9.0))
        .quantity(0)
        .clip_skip(0)
        .scheduler("none".into())
        .seed(-9)
        .cfg_scale(0.0)
        .steps(0)
        .size(1, 1);
    let problems = request.check().unwrap_err();
    let found: Vec<_> = problems.iter().map(FieldProblem::field).collect();
    assert_eq!(
        found,
        [
            "prompt",
            "width",
            "height",
            "steps",
            "cfgScale",
            "seed",
            "scheduler",
            "clipSkip",
            "quantity",
            "additionalNetworks[\"civitai:3@4\"].strength",
            "controlNets[0].imageUrl",
            "callbackUrl",
            "properties.clientKey",
        ]
    );
    let text = problems.to_string();
    assert!(text.starts_with("prompt must say"), "{text}");
    assert!(
        text.contains("; quantity must be from 1 to 100; it is 0"),
        "{text}"
    );
}
