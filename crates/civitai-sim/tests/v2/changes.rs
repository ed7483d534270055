//! Changing, cancelling and deleting.

use civitai_sim::{Currency, Simulator};
use reqwest::Method;
use serde_json::{Value, json};

use crate::caller::{Caller, builder, id, image, secs, with, workflow};

#[tokio::test]
async fn cancelling_gives_back_what_was_not_delivered_and_deleting_forgets() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let submitted = caller.submit(&workflow(&[image("a"), image("b")])).await;
    let path = format!("workflows/{}", id(&submitted));
    sim.advance(secs(18));
    let cancel = json!({"status": "canceled"});
    assert_eq!(caller.send(Method::PUT, &path, &cancel).await.0, 204);
    let (status, ended) = caller.get(&path).await;
    assert_eq!((status, &ended["status"]), (200, &json!("canceled")));
    assert_eq!(ended["steps"][0]["status"], "succeeded");
    assert_eq!(sim.buzz(Currency::Blue), 10_000 - 8);
    let list = ended["transactions"]["list"].as_array().unwrap();
    let kinds: Vec<&Value> = list.iter().map(|one| &one["type"]).collect();
    assert_eq!(kinds, ["debit", "credit"]);
    // Once more changes nothing.
    assert_eq!(caller.send(Method::PUT, &path, &cancel).await.0, 204);
    assert_eq!(sim.buzz(Currency::Blue), 10_000 - 8);
    let status = caller
        .request(Method::DELETE, &path)
        .send()
        .await
        .unwrap()
        .status();
    assert_eq!(status, 204);
    assert_eq!(caller.get(&path).await.0, 404);
    let blob = ended["steps"][0]["output"]["images"][0]["id"]
        .as_str()
        .unwrap();
    let gone = caller.request(Method::HEAD, &format!("blobs/{blob}"));
    assert_eq!(gone.send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn metadata_and_tags_change_in_each_of_three_ways() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let template = with(workflow(&[image("a")]), "metadata", json!({"run": 1}));
    let submitted = caller.submit(&with(template, "tags", json!(["one"]))).await;
    let path = format!("workflows/{}", id(&submitted));
    let update = json!({"metadata": {"run": 2}, "tags": ["two"]});
    assert_eq!(caller.send(Method::PUT, &path, &update).await.0, 204);
    let patch = json!([
        {"op": "test", "path": "/metadata/run", "value": 2},
        {"op": "add", "path": "/metadata/by", "value": "hand"},
        {"op": "add", "path": "/tags/-", "value": "three"},
    ]);
    assert_eq!(caller.send(Method::PATCH, &path, &patch).await.0, 204);
    assert_eq!(
        caller
            .post(&format!("{path}/tags"), &json!("fo/ur"))
            .await
            .0,
        204
    );
    let now = caller.look(&submitted).await;
    assert_eq!(now["metadata"], json!({"run": 2, "by": "hand"}));
    assert_eq!(now["tags"], json!(["two", "three", "fo/ur"]));
    let remove = |tag: &str| caller.request(Method::DELETE, &format!("{path}/tags{tag}"));
    assert_eq!(remove("/fo%2Fur").send().await.unwrap().status(), 204);
    assert_eq!(
        caller.look(&submitted).await["tags"],
        json!(["two", "three"])
    );
    assert_eq!(remove("").send().await.unwrap().status(), 204);
    assert_eq!(caller.look(&submitted).await["tags"], json!([]));
    for (method, what, body) in [
        (Method::PUT, "", json!({"status": "paused"})),
        (Method::PUT, "", json!({"tags": [""]})),
        (
            Method::PATCH,
            "",
            json!([{"op": "test", "path": "/metadata/run", "value": 9}]),
        ),
        (
            Method::PATCH,
            "",
            json!([{"op": "add", "path": "/cost", "value": 0}]),
        ),
        (Method::PATCH, "", json!({"op": "add"})),
        (Method::POST, "/tags", json!({"tag": "five"})),
        (Method::POST, "/tags", json!("")),
    ] {
        let (status, problem) = caller.send(method, &format!("{path}{what}"), &body).await;
        assert_eq!(status, 400, "{body}");
        assert!(problem["errors"].is_object(), "{body}");
    }
}

