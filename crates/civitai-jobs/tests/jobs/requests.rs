//! Requests: built, shared, and the same on the wire as in the types of the contract.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use civitai_api::v1::limits::JOB_REQUEST;
use civitai_jobs::jobs::{
    AssetType, ControlNet, ImageTransformer, JobRequest, Network, Priority, Provider, Scheduler,
};
use civitai_jobs::{Air, BatchSubmission, FieldProblem, TextToImage};
use proptest::prelude::*;
use proptest::{collection, option, sample};
use serde_json::{Value, json};

use crate::stage::{Stage, request};

fn air() -> impl Strategy<Value = Air> {
    (
        1..10_000_u64,
        1..10_000_u64,
        "[a-z]{2,6}",
        "lora|embedding|vae",
    )
        .prop_map(|(model, version, ecosystem, kind)| {
            Air::civitai(&ecosystem, &kind, model, version).unwrap()
        })
}

fn checkpoint() -> impl Strategy<Value = Air> {
    (1..10_000_u64, 1..10_000_u64, "[a-z]{2,6}").prop_map(|(model, version, ecosystem)| {
        Air::civitai(&ecosystem, "checkpoint", model, version).unwrap()
    })
}

fn network() -> impl Strategy<Value = Network> {
    let kind = sample::select(AssetType::LISTED);
    (air(), kind, option::of(0.0..=2.0), option::of("[a-z]{1,9}")).prop_map(
        |(air, kind, strength, word)| {
            let mut network = Network::new(air, kind);
            if let Some(strength) = strength {
                network = network.strength(strength);
            }
            match word {
                Some(word) => network.trigger_word(word),
                None => network,
            }
        },
    )
}

fn control_net() -> impl Strategy<Value = ControlNet> {
    let kind = option::of(sample::select(ImageTransformer::LISTED));
    (any::<bool>(), kind, 0.0..=2.0, 0.0..0.5, 0.5..1.0).prop_map(
        |(stored, kind, weight, start, end)| {
            let net = if stored {
                ControlNet::from_blob("ABCDEF")
            } else {
                ControlNet::from_url("https://example.com/a.png")
            };
            let net = net.weight(weight).start_step(start).end_step(end);
            match kind {
                Some(kind) => net.preprocessor(kind),
                None => net,
            }
        },
    )
}

