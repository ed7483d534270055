//! Submitting: money, keys, previews, and what is turned down.

use civitai_sim::{Currency, Fault, Origin};
use reqwest::Method;
use serde_json::{Value, json};

use crate::caller::{Caller, builder, echo, id, image, secs, with, workflow};

fn spent(sim: &civitai_sim::Simulator) -> [u64; 3] {
    [Currency::Blue, Currency::Green, Currency::Yellow].map(|currency| 10_000 - sim.buzz(currency))
}

#[tokio::test]
async fn a_key_is_good_for_one_workflow() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let template = with(workflow(&[image("a")]), "externalId", "order-1".into());
    sim.fail_next(Origin::Api, Fault::DropReply);
    let lost = caller.request(Method::POST, "workflows").json(&template);
    assert!(lost.send().await.is_err());
    let again = caller.submit(&template).await;
    assert_eq!(sim.workflows(), [id(&again)]);
    assert_eq!(sim.ledger().len(), 1);
    assert!(again["externalId"].as_str().unwrap().ends_with("-order-1"));
    sim.advance(secs(30));
    let (status, ended) = caller.post("workflows", &template).await;
    assert_eq!((status, &ended["status"]), (200, &json!("succeeded")));
    let other = with(template, "externalId", "order-2".into());
    caller.submit(&other).await;
    assert_eq!(sim.workflows().len(), 2);
}

#[tokio::test]
async fn a_preview_costs_nothing_and_uses_its_key_up() {
    let sim = builder().buzz(Currency::Blue, 0).start().await.unwrap();
    let caller = Caller::new(&sim);
    let template = with(
        workflow(&[image("a"), image("b")]),
        "externalId",
        "k".into(),
    );
    let (status, preview) = caller.post("workflows?whatif=true", &template).await;
    assert_eq!(status, 200);
    assert_eq!(
        (&preview["id"], &preview["cost"]["total"]),
        (&Value::Null, &json!(16))
    );
    assert_eq!(preview["transactions"]["list"][0]["accountType"], "green");
    assert_eq!(preview["transactions"]["insufficientBuzz"], false);
    // The key belongs to the preview now, so this runs nothing.
    let used = caller.submit(&template).await;
    assert_eq!(used["id"], Value::Null);
    sim.advance(secs(100));
    assert_eq!(caller.submit(&template).await["status"], "unassigned");
    assert!(sim.workflows().is_empty() && sim.ledger().is_empty());
    let dear = with(workflow(&[image("a")]), "currencies", json!(["blue"]));
    let (_, preview) = caller.post("workflows?whatif=true", &dear).await;
    assert_eq!(preview["transactions"]["insufficientBuzz"], true);
}

#[tokio::test]
async fn a_preview_of_a_chain_may_fail_without_a_word() {
    let link = json!({"$ref": "$0", "path": "output.images[0].url"});
    let chain = workflow(&[image("a"), echo(&link)]);
    for (refuse, status) in [(false, 200), (true, 500)] {
        let sim = builder()
            .refuse_chained_previews(refuse)
            .start()
            .await
            .unwrap();
        let (found, body) = Caller::new(&sim)
            .post("workflows?whatif=true", &chain)
            .await;
        assert_eq!((found, body.is_null()), (status, refuse));
    }
}

#[tokio::test]
async fn the_accounts_that_may_pay_do_so_in_their_order() {
    for (blue, extra, spend) in [
        (10_000, json!({}), [8, 0, 0]),
        (5, json!({}), [10_000, 3, 0]),
        (
            10_000,
            json!({"currencies": ["yellow", "green"]}),
            [0, 8, 0],
        ),
        (10_000, json!({"allowMatureContent": true}), [0, 0, 8]),
        (
            10_000,
            json!({"tips": {"civitai": 0.25, "creators": 0.5}}),
            [8 + 2 + 4, 0, 0],
        ),
    ] {
        let sim = builder().buzz(Currency::Blue, blue).start().await.unwrap();
        let caller = Caller::new(&sim);
        let mut template = workflow(&[image("a")]);
        for (name, value) in extra.as_object().unwrap() {
            template[name] = value.clone();
        }
        let accepted = caller.submit(&template).await;
        assert_eq!(spent(&sim), spend, "{extra}");
        let list = accepted["transactions"]["list"].as_array().unwrap();
        let charged: u64 = list.iter().map(|one| one["amount"].as_u64().unwrap()).sum();
        assert_eq!(accepted["cost"]["total"], charged);
    }
}

#[tokio::test]
async fn what_cannot_be_paid_is_turned_down() {
    let sim = builder().buzz(Currency::Green, 7).start().await.unwrap();
    let caller = Caller::new(&sim);
    let template = with(workflow(&[image("a")]), "currencies", json!(["green"]));
    let (status, problem) = caller.post("workflows", &template).await;
    assert_eq!((status, &problem["status"]), (402, &json!(402)));
    let forgotten = with(workflow(&[image("a")]), "currencies", Value::Null);
    caller.submit(&forgotten).await;
    assert_eq!(sim.workflows().len(), 1);
}

