//! Recipes: one step while the caller waits.

use civitai_sim::{Currency, Fault, Origin};
use serde_json::json;

use crate::caller::{Caller, builder, image, secs};

#[tokio::test]
async fn a_recipe_answers_with_the_output() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let input = image("a bay")["input"].clone();
    let advance = async {
        sim.until_held(1).await;
        sim.advance(secs(20));
    };
    let ((status, output), ()) = tokio::join!(caller.post("recipes/imageGen", &input), advance);
    assert_eq!(status, 200);
    assert_eq!(output["images"][0]["available"], true);
    assert_eq!(sim.ledger().len(), 1);
    assert!(sim.workflows().is_empty());
}

#[tokio::test]
async fn a_preview_of_a_recipe_costs_nothing() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let input = image("a bay")["input"].clone();
    let (status, output) = caller.post("recipes/imageGen?whatif=true", &input).await;
    assert_eq!(
        (status, &output["images"][0]["available"]),
        (200, &json!(false))
    );
    assert!(sim.ledger().is_empty());
}

#[tokio::test]
async fn a_preview_of_a_merge_counts_nothing() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let field = json!({
        "$ref": "scan", "path": "output.score", "reduce": "last", "includeIndex": false
    });
    let input = json!({"onMissing": "fail", "fields": {"score": field}});
    let (status, output) = caller.post("recipes/merge?whatif=true", &input).await;
    assert_eq!(
        (status, &output["mergedCount"]),
        (200, &json!(0)),
        "{output}"
    );
}

#[tokio::test]
async fn what_is_wrong_with_an_input_is_named() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let mut input = image("a bay")["input"].clone();
    input["quantity"] = 99.into();
    let (status, problem) = caller.post("recipes/imageGen", &input).await;
    assert_eq!(
        (status, problem["errors"].get("quantity").is_some()),
        (400, true)
    );
    assert_eq!(caller.post("recipes/horoscope", &input).await.0, 404);
}

#[tokio::test]
async fn the_gateway_cuts_and_the_step_is_canceled() {
    let sim = builder().work_delay(secs(200)).start().await.unwrap();
    let caller = Caller::new(&sim);
    let input = image("a bay")["input"].clone();
    let advance = async {
        sim.until_held(1).await;
        sim.advance(secs(100));
    };
    let ((status, _), ()) = tokio::join!(caller.post("recipes/imageGen", &input), advance);
    assert_eq!(status, 504);
    assert_eq!(sim.buzz(Currency::Blue), 10_000);
}

#[tokio::test]
async fn hanging_up_cancels() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let input = image("a bay")["input"].clone();
    let call = caller.post("recipes/imageGen", &input);
    tokio::select! {
        _ = call => panic!("answered"),
        () = sim.until_held(1) => {}
    }
    // The connection is closed with the call, and the service notices.
    while sim.buzz(Currency::Blue) < 10_000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(sim.ledger().len(), 2);
    sim.fail_next(Origin::Api, Fault::Status(503));
    assert_eq!(
        caller
            .post("recipes/echo", &json!({"message": "a"}))
            .await
            .0,
        503
    );
}