#[tokio::test]
async fn a_step_has_metadata_of_its_own() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let submitted = caller.submit(&workflow(&[image("a")])).await;
    let path = format!("workflows/{}/steps/%240", id(&submitted));
    let change = json!({"metadata": {"kept": true}});
    assert_eq!(caller.send(Method::PUT, &path, &change).await.0, 204);
    let patch = json!([{"op": "add", "path": "/metadata/more", "value": 1}]);
    assert_eq!(caller.send(Method::PATCH, &path, &patch).await.0, 204);
    let (status, step) = caller.get(&path).await;
    assert_eq!(status, 200);
    assert_eq!(step["metadata"], json!({"kept": true, "more": 1}));
    assert_eq!(step["name"], "$0");
    let other = path.replace("%240", "other");
    assert_eq!(caller.get(&other).await.0, 404);
}

#[tokio::test]
async fn records_are_kept_for_thirty_days() {
    let sim: Simulator = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let ended = caller.finished(&workflow(&[image("a")])).await;
    let path = format!("workflows/{}", id(&ended));
    sim.advance(secs(29 * 86_400));
    assert_eq!(caller.get(&path).await.0, 200);
    sim.advance(secs(86_400));
    assert_eq!(caller.get(&path).await.0, 404);
}

#[tokio::test]
async fn a_patch_that_grows_or_nests_without_end_is_refused() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let template = with(
        workflow(&[image("a")]),
        "metadata",
        json!({"a": "0123456789"}),
    );
    let submitted = caller.submit(&template).await;
    let path = format!("workflows/{}", id(&submitted));
    let copy = |place: usize| json!({"op": "copy", "from": "/metadata", "path": format!("/metadata/k{place}")});
    let doubling: Value = (0..26).map(copy).collect();
    let (status, problem) = caller.send(Method::PATCH, &path, &doubling).await;
    assert_eq!(status, 400);
    assert!(
        problem["errors"]["$"][0]
            .as_str()
            .unwrap()
            .contains("bytes"),
        "{problem}"
    );
    let nest = |depth: usize| {
        let place = "/d".repeat(depth);
        json!({"op": "add", "path": format!("/metadata{place}"), "value": {}})
    };
    let nesting: Value = (1..300).map(nest).collect();
    let (status, problem) = caller.send(Method::PATCH, &path, &nesting).await;
    assert_eq!(status, 400);
    assert!(
        problem["errors"]["$"][0]
            .as_str()
            .unwrap()
            .contains("levels"),
        "{problem}"
    );
    assert_eq!(
        caller.look(&submitted).await["metadata"],
        json!({"a": "0123456789"})
    );
}

#[tokio::test]
async fn an_update_that_is_wrong_takes_nothing_away() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let submitted = caller
        .submit(&with(workflow(&[image("a")]), "tags", json!(["one"])))
        .await;
    let path = format!("workflows/{}", id(&submitted));
    for tags in [json!({}), json!("x"), json!([1])] {
        let update = json!({"tags": tags});
        assert_eq!(
            caller.send(Method::PUT, &path, &update).await.0,
            400,
            "{tags}"
        );
        let patch = json!([{"op": "replace", "path": "/tags", "value": tags}]);
        assert_eq!(
            caller.send(Method::PATCH, &path, &patch).await.0,
            400,
            "{tags}"
        );
    }
    for patch in [
        json!([{"op": "replace", "path": "", "value": 5}]),
        json!([{"op": "add", "path": "/tags/-", "value": 5}]),
    ] {
        assert_eq!(
            caller.send(Method::PATCH, &path, &patch).await.0,
            400,
            "{patch}"
        );
    }
    assert_eq!(caller.look(&submitted).await["tags"], json!(["one"]));
}

#[tokio::test]
async fn a_patch_that_removes_tags_and_metadata_empties_them() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let template = with(workflow(&[image("a")]), "metadata", json!({"run": 1}));
    let submitted = caller.submit(&with(template, "tags", json!(["one"]))).await;
    let path = format!("workflows/{}", id(&submitted));
    let patch = json!([{"op": "remove", "path": "/tags"}, {"op": "remove", "path": "/metadata"}]);
    assert_eq!(caller.send(Method::PATCH, &path, &patch).await.0, 204);
    let now = caller.look(&submitted).await;
    assert_eq!((&now["tags"], &now["metadata"]), (&json!([]), &json!({})));
}
