//! Requests of version 1: every setter, batches and jobs of every kind, as they go over the wire.

use std::collections::BTreeMap;
use std::time::Duration;

use civitai_jobs::jobs::{
    AssetType, ControlNet, ImageTransformer, JobRequest, Network, Priority, Provider, Scheduler,
};
use civitai_jobs::{Client, TextToImage, WorkflowRequest};
use contract_tests::{Contract, Maker, Twist, Validator, fault, message, normalised, validator};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::both_ways;
use crate::draw::Draw;

type Set<T> = fn(T, &mut Draw) -> T;

const SET: &[(&str, Set<TextToImage>)] = &[
    ("prompt", |request, draw| request.prompt(draw.text())),
    ("negative_prompt", |request, draw| {
        request.negative_prompt(draw.text())
    }),
    ("size", |request, draw| {
        request.size(whole(draw), whole(draw))
    }),
    ("steps", |request, draw| request.steps(whole(draw))),
    ("cfg_scale", |request, draw| {
        request.cfg_scale(draw.fraction())
    }),
    ("seed", |request, draw| request.seed(draw.number().into())),
    ("scheduler", |request, draw| {
        request.scheduler(draw.one_of(&[Scheduler::EulerA, Scheduler::Ddim]))
    }),
    ("clip_skip", |request, draw| {
        request.clip_skip(draw.number())
    }),
    ("quantity", |request, draw| request.quantity(whole(draw))),
    ("network", |request, draw| request.network(network(draw))),
    ("control_net", |request, draw| {
        request.control_net(control_net(draw))
    }),
    ("name", |request, draw| request.name(draw.text())),
    ("depends_on", |request, draw| {
        request.depends_on(draw.text())
    }),
    ("priority", |request, draw| {
        let (one, other) = (draw.number(), draw.number());
        request.priority(draw.one_of(&[Priority::from(one), Priority::from(one..=other)]))
    }),
    ("provider", |request, draw| {
        request.provider(draw.one_of(&[Provider::OctoMl, Provider::Civitai]))
    }),
    ("expire_at", |request, draw| {
        let at = chrono::DateTime::from_timestamp(draw.number().into(), 5).unwrap();
        request.expire_at(at)
    }),
    ("timeout", |request, draw| {
        request.timeout(Duration::from_millis(whole(draw).into()))
    }),
    ("retries", |request, draw| request.retries(whole(draw))),
    ("callback_url", |request, draw| {
        request.callback_url(draw.link())
    }),
    ("property", |request, draw| {
        let values = [json!(null), json!(1.5), json!({"a": [true]}), json!("é")];
        request.property(draw.text(), draw.one_of(&values))
    }),
];

const OF_NETWORKS: &[(&str, Set<Network>)] = &[
    ("strength", |network, draw| {
        network.strength(draw.fraction())
    }),
    ("trigger_word", |network, draw| {
        network.trigger_word(draw.word())
    }),
];

const OF_CONTROL_NETS: &[(&str, Set<ControlNet>)] = &[
    ("preprocessor", |net, draw| {
        net.preprocessor(draw.one_of(&[ImageTransformer::Canny, ImageTransformer::DepthZoe]))
    }),
    ("weight", |net, draw| net.weight(draw.fraction())),
    ("start_step", |net, draw| net.start_step(draw.fraction())),
    ("end_step", |net, draw| net.end_step(draw.fraction())),
];

fn whole(draw: &mut Draw) -> u32 {
    draw.number().unsigned_abs()
}

fn network(draw: &mut Draw) -> Network {
    let air = draw.air();
    let made = [
        Network::new(air.clone(), AssetType::LoCon),
        Network::lora(air.clone()),
        Network::embedding(air, draw.word()),
    ];
    some(draw.one_of(&made), OF_NETWORKS, draw)
}

fn control_net(draw: &mut Draw) -> ControlNet {
    let made = [
        ControlNet::from_url(draw.link()),
        ControlNet::from_blob(draw.word()),
    ];
    some(draw.one_of(&made), OF_CONTROL_NETS, draw)
}