fn label() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        ".{0,9}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            collection::btree_map("[a-z]{1,4}", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Requests with anything set that can be set.
fn built() -> impl Strategy<Value = TextToImage> {
    let picture = (
        checkpoint(),
        "[a-z]\\PC{0,40}",
        (8..=256_u32, 8..=256_u32),
        option::of(1..=150_u32),
        option::of(1.0..=30.0),
        option::of(-1..=4_294_967_295_i64),
        option::of(sample::select(Scheduler::LISTED)),
        (option::of(1..=12), 1..=100_u32),
    );
    let besides = (
        collection::vec(network(), 0..4),
        collection::vec(control_net(), 0..3),
        option::of(sample::select(Provider::LISTED)),
        option::of((any::<i32>(), 0..100_i32)),
        option::of((1..1_000_000_u64, 0..1_000_000_000_u32)),
        option::of(0..10_u32),
        collection::btree_map("[a-z]{1,6}", label(), 0..3),
        collection::btree_set("[a-z]{1,6}", 0..3),
    );
    (picture, besides).prop_map(|(picture, besides)| {
        let (model, prompt, (width, height), steps, scale, seed, scheduler, (skip, quantity)) =
            picture;
        let (networks, nets, provider, priority, timeout, retries, labels, names) = besides;
        let mut request = TextToImage::new(model, prompt)
            .size(width * 8, height * 8)
            .quantity(quantity)
            .name("PARENT")
            .expire_at(std::time::UNIX_EPOCH + Duration::from_secs(2_000_000_000));
        request = networks.into_iter().fold(request, TextToImage::network);
        request = nets.into_iter().fold(request, TextToImage::control_net);
        request = names.into_iter().fold(request, TextToImage::depends_on);
        for (name, value) in labels {
            request = request.property(name, value);
        }
        let set = [
            steps.map(|steps| request.clone().steps(steps)),
            scale.map(|scale| request.clone().cfg_scale(scale)),
        ];
        request = set.into_iter().flatten().next_back().unwrap_or(request);
        request = seed.map_or(request.clone(), |seed| request.seed(seed));
        request = scheduler.map_or(request.clone(), |name| request.scheduler(name));
        request = skip.map_or(request.clone(), |layers| request.clip_skip(layers));
        request = provider.map_or(request.clone(), |name| request.provider(name));
        request = retries.map_or(request.clone(), |times| request.retries(times));
        if let Some((min, more)) = priority {
            request = request.priority(Priority::Ranged {
                min,
                max: min.saturating_add(more),
            });
        }
        match timeout {
            Some((seconds, nanos)) => request.timeout(Duration::new(seconds, nanos)),
            None => request,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// What a builder makes is what the types of the contract read and write.
    #[test]
    fn any_request_goes_through_the_typed_low_level_one_unchanged(request in built()) {
        // Two networks can fall on one AIR, which the check refuses.
        prop_assume!(request.check().is_ok());
        let job = JobRequest::try_from(&request).unwrap();
        let json = serde_json::to_value(&job).unwrap();
        prop_assert_eq!(&json["$type"], "textToImage");
        prop_assert_eq!(JOB_REQUEST.check(&json), vec![]);
        let read: JobRequest = serde_json::from_value(json.clone()).unwrap();
        prop_assert!(matches!(&read, JobRequest::TextToImage(_)));
        prop_assert_eq!(serde_json::to_value(&read).unwrap(), json);
        prop_assert_eq!(read, job);
    }
}

#[test]
fn settings_are_written_as_the_service_reads_them() {
    let job = JobRequest::try_from(
        &request()
            .timeout(Duration::from_secs(600))
            .priority(5)
            .property("run", json!({"n": [1, null]})),
    );
    let json = serde_json::to_value(job.unwrap()).unwrap();
    assert_eq!(json["timeout"], "00:10:00");
    assert_eq!(json["priority"], json!({"value": 5}));
    assert_eq!(json["properties"], json!({"run": {"n": [1, null]}}));
    assert!(json.get("additionalNetworks").is_none());
    let ranged = JobRequest::try_from(&request().priority(2..=8)).unwrap();
    let json = serde_json::to_value(ranged).unwrap();
    assert_eq!(json["priority"], json!({"min": 2, "max": 8}));
}

#[tokio::test]
async fn the_service_takes_a_request_with_everything_set() {
    let stage = Stage::new().await;
    let lora: Air = "urn:air:sd1:lora:civitai:82098@87153".parse().unwrap();
    let word: Air = "civitai:7808@9208".parse().unwrap();
    let full = request()
        .negative_prompt("people")
        .steps(30)
        .cfg_scale(7.0)
        .scheduler(Scheduler::EulerA)
        .clip_skip(2)
        .quantity(2)
        .network(Network::lora(lora).strength(0.8))
        .network(Network::embedding(word, "easynegative"))
        .control_net(
            ControlNet::from_url("https://example.com/pose.png")
                .preprocessor(ImageTransformer::Canny)
                .weight(0.7)
                .start_step(0.0)
                .end_step(0.5),
        )
        .name("first")
        .depends_on("another")
        .priority(2..=8)
        .provider(Provider::Civitai)
        .timeout(Duration::from_secs(90_000))
        .retries(1)
        .callback_url("https://example.com/done")
        .property("run", json!({"number": 7}));
    let job = stage.client.jobs().submit(&full).await.unwrap();
    let seen = stage
        .client
        .api()
        .get_job(job.ids()[0].as_str(), Some(true))
        .await
        .unwrap();
    let labels = seen.into_inner().properties.unwrap();
    assert_eq!(labels["run"], json!({"number": 7}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_template_is_shared_between_threads() {
    let stage = Stage::new().await;
    let template = Arc::new(request().steps(20));
    let tasks: Vec<_> = (0..20)
        .map(|seed| {
            let (client, template) = (stage.client.clone(), Arc::clone(&template));
            tokio::spawn(async move { client.jobs().submit(&(*template).clone().seed(seed)).await })
        })
        .collect();
    let mut ids = std::collections::BTreeSet::new();
    for task in tasks {
        ids.extend(task.await.unwrap().unwrap().ids().to_vec());
    }
    assert_eq!(ids.len(), 20);
    assert_eq!(*template, request().steps(20));

    // Also without an `Arc` around it, and in plain threads.
    let shared = &*template;
    let texts: Vec<_> = thread::scope(|scope| {
        let spawn = |n| scope.spawn(move || shared.clone().prompt(format!("fog {n}")));
        let threads: Vec<_> = (0..4).map(spawn).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    for (n, changed) in texts.iter().enumerate() {
        assert_eq!(changed.prompt_text(), format!("fog {n}"));
    }
    assert_eq!(
        size_of::<TextToImage>(),
        size_of::<usize>(),
        "a clone is a pointer"
    );
}

#[tokio::test]
async fn all_that_is_wrong_with_a_batch_comes_back_at_once() {
    let stage = Stage::new().await;
    let lora = Network::lora("civitai:1@2".parse().unwrap()).strength(5.0);
    let batch = [
        request().steps(0),
        request(),
        request().network(lora),
        request().size(1, 64).property("clientKey", 1),
    ];
    let error = stage.client.jobs().submit_all(&batch).await.unwrap_err();
    let fields: Vec<_> = error.fields().iter().map(FieldProblem::field).collect();
    assert_eq!(
        fields,
        [
            "jobs[0].params.steps",
            "jobs[2].additionalNetworks[\"civitai:1@2\"].strength",
            "jobs[3].params.width",
            "jobs[3].properties.clientKey",
        ]
    );
    let many = vec![request(); BatchSubmission::MOST_JOBS + 1];
    for (count, wrong) in [
        (0, true),
        (1, false),
        (BatchSubmission::MOST_JOBS, false),
        (many.len(), true),
    ] {
        let problems = stage.client.jobs().submit_all(&many[..count]).check().err();
        assert_eq!(problems.is_some(), wrong, "{count}");
    }
    let huge = request().property("note", "x".repeat(BatchSubmission::MOST_BYTES));
    assert!(stage.client.jobs().submit(&huge).check().is_err());
    assert!(stage.sim.requests().is_empty());
}

/// A request of each kind that the contract lists, with as little as it must have.
fn of_each_kind() -> Vec<(&'static str, JobRequest)> {
    let kinds = JOB_REQUEST.variants().iter();
    let job = |(tag, limits): &(&'static str, &'static civitai_api::Limits)| {
        let required = limits.members().filter(|member| member.is_required());
        let mut job = json!({"$type": tag, "properties": {"run": 7}});
        for member in required {
            let is_id = member.name() == "modelId";
            job[member.name()] = if is_id { 7.into() } else { "x".into() };
        }
        if *tag == "textToImage" || *tag == "comfy" {
            job["params"] = json!({"prompt": "fog", "width": 64, "height": 64});
        }
        (*tag, serde_json::from_value(job).unwrap())
    };
    kinds.map(job).collect()
}

#[tokio::test]
async fn jobs_of_every_kind_go_out_under_a_key() {
    let stage = Stage::new().await;
    let jobs = of_each_kind();
    assert_eq!(jobs.len(), 16);
    for (kind, job) in jobs.clone() {
        let job = stage.client.jobs().submit_jobs([job]).await;
        let job = job.unwrap_or_else(|error| panic!("{kind}: {error:?}"));
        let seen = stage
            .client
            .api()
            .get_job(job.ids()[0].as_str(), None)
            .await;
        let labels = seen.unwrap().into_inner().properties.unwrap();
        assert_eq!(labels["run"], 7, "{kind}");
        let key = labels["clientKey"].as_str().unwrap().parse().unwrap();
        assert_eq!(
            stage.client.jobs().find(key).await.unwrap().unwrap().ids(),
            job.ids()
        );
    }
    let all = jobs.into_iter().map(|(_, job)| job);
    assert_eq!(
        stage
            .client
            .jobs()
            .submit_jobs(all)
            .await
            .unwrap()
            .ids()
            .len(),
        16
    );
}

#[tokio::test]
async fn low_level_jobs_are_checked_by_the_contract_unless_told() {
    let stage = Stage::new().await;
    let job = |json: Value| JobRequest::Raw(json.as_object().unwrap().clone().into());
    let wide = json!({"prompt": "fog", "width": 4096, "height": 64});
    for (json, field, waived) in [
        (
            json!({"$type": "textToImage", "params": wide}),
            "jobs[0].params.width",
            true,
        ),
        (json!({"$type": "textToSong"}), "jobs[0].$type", true),
        (
            json!({"$type": "wdTagging", "model": "civitai:1@2"}),
            "jobs[0].mediaUrl",
            false,
        ),
        (
            json!({"$type": "getBlob", "properties": {"clientKey": 1}}),
            "jobs[0].properties.clientKey",
            false,
        ),
    ] {
        let submission = stage.client.jobs().submit_jobs([job(json)]);
        let problems = submission.check().unwrap_err();
        let fields: Vec<_> = problems.iter().map(FieldProblem::field).collect();
        assert_eq!(fields, [field]);
        assert_eq!(
            submission.allow_unchecked().check().is_ok(),
            waived,
            "{field}"
        );
    }
}
