//! Models that are not loaded: steps wait for them, tell how far they have come, and may pay to wait less.

use civitai_sim::{Currency, Loading, Shape, SimulatorBuilder};
use reqwest::Method;
use serde_json::{Value, json};

use crate::caller::{Caller, builder, echo, id, image, read, secs, with, workflow};

const LORA: &str = "urn:air:flux2:lora:civitai:144972@908325";
const OTHER: &str = "urn:air:flux2:lora:civitai:1@2";

/// A model that takes 100 s, or 20 s in the fast lane for 7 Buzz.
fn slow() -> Loading {
    Loading::new(1_000)
        .speed(10)
        .boosted_speed(50)
        .boost_price(7)
}

fn loading() -> SimulatorBuilder {
    builder().not_loaded(LORA, slow()).not_loaded(OTHER, slow())
}

fn using(airs: &[&str]) -> Value {
    let mut step = image("a bay");
    let loras = airs.iter().map(|air| ((*air).to_owned(), json!(0.5)));
    step["input"]["loras"] = Value::Object(loras.collect());
    step
}

#[tokio::test]
async fn a_step_is_prepared_until_its_model_is_there() {
    let sim = loading().start().await.unwrap();
    let caller = Caller::new(&sim);
    let submitted = caller.submit(&workflow(&[using(&[LORA])])).await;
    assert_eq!(submitted["status"], "preparing");
    sim.advance(secs(40));
    let now = caller.look(&submitted).await;
    let step = &now["steps"][0];
    assert_eq!(
        step["preparation"],
        json!([{
            "resource": LORA, "sizeBytes": 1_000, "lane": "normal", "progress": 0.4,
            "bytesPerSecond": 10.0, "etaSeconds": 60, "boostedEtaSeconds": 12,
            "rateLimitBytesPerSecond": 10,
        }])
    );
    assert_eq!(step["estimatedProgressRate"], 0.4);
    assert!(step.get("queuePosition").is_none() && step.get("output").is_none());
    sim.advance(secs(60));
    let now = caller.look(&submitted).await;
    assert_eq!(now["status"], "scheduled");
    assert!(now["steps"][0].get("preparation").is_none());
    sim.advance(secs(16));
    let ended = caller.look(&submitted).await;
    assert_eq!(ended["status"], "succeeded");
    assert_eq!(ended["startedAt"], "2026-01-01T00:01:48Z");
    // Once a worker has it, nobody waits for it again.
    let again = caller.submit(&workflow(&[using(&[LORA])])).await;
    assert!(again["steps"][0].get("preparation").is_none());
}

#[tokio::test]
async fn one_model_comes_after_the_other_and_the_last_one_counts() {
    let sim = loading().start().await.unwrap();
    let caller = Caller::new(&sim);
    let first = caller.submit(&workflow(&[using(&[LORA])])).await;
    let both = caller.submit(&workflow(&[using(&[LORA, OTHER])])).await;
    let preparation = &both["steps"][0]["preparation"];
    assert_eq!(preparation[0]["resource"], OTHER);
    assert_eq!(preparation[0]["queuePosition"], 1);
    assert!(preparation[0].get("progress").is_none());
    assert_eq!(preparation[0]["etaSeconds"], 200);
    assert_eq!(preparation[1]["progress"], 0.0);
    sim.advance(secs(150));
    assert_eq!(caller.look(&first).await["status"], "succeeded");
    let now = caller.look(&both).await;
    assert_eq!(now["status"], "preparing");
    assert_eq!(now["steps"][0]["preparation"][0]["progress"], 0.5);
    sim.advance(secs(70));
    assert_eq!(caller.look(&both).await["status"], "succeeded");
}

