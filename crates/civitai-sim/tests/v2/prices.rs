//! Prices that are ceilings, and what is gone one day.

use civitai_sim::{Currency, Retirement};
use reqwest::Method;
use serde_json::{Value, json};

use crate::caller::{Caller, builder, echo, id, image, secs, with, workflow};

#[tokio::test]
async fn a_ceiling_is_taken_first_and_what_was_not_used_comes_back() {
    let sim = builder()
        .bill_when(|step| step.prompt().contains("quick").then_some(0.3))
        .start()
        .await
        .unwrap();
    let caller = Caller::new(&sim);
    let (_, preview) = caller
        .post("workflows?whatif=true", &workflow(&[image("quick")]))
        .await;
    assert_eq!(preview["cost"]["variable"], true);
    let steps = [image("quick"), image("slow")];
    let tips = json!({"civitai": 0.25, "creators": 0.25});
    let submitted = caller.submit(&with(workflow(&steps), "tips", tips)).await;
    assert_eq!(submitted["cost"]["total"], 24);
    assert_eq!(sim.buzz(Currency::Blue), 10_000 - 24);
    sim.advance(secs(100));
    let ended = caller.look(&submitted).await;
    assert_eq!(ended["cost"]["total"], 24);
    // 3 of 8 Buzz were worked for: 5 come back, and the tips on them.
    let list = ended["transactions"]["list"].as_array().unwrap();
    let moved: Vec<(&Value, &Value)> = list.iter().map(|m| (&m["type"], &m["amount"])).collect();
    assert_eq!(
        moved,
        [(&json!("debit"), &json!(24)), (&json!("credit"), &json!(7))]
    );
    assert_eq!(sim.buzz(Currency::Blue), 10_000 - 24 + 7);
    let fixed = caller.submit(&workflow(&[image("slow")])).await;
    assert!(fixed["cost"].get("variable").is_none());
}

#[tokio::test]
async fn a_ceiling_of_what_never_ran_comes_back_whole() {
    let sim = builder().bill_when(|_| Some(0.5)).start().await.unwrap();
    let caller = Caller::new(&sim);
    let submitted = caller.submit(&workflow(&[image("a")])).await;
    let path = format!("workflows/{}", id(&submitted));
    caller
        .send(Method::PUT, &path, &json!({"status": "canceled"}))
        .await;
    assert_eq!(sim.buzz(Currency::Blue), 10_000);
}

#[tokio::test]
async fn what_retires_is_warned_of_and_then_refused() {
    let retirement = Retirement::after(secs(3_600)).replacement("flux3");
    let sim = builder()
        .retires("flux2", retirement)
        .start()
        .await
        .unwrap();
    let caller = Caller::new(&sim);
    let template = workflow(&[image("a"), echo(&json!("hello"))]);
    let submitted = caller.submit(&template).await;
    let warnings = &submitted["steps"][0]["warnings"];
    assert!(warnings[0]["message"].as_str().unwrap().contains("flux2"));
    assert_eq!(
        *warnings,
        json!([{
            "code": "modelDeprecated", "message": warnings[0]["message"],
            "deprecatedAt": "2026-01-01T00:00:00Z", "retiresAt": "2026-01-01T01:00:00Z",
            "replacement": "flux3",
        }])
    );
    assert!(submitted["steps"][1].get("warnings").is_none());
    sim.advance(secs(3_600));
    for query in ["", "?whatif=true"] {
        let (status, problem) = caller.post(&format!("workflows{query}"), &template).await;
        assert_eq!(status, 400);
        assert!(problem["errors"]["steps[0].input"].is_array());
    }
    assert_eq!(caller.look(&submitted).await["status"], "succeeded");
}