#[tokio::test]
async fn an_account_that_may_not_generate_hears_a_bare_text() {
    let sim = builder()
        .forbid_submissions("Not you.")
        .start()
        .await
        .unwrap();
    let caller = Caller::new(&sim);
    let refused = caller.post("workflows", &workflow(&[image("a")])).await;
    assert_eq!(refused, (403, json!("Not you.")));
    let reply = caller
        .http
        .get(format!("{}/v2/consumer/workflows", sim.base_url()));
    assert_eq!(reply.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn everything_that_is_wrong_is_named_at_once() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let mut broken = image("a");
    broken["input"]["quantity"] = 99.into();
    broken["input"]["width"] = 9_000.into();
    let mut nothing = image("a");
    nothing["input"]["engine"] = "abacus".into();
    let long = "x".repeat(201);
    for (template, places) in [
        (workflow(&[]), vec!["steps"]),
        (
            workflow(&[image("a"), broken]),
            vec!["steps[1].input.quantity", "steps[1].input.width"],
        ),
        (workflow(&[nothing]), vec!["steps[0].input.engine"]),
        (
            workflow(&[json!({"$type": "repeat"})]),
            vec!["steps[0].$type"],
        ),
        (
            workflow(&[with(image("a"), "timeout", "ten minutes".into())]),
            vec!["steps[0].timeout"],
        ),
        (
            with(workflow(&[image("a")]), "tags", json!([long])),
            vec!["tags"],
        ),
        (
            with(workflow(&[image("a")]), "externalId", "a b".into()),
            vec!["externalId"],
        ),
        (
            with(workflow(&[image("a")]), "currencies", json!(["gold"])),
            vec!["currencies[0]"],
        ),
        (
            workflow(&[echo(&json!({"$ref": "nobody", "path": "output"}))]),
            vec!["steps[0].input.message"],
        ),
    ] {
        let (status, problem) = caller.post("workflows", &template).await;
        let errors = problem["errors"].as_object().unwrap();
        let named: Vec<&str> = errors.keys().map(String::as_str).collect();
        assert_eq!(status, 400, "{template}");
        assert_eq!(named, places, "{template}");
    }
    assert!(sim.workflows().is_empty());
}

#[tokio::test]
async fn members_without_limits_have_their_types_all_the_same() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let text_to_image = |name: &str, value: Value| {
        let mut step = json!({"$type": "textToImage", "input": {
            "model": "urn:air:sd1:checkpoint:civitai:4384@128713",
            "prompt": "a bay", "width": 512, "height": 512, "steps": 20, "cfgScale": 7,
            "quantity": 1, "batchSize": 1, "scheduler": "eulerA",
        }});
        step["input"][name] = value;
        step
    };
    for (step, place) in [
        (
            json!({"$type": "echo", "input": {"message": 1}}),
            "steps[0].input.message",
        ),
        (
            json!({"$type": "echo", "input": {"message": {"$ref": "a"}}}),
            "steps[0].input.message",
        ),
        (
            json!({"$type": "imageUpload", "input": 7}),
            "steps[0].input",
        ),
        (
            text_to_image("negativePrompt", json!(7)),
            "steps[0].input.negativePrompt",
        ),
        (
            text_to_image("additionalNetworks", json!("x")),
            "steps[0].input.additionalNetworks",
        ),
    ] {
        let (status, problem) = caller
            .post(
                "workflows?whatif=true",
                &workflow(std::slice::from_ref(&step)),
            )
            .await;
        assert_eq!(status, 400, "{step}: {problem}");
        let errors = problem["errors"].as_object().unwrap();
        assert_eq!(errors.keys().collect::<Vec<_>>(), [place], "{problem}");
    }
    let (status, problem) = caller
        .post(
            "workflows?whatif=true",
            &workflow(&[text_to_image("negativePrompt", json!("fog"))]),
        )
        .await;
    assert_eq!(status, 200, "{problem}");
}

#[tokio::test]
async fn a_chat_message_is_a_text_or_a_list_of_pieces() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    for content in [json!("hi"), json!([{"type": "text", "text": "hi"}])] {
        let step = json!({"$type": "chatCompletion", "input": {
            "model": "m", "messages": [{"role": "user", "content": content}],
        }});
        let (status, problem) = caller
            .post("workflows?whatif=true", &workflow(&[step]))
            .await;
        assert_eq!(status, 200, "{content}: {problem}");
    }
}

#[tokio::test]
async fn a_workflow_has_so_many_steps_and_no_more() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let steps = |count: usize| workflow(&vec![echo(&json!("hello")); count]);
    assert_eq!(
        caller.post("workflows?whatif=true", &steps(1_000)).await.0,
        200
    );
    let (status, problem) = caller.post("workflows", &steps(1_001)).await;
    assert_eq!(status, 400);
    assert!(
        problem["errors"]["steps"][0]
            .as_str()
            .unwrap()
            .contains("1000"),
        "{problem}"
    );
}
