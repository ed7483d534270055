//! Version 2: all operations, and workflows in every state.

use std::collections::BTreeSet;
use std::time::Duration;

use civitai_api::v2::Client;
use civitai_sim::{
    Content, Currency, Fault, Maturity, Origin, Shape, SimTime, Simulator, SimulatorBuilder,
};
use serde_json::{Value, json};
use wiremock::MockServer;

use crate::judge::Judge;
use crate::operations::{examples, input, others, picture, recipes};
use crate::recorder::{Exchange, Recorder};
use crate::refusals::provoke;

/// What the contract declares and no request here brings about: links to content under a sealed name
/// are good without a token, and the rest has no request yet.
const UNSEEN: [&str; 14] = [
    "getBlobArchive 200",
    "getBlobArchive 401",
    "getBlockedContent 200",
    "getBlockedContent 401",
    "getBlobContent 401",
    "getBlobContent 404",
    "getBlobContent 500",
    "getBlob 403",
    "patchWorkflow 403",
    "updateWorkflow 403",
    "removeAllWorkflowTags 400",
    "addWorkflowTag 404",
    "removeWorkflowTag 400",
    "queryResources 503",
];

const WORKFLOWS: &str = "/v2/consumer/workflows";

fn slow() -> SimulatorBuilder {
    let sim = Simulator::builder().time(SimTime::manual()).workers(1);
    let sim = sim.buzz(Currency::Yellow, 10_000_000);
    sim.fail_when(|step| {
        step.prompt()
            .contains("eclipse")
            .then(|| "Too dark.".to_owned())
    })
    .block_when(|step| {
        step.prompt()
            .contains("secret")
            .then(|| "Nobody may see it.".to_owned())
    })
    .rate_when(|step| step.prompt().contains("bare").then_some(Maturity::X))
}

/// Everything that is asked for is there at once.
fn instant() -> SimulatorBuilder {
    slow()
        .queue_delay(Duration::ZERO)
        .work_delay(Duration::ZERO)
}

async fn submit(recorder: &Recorder, query: &str, workflow: &Value) -> Value {
    let path = format!("{WORKFLOWS}{query}");
    let reply = recorder
        .request("post", &path)
        .json(workflow)
        .send()
        .await
        .unwrap();
    reply.json().await.unwrap()
}

async fn get(recorder: &Recorder, path: &str) {
    recorder.request("get", path).send().await.unwrap();
}

/// Each operation once; what was called comes with the replies.
async fn operations() -> (Vec<Exchange>, BTreeSet<String>) {
    let sim = instant().start().await.unwrap();
    let of_recipes = Recorder::before(&sim).await;
    recipes(&Client::new(of_recipes.http())).await;
    // What the other operations tell of services begins anew.
    let sim = instant().start().await.unwrap();
    let of_others = Recorder::before(&sim).await;
    others(&Client::new(of_others.http()), &of_others).await;
    let exchanges = [of_recipes.exchanges(), of_others.exchanges()].concat();
    let mut judge = Judge::new("v2");
    exchanges.iter().for_each(|exchange| judge.judge(exchange));
    (
        exchanges,
        judge.seen.into_iter().map(|(id, _)| id).collect(),
    )
}

/// Each step type and engine, priced and run.
async fn kinds() -> Vec<Exchange> {
    let sim = instant().start().await.unwrap();
    let recorder = Recorder::before(&sim).await;
    for example in examples() {
        submit(&recorder, "?whatif=true", &example).await;
        let ended = submit(&recorder, "?wait=10", &example).await;
        assert_eq!(ended["status"], "succeeded", "{example}");
        let id = ended["id"].as_str().unwrap();
        get(&recorder, &format!("{WORKFLOWS}/{id}/steps/$0")).await;
        get(&recorder, &format!("{WORKFLOWS}?tags=none")).await;
    }
    get(&recorder, WORKFLOWS).await;
    recorder.exchanges()
}

/// Workflows as time goes by: they wait, run, succeed, fail, are withheld and canceled.
async fn states() -> Vec<Exchange> {
    let sim = slow().start().await.unwrap();
    let recorder = Recorder::before(&sim).await;
    let chain = json!({ "currencies": ["blue"], "tags": ["chain"], "metadata": {"a": [1]}, "steps": [
        picture("fog")["steps"][0],
        {"$type": "imageUpscaler", "input": {"image": {"$ref": "$0", "path": "output.images[0].url"}}},
    ]});
    let mut ids = Vec::new();
    for workflow in [
        picture("fog"),
        picture("eclipse"),
        picture("secret"),
        picture("bare"),
        chain,
        picture("late"),
    ] {
        let submitted = submit(&recorder, "", &workflow).await;
        ids.push(submitted["id"].as_str().unwrap().to_owned());
    }
    let canceled = json!({ "status": "canceled" });
    let last = format!("{WORKFLOWS}/{}", ids[5]);
    recorder
        .request("put", &last)
        .json(&canceled)
        .send()
        .await
        .unwrap();
    for _ in 0..30 {
        for id in &ids {
            get(&recorder, &format!("{WORKFLOWS}/{id}")).await;
            get(
                &recorder,
                &format!("{WORKFLOWS}/{id}?hideMatureContent=true"),
            )
            .await;
            get(&recorder, &format!("{WORKFLOWS}/{id}/steps/$0")).await;
        }
        get(
            &recorder,
            &format!("{WORKFLOWS}?take=2&hideMatureContent=false"),
        )
        .await;
        sim.advance(Duration::from_secs(3));
    }
    recorder.exchanges()
}