#[tokio::test]
async fn the_fast_lane_costs_and_can_be_asked_for_before_and_after() {
    let sim = loading().start().await.unwrap();
    let caller = Caller::new(&sim);
    let fast = with(
        workflow(&[using(&[LORA])]),
        "downloadPriority",
        "high".into(),
    );
    let (_, preview) = caller.post("workflows?whatif=true", &fast).await;
    assert_eq!(preview["cost"]["fixed"], json!({"downloadPriority": 7}));
    assert_eq!(preview["cost"]["total"], 15);
    let submitted = caller.submit(&fast).await;
    assert_eq!(submitted["downloadPriority"], "high");
    let preparation = &submitted["steps"][0]["preparation"][0];
    assert_eq!(
        (&preparation["lane"], &preparation["etaSeconds"]),
        (&json!("high"), &json!(20))
    );
    assert!(preparation.get("boostedEtaSeconds").is_none());
    assert!(preparation.get("rateLimitBytesPerSecond").is_none());
    assert_eq!(sim.buzz(Currency::Blue), 10_000 - 15);

    let later = caller.submit(&workflow(&[using(&[OTHER])])).await;
    sim.advance(secs(50));
    assert_eq!(caller.look(&submitted).await["status"], "succeeded");
    let path = format!("workflows/{}", id(&later));
    let change = json!({"downloadPriority": "high"});
    let (status, priced) = caller
        .send(Method::PUT, &format!("{path}?whatif=true"), &change)
        .await;
    assert_eq!((status, &priced["cost"]["total"]), (200, &json!(15)));
    let list = priced["transactions"]["list"].as_array().unwrap();
    assert_eq!(list.len(), 2);
    assert_eq!(
        list[1],
        json!({"type": "debit", "amount": 7, "accountType": "blue"})
    );
    // The price alone has changed nothing.
    let now = caller.look(&later).await;
    assert_eq!(now["cost"]["total"], 8);
    assert_eq!(now["steps"][0]["preparation"][0]["lane"], "normal");
    assert_eq!(sim.buzz(Currency::Blue), 10_000 - 15 - 8);

    assert_eq!(caller.send(Method::PUT, &path, &change).await.0, 204);
    let now = caller.look(&later).await;
    let preparation = &now["steps"][0]["preparation"][0];
    // What has come so far is kept.
    assert_eq!(
        (&preparation["progress"], &preparation["etaSeconds"]),
        (&json!(0.5), &json!(10))
    );
    assert_eq!(sim.buzz(Currency::Blue), 10_000 - 15 - 15);
    // Once is enough.
    assert_eq!(caller.send(Method::PUT, &path, &change).await.0, 204);
    assert_eq!(sim.buzz(Currency::Blue), 10_000 - 15 - 15);
    sim.advance(secs(26));
    assert_eq!(caller.look(&later).await["status"], "succeeded");
    let moved: u64 = sim.ledger().iter().map(|one| one.amount).sum();
    assert_eq!(moved, 30);
}

#[tokio::test]
async fn a_lane_that_cannot_be_paid_is_refused() {
    let sim = loading().buzz(Currency::Blue, 10).start().await.unwrap();
    let caller = Caller::new(&sim);
    let poor = with(workflow(&[using(&[LORA])]), "currencies", json!(["blue"]));
    let submitted = caller.submit(&poor).await;
    let path = format!("workflows/{}", id(&submitted));
    let change = json!({"downloadPriority": "high", "tags": ["fast"]});
    let (_, priced) = caller
        .send(Method::PUT, &format!("{path}?whatif=true"), &change)
        .await;
    assert_eq!(priced["transactions"]["insufficientBuzz"], true);
    let (status, problem) = caller.send(Method::PUT, &path, &change).await;
    assert_eq!(status, 400);
    assert!(problem["errors"]["downloadPriority"].is_array());
    let now = caller.look(&submitted).await;
    assert_eq!(now["tags"], json!([]));
    let unheard = json!({"downloadPriority": "ludicrous"});
    assert_eq!(caller.send(Method::PUT, &path, &unheard).await.0, 400);
    // What did not run is given back, the lane included.
    let cancel = json!({"status": "canceled"});
    caller.send(Method::PUT, &path, &cancel).await;
    assert_eq!(sim.buzz(Currency::Blue), 10);
}

