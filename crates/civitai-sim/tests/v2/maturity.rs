//! Mature content: who may see it, and what it is paid with.

use civitai_sim::{Currency, Maturity, SimulatorBuilder};
use reqwest::Method;
use serde_json::{Value, json};

use crate::caller::{Caller, builder, id, image, with, workflow};

fn rating() -> SimulatorBuilder {
    builder().rate_when(|step| step.prompt().contains("bare").then_some(Maturity::X))
}

fn picture(workflow: &Value) -> &Value {
    &workflow["steps"][0]["output"]["images"][0]
}

#[tokio::test]
async fn the_list_hides_what_a_look_shows() {
    let sim = rating().start().await.unwrap();
    let caller = Caller::new(&sim);
    let template = with(
        workflow(&[image("bare trees")]),
        "allowMatureContent",
        true.into(),
    );
    let ended = caller.finished(&template).await;
    assert_eq!(picture(&ended)["nsfwLevel"], "x");
    assert!(picture(&ended)["url"].is_string());
    let path = format!("workflows/{}", id(&ended));
    for (path, hidden) in [
        (path.clone(), false),
        (format!("{path}?hideMatureContent=true"), true),
        ("workflows".to_owned(), true),
        ("workflows?hideMatureContent=false".to_owned(), false),
    ] {
        let (_, found) = caller.get(&path).await;
        let found = found.get("items").map_or(&found, |items| &items[0]);
        let picture = picture(found);
        assert_eq!(picture["url"].is_null(), hidden, "{path}");
        assert_eq!(picture["available"], !hidden, "{path}");
        assert_eq!(picture["blockedReason"].is_string(), hidden, "{path}");
    }
}

#[tokio::test]
async fn withheld_results_are_released_for_yellow_buzz() {
    let sim = rating().buzz(Currency::Yellow, 8).start().await.unwrap();
    let caller = Caller::new(&sim);
    let ended = caller.finished(&workflow(&[image("bare trees")])).await;
    assert_eq!(
        (&ended["status"], sim.buzz(Currency::Blue)),
        (&json!("succeeded"), 9_992)
    );
    assert!(picture(&ended)["url"].is_null());
    assert!(picture(&ended)["blockedReason"].is_string());
    let path = format!("workflows/{}", id(&ended));
    let lift = json!({"allowMatureContent": true});
    assert_eq!(caller.send(Method::PUT, &path, &lift).await.0, 204);
    assert!(picture(&caller.look(&ended).await)["url"].is_string());
    assert_eq!(
        (sim.buzz(Currency::Blue), sim.buzz(Currency::Yellow)),
        (10_000, 0)
    );
    let other = caller.finished(&workflow(&[image("bare trees")])).await;
    let path = format!("workflows/{}", id(&other));
    let patch = json!([{"op": "replace", "path": "/allowMatureContent", "value": true}]);
    assert_eq!(caller.send(Method::PATCH, &path, &patch).await.0, 400);
}

#[tokio::test]
async fn upgrading_by_itself_succeeds_or_fails_the_workflow() {
    for (yellow, status, blue_left) in [(8, "succeeded", 10_000), (7, "failed", 10_000)] {
        let sim = rating()
            .buzz(Currency::Yellow, yellow)
            .start()
            .await
            .unwrap();
        let caller = Caller::new(&sim);
        let template = with(
            workflow(&[image("bare trees")]),
            "upgradeMode",
            "automatic".into(),
        );
        let ended = caller.finished(&template).await;
        assert_eq!(ended["status"], status);
        assert_eq!(sim.buzz(Currency::Blue), blue_left);
    }
}

#[tokio::test]
async fn a_blocked_file_says_why_and_has_a_stand_in() {
    let sim = builder()
        .block_when(|step| {
            step.prompt()
                .contains("mint")
                .then(|| "A trademark.".to_owned())
        })
        .start()
        .await
        .unwrap();
    let caller = Caller::new(&sim);
    let ended = caller.finished(&workflow(&[image("a mint")])).await;
    let blob = picture(&ended);
    assert_eq!(ended["status"], "succeeded");
    assert_eq!(
        (&blob["available"], &blob["url"], &blob["blockedReason"]),
        (&json!(false), &Value::Null, &json!("A trademark."))
    );
    let path = format!("blobs/{}", blob["id"].as_str().unwrap());
    let reply = caller.request(Method::GET, &path).send().await.unwrap();
    let location = reply.headers()["location"].to_str().unwrap().to_owned();
    assert!(location.contains("/blocked/"));
    let stand_in = caller.http.get(location).send().await.unwrap();
    assert_eq!(&stand_in.bytes().await.unwrap()[1..4], b"PNG");
}