/// What goes wrong for other reasons than a request that makes no sense.
async fn refusals() -> Vec<Exchange> {
    let sim = instant().missing_resource("urn:air:sd1:checkpoint:civitai:1@2");
    let sim = sim.buzz(Currency::Blue, 0).start().await.unwrap();
    let recorder = Recorder::before(&sim).await;
    provoke(&recorder, &Judge::new("v2")).await;
    get(
        &recorder,
        "/v2/resources/urn:air:sd1:checkpoint:civitai:1@2",
    )
    .await;
    let mut poor = picture("fog");
    poor["currencies"] = json!(["blue"]);
    submit(&recorder, "", &poor).await;
    sim.fail_next(Origin::Api, Fault::Throttled(Duration::from_secs(7)));
    submit(&recorder, "", &picture("fog")).await;
    let known = submit(&recorder, "", &picture("fog")).await;
    let known = format!("{WORKFLOWS}/{}", known["id"].as_str().unwrap());
    for (method, path, body) in [
        ("put", "", json!({"status": "unheard of"})),
        ("patch", "", json!([{"op": "fly", "path": "nowhere"}])),
        ("post", "/tags", json!("")),
        ("post", "/tags", json!("x".repeat(4000))),
        ("put", "/steps/$0", json!({"metadata": 7})),
        ("patch", "/steps/$0", json!([{"op": "fly"}])),
    ] {
        let sent = recorder
            .request(method, &format!("{known}{path}"))
            .json(&body);
        sent.send().await.unwrap();
    }
    for (name, media_type, body) in [
        ("no type", "", &b"\x89PNG"[..]),
        ("text", "text/plain", b"words"),
        ("nothing", "image/png", b""),
        ("a lie", "image/png", b"words"),
    ] {
        let sent = recorder.request("post", &format!("/v2/consumer/blobs?name={}", name.len()));
        sent.header("content-type", media_type)
            .body(body)
            .send()
            .await
            .unwrap();
    }
    let large = recorder
        .request("post", "/v2/consumer/blobs")
        .header("content-type", "image/png");
    large.body(vec![0; 65 << 20]).send().await.unwrap();

    let forbidding = slow()
        .forbid_submissions("This account may not generate.")
        .start();
    let forbidding = forbidding.await.unwrap();
    let other = Recorder::before(&forbidding).await;
    submit(&other, "", &picture("fog")).await;
    [recorder.exchanges(), other.exchanges()].concat()
}

/// Recipes of an account that may not generate.
async fn forbidden_recipes() -> Vec<Exchange> {
    let sim = instant().forbid_submissions("This account may not generate.");
    let sim = sim.start().await.unwrap();
    let recorder = Recorder::before(&sim).await;
    let judge = Judge::new("v2");
    for path in judge.operations().iter().map(|operation| &operation.path) {
        let Some(step_type) = path.strip_prefix("/v2/consumer/recipes/") else {
            continue;
        };
        let body = match step_type {
            "imageUpload" => json!("https://example.com/a.png"),
            step_type => input(step_type),
        };
        let sent = recorder.request("post", path).json(&body).send().await;
        assert_eq!(sent.unwrap().status(), 403, "{path}");
    }
    recorder.exchanges()
}

/// What only a service answers that has left the older description behind.
async fn newest() -> Vec<Exchange> {
    const PICTURE: &str = "https://pictures.test/a.png";
    const EMPTY: &str = "https://pictures.test/empty.png";
    let file = |bytes: &'static [u8]| Content::new("image/png", bytes);
    let sim = instant().shape(Shape::New).source(EMPTY, file(b""));
    let sim = sim.source(PICTURE, file(b"\x89PNG\r\n\x1a\n"));
    let sim = sim.start().await.unwrap();
    let recorder = Recorder::before(&sim).await;
    let submitted = submit(&recorder, "", &picture("fog")).await;
    let workflow = format!("{WORKFLOWS}/{}", submitted["id"].as_str().unwrap());
    let change = json!({ "metadata": { "a": 1 } });
    recorder
        .request("put", &workflow)
        .json(&change)
        .send()
        .await
        .unwrap();

    let storage = MockServer::start().await;
    let missing = format!("{}/a.png", storage.uri());
    let silent = "http://127.0.0.1:1/a.png";
    let untrusted = "https://elsewhere.test/a.png";
    for (address, status) in [
        (PICTURE, 201),
        (PICTURE, 200),
        (untrusted, 403),
        (&missing, 404),
        (EMPTY, 422),
        (silent, 502),
    ] {
        let path = "/v2/consumer/blobs/ingest";
        let request = recorder
            .request("post", path)
            .query(&[("sourceUrl", address)]);
        let reply = request.send().await.unwrap();
        assert_eq!(reply.status(), status, "{address}");
    }
    recorder.exchanges()
}

#[tokio::test]
async fn every_operation_is_called_and_every_reply_is_what_the_contract_says() {
    let mut judge = Judge::new("v2");
    let (replies, called) = operations().await;
    let all: BTreeSet<String> = judge
        .operations()
        .iter()
        .map(|one| one.id.clone())
        .collect();
    assert_eq!(called, all);
    let others = [kinds().await, states().await, refusals().await].concat();
    let newer = [forbidden_recipes().await, newest().await].concat();
    for exchange in [replies, others, newer].concat() {
        judge.judge(&exchange);
    }
    println!("{} replies of {} kinds", judge.judged, judge.seen.len());
    assert_eq!(judge.unseen(), UNSEEN);
}