#[tokio::test]
async fn old_jobs_are_preparing_and_a_step_may_expire_meanwhile() {
    let sim = loading().shape(Shape::Old).start().await.unwrap();
    let caller = Caller::new(&sim);
    let step = with(using(&[LORA]), "timeout", "00:00:30".into());
    let submitted = caller
        .submit(&workflow(&[step, echo(&json!("hello"))]))
        .await;
    let waiting = &submitted["steps"][0];
    assert_eq!(waiting["jobs"][0]["status"], "preparing");
    assert!(waiting.get("preparation").is_none());
    sim.advance(secs(200));
    let ended = caller.look(&submitted).await;
    let statuses = [0, 1].map(|step| ended["steps"][step]["status"].clone());
    assert_eq!(statuses, ["expired", "succeeded"]);
}

#[tokio::test]
async fn a_model_can_be_prepared_before_it_is_used() {
    let sim = loading()
        .work_delay(secs(0))
        .queue_delay(secs(0))
        .start()
        .await
        .unwrap();
    let caller = Caller::new(&sim);
    let input = json!({"resource": OTHER});
    let prepare = caller.post("recipes/prepareResource", &input);
    let advance = async {
        sim.until_held(1).await;
        sim.advance(secs(99));
        tokio::task::yield_now().await;
        sim.advance(secs(1));
    };
    let ((_, output), ()) = tokio::join!(prepare, advance);
    assert_eq!(output["resource"], OTHER);
    assert_eq!(output["preparedAt"], "2026-01-01T00:01:40Z");
    let submitted = caller.submit(&workflow(&[using(&[OTHER])])).await;
    assert!(submitted["steps"][0].get("preparation").is_none());
}

#[tokio::test]
async fn resources_are_listed_by_where_they_are() {
    let small = Loading::new(10).speed(1);
    let checkpoint = "urn:air:flux2:checkpoint:huggingface:a/b@c";
    let sim = loading()
        .not_loaded(checkpoint, small)
        .start()
        .await
        .unwrap();
    let caller = Caller::new(&sim);
    let list = |query: &str| {
        let request = caller
            .http
            .get(format!("{}/v2/resources?{query}", sim.base_url()));
        async move {
            let (status, page) = read(request).await;
            let items = page["items"].as_array().cloned().unwrap_or_default();
            let airs: Vec<String> = items
                .iter()
                .map(|item| item["air"].as_str().unwrap().to_owned())
                .collect();
            (status, airs, page)
        }
    };
    for view in ["loaded", "queue"] {
        assert!(list(&format!("view={view}")).await.1.is_empty());
    }
    let step = using(&[LORA, OTHER, checkpoint]);
    caller.submit(&workflow(&[step])).await;
    let (_, airs, page) = list("view=Queue").await;
    assert_eq!(airs, [checkpoint, LORA, OTHER]);
    let states: Vec<&Value> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["availability"]["status"])
        .collect();
    assert_eq!(states, ["loading", "queued", "queued"]);
    for (filter, found) in [
        ("type=lora", 2),
        ("type=lora&type=checkpoint", 3),
        ("type=lora&excludeType=lora", 0),
        ("source=huggingface", 1),
        ("minSizeBytes=1000", 2),
        ("maxSizeBytes=999", 1),
    ] {
        assert_eq!(
            list(&format!("view=queue&{filter}")).await.1.len(),
            found,
            "{filter}"
        );
    }
    let (_, first, page) = list("view=queue&take=2").await;
    assert_eq!(first, [checkpoint, LORA]);
    let rest = format!(
        "view=queue&take=2&cursor={}",
        page["next"].as_str().unwrap()
    );
    let (_, rest, page) = list(&rest).await;
    assert_eq!(
        (&*rest, &page["next"]),
        (&[OTHER.to_owned()][..], &Value::Null)
    );
    for wrong in [
        "",
        "view=all",
        "view=queue&take=x",
        "view=queue&minSizeBytes=x",
    ] {
        assert_eq!(list(wrong).await.0, 400, "{wrong}");
    }
    sim.advance(secs(500));
    assert_eq!(list("view=loaded").await.1.len(), 3);
    assert!(list("view=queue").await.1.is_empty());
}