/// Uses some of the setters, one in four.
fn some<T>(mut value: T, setters: &[(&'static str, Set<T>)], draw: &mut Draw) -> T {
    for (name, set) in setters {
        if draw.once_in(4) {
            draw.used.insert(name);
            value = set(value, draw);
        }
    }
    value
}

fn request(draw: &mut Draw) -> TextToImage {
    let request = TextToImage::new(draw.air(), draw.text());
    some(request, SET, draw)
}

/// The bodies of the requests that are sent meanwhile.
async fn bodies<F: Future>(act: impl FnOnce(Client) -> F) -> Vec<Value> {
    let server = MockServer::start().await;
    let refused = ResponseTemplate::new(400);
    Mock::given(any())
        .respond_with(refused)
        .mount(&server)
        .await;
    let client = Client::builder()
        .token("token".to_owned())
        .base_url(server.uri());
    act(client.build().unwrap()).await;
    let requests = server.received_requests().await.unwrap();
    requests
        .iter()
        .map(|request| request.body_json().unwrap())
        .collect()
}

fn assert_accepted(validator: &Validator, sent: &Value) {
    assert_eq!(message(fault(validator, sent)), "accepted", "{sent}");
}

#[tokio::test]
async fn every_request_that_is_let_through_is_accepted_alone_and_in_batches() {
    let batch = validator(&normalised("v1"), "JobTemplateList");
    let workflow = validator(&normalised("v2"), "WorkflowTemplate");
    let mut passed: BTreeMap<&str, usize> = BTreeMap::new();
    let mut good = Vec::new();
    for seed in 0..3000 {
        let mut draw = Draw::new(seed);
        let request = request(&mut draw);
        let Ok(job) = JobRequest::try_from(&request) else {
            continue;
        };
        assert_accepted(&batch, &json!({ "jobs": [job] }));
        let step = WorkflowRequest::from(&request);
        both_ways(&workflow, &step, &format!("seed {seed}, {:?}", draw.used));
        for name in draw.used {
            *passed.entry(name).or_default() += 1;
        }
        good.push(request);
    }
    println!("{} requests accepted: {passed:?}", good.len());
    let setters = SET.iter().map(|(name, _)| *name);
    let setters = setters.chain(OF_NETWORKS.iter().map(|(name, _)| *name));
    let mut setters = setters.chain(OF_CONTROL_NETS.iter().map(|(name, _)| *name));
    assert_eq!(setters.find(|name| !passed.contains_key(name)), None);

    let sent = bodies(async |client| {
        for requests in good.chunks(7).take(40) {
            client.jobs().submit_all(requests).await.unwrap_err();
        }
        for request in good.iter().take(40) {
            let workflow = WorkflowRequest::from(request);
            client.workflows().submit(&workflow).await.unwrap_err();
        }
    });
    let sent = sent.await;
    let batches = sent.iter().filter(|body| body.get("jobs").is_some());
    assert_eq!(batches.clone().count(), 40);
    for body in batches {
        assert_accepted(&batch, body);
        for job in body["jobs"].as_array().unwrap() {
            assert!(job["properties"]["clientKey"].is_string(), "{job}");
        }
    }
    for body in sent.iter().filter(|body| body.get("steps").is_some()) {
        assert_accepted(&workflow, body);
        assert!(body["externalId"].is_string());
    }
}

#[tokio::test]
async fn jobs_of_every_kind_that_are_let_through_are_accepted() {
    let batch = validator(&normalised("v1"), "JobTemplateList");
    let contract = Contract::load("v1");
    let mut maker = Maker::new(&contract, Twist::Nothing);
    let mut passed = Vec::new();
    let client = Client::builder().token("token".to_owned()).build().unwrap();
    for (tag, schema) in contract.variants("JobRequest") {
        let before = passed.len();
        for seed in 0..20 {
            let mut made = maker.make(&schema, seed).back;
            made["$type"] = json!(tag);
            let job: JobRequest = serde_json::from_value(made).unwrap();
            let submission = client.jobs().submit_jobs([job.clone()]);
            passed.extend(submission.check().is_ok().then_some(job));
        }
        assert!(passed.len() > before, "no job of type {tag} was accepted");
    }
    let wanted = passed.len();
    let sent = bodies(async |client| {
        for job in passed {
            client.jobs().submit_jobs([job]).await.unwrap_err();
        }
    });
    let sent = sent.await;
    assert_eq!(sent.len(), wanted);
    for body in sent {
        assert_accepted(&batch, &body);
    }
}
