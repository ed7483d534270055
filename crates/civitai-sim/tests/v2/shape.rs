//! The two descriptions of the service, and how replies follow either or both.

use civitai_sim::{Shape, UntilChange};
use reqwest::Method;
use serde_json::{Value, json};

use crate::caller::{Caller, builder, id, image, secs, with, workflow};

#[tokio::test]
async fn steps_tell_their_place_in_the_shape_of_the_service() {
    for (shape, has_jobs, has_place) in [
        (Shape::Old, true, false),
        (Shape::New, false, true),
        (Shape::Both, true, true),
    ] {
        let sim = builder().shape(shape).start().await.unwrap();
        let caller = Caller::new(&sim);
        caller.submit(&workflow(&[image("a")])).await;
        let two = with(image("b"), "priority", "low".into());
        let submitted = caller.submit(&workflow(&[two])).await;
        let step = &submitted["steps"][0];
        let place = &step["queuePosition"];
        assert_eq!(step["jobs"].is_array(), has_jobs, "{shape:?}");
        assert_eq!(place.is_object(), has_place, "{shape:?}");
        if has_place {
            let expected = json!({
                "support": "available",
                "precedingJobs": 1,
                "estimatedStartAt": "2026-01-01T00:00:16Z",
                "estimatedCompleteAt": "2026-01-01T00:00:24Z",
            });
            assert_eq!(*place, expected);
        }
        if has_jobs {
            let old = &step["jobs"][0]["queuePosition"];
            assert_eq!(old["startAt"], "2026-01-01T00:00:16Z");
        }
        sim.advance(secs(17));
        let running = caller.look(&submitted).await;
        assert_eq!(running["status"], "processing");
        assert!(running["steps"][0].get("queuePosition").is_none());
    }
}

#[tokio::test]
async fn a_step_of_several_jobs_ends_when_the_last_of_them_does() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let mut step = image("a");
    step["input"]["quantity"] = 3.into();
    let submitted = caller.submit(&workflow(&[step])).await;
    let place = &submitted["steps"][0]["queuePosition"];
    assert_eq!(place["precedingJobs"], 0);
    assert_eq!(place["estimatedStartAt"], "2026-01-01T00:00:08Z");
    sim.advance(secs(100));
    let ended = caller.look(&submitted).await;
    assert_eq!(ended["completedAt"], place["estimatedCompleteAt"]);
}

#[tokio::test]
async fn a_failed_step_tells_why_in_its_output_and_its_metadata() {
    for (shape, tells) in [(Shape::Old, false), (Shape::New, true), (Shape::Both, true)] {
        let sim = builder()
            .shape(shape)
            .fail_when(|_| Some("Too dark.".to_owned()))
            .start()
            .await
            .unwrap();
        let caller = Caller::new(&sim);
        let picture = with(image("a"), "metadata", json!({"mine": 1}));
        let input = json!({"mediaUrl": "https://example.com/a.png", "hashTypes": ["perceptual"]});
        let hash = json!({"$type": "mediaHash", "input": input});
        let ended = caller.finished(&workflow(&[picture, hash])).await;
        let [picture, hash] = [0, 1].map(|step| &ended["steps"][step]);
        assert_eq!(hash.get("output"), None);
        if tells {
            let why = json!(["Too dark."]);
            assert_eq!(picture["output"], json!({"images": [], "errors": why}));
            assert_eq!(picture["metadata"], json!({"mine": 1, "errors": why}));
            assert_eq!(hash["metadata"], json!({"errors": why}));
        } else {
            assert_eq!(picture.get("output"), None);
            assert_eq!(picture["metadata"], json!({"mine": 1}));
            assert_eq!(picture["jobs"][0]["reason"], "Too dark.");
        }
    }
}

#[tokio::test]
async fn an_old_service_knows_nothing_of_what_came_later() {
    let sim = builder().shape(Shape::Old).start().await.unwrap();
    let caller = Caller::new(&sim);
    let template = with(workflow(&[image("a")]), "tags", json!(["one"]));
    let template = with(template, "downloadPriority", "high".into());
    let submitted = caller.submit(&template).await;
    assert!(submitted.get("downloadPriority").is_none());
    let (_, page) = caller.get("workflows?excludeTags=one").await;
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    let resources = format!("{}/v2/resources?view=loaded", sim.base_url());
    assert_eq!(crate::caller::read(caller.http.get(resources)).await.0, 404);
    assert_eq!(
        caller
            .post("blobs/ingest?sourceUrl=a", &Value::Null)
            .await
            .0,
        404
    );
    let query = json!({"query": "tides", "limit": 3});
    assert_eq!(caller.post("recipes/webSearch", &query).await.0, 404);
    let search = json!({"$type": "webSearch", "input": query});
    let (status, problem) = caller.post("workflows", &workflow(&[search])).await;
    assert_eq!(status, 400);
    assert!(problem["errors"]["steps[0].$type"].is_array());
    // What it does not know it ignores, so that a question becomes an order.
    let path = format!("workflows/{}", id(&submitted));
    let cancel = json!({"status": "canceled"});
    let (status, _) = caller
        .send(Method::PUT, &format!("{path}?whatif=true"), &cancel)
        .await;
    assert_eq!(status, 204);
    assert_eq!(caller.look(&submitted).await["status"], "canceled");
}

#[tokio::test]
async fn an_update_is_answered_as_the_description_says() {
    for (shape, status) in [(Shape::Old, 204), (Shape::Both, 204), (Shape::New, 200)] {
        let sim = builder().shape(shape).start().await.unwrap();
        let caller = Caller::new(&sim);
        let submitted = caller.submit(&workflow(&[image("a")])).await;
        let path = format!("workflows/{}", id(&submitted));
        let change = json!({"tags": ["seen"]});
        let (found, body) = caller.send(Method::PUT, &path, &change).await;
        assert_eq!(found, status, "{shape:?}");
        assert_eq!(body.is_null(), status == 204);
        assert_eq!(caller.look(&submitted).await["tags"], json!(["seen"]));
    }
}

#[tokio::test]
async fn a_service_may_not_know_how_to_wait_for_a_change() {
    for (shape, answer, status, ended) in [
        (Shape::Both, None, 202, false),
        (Shape::Old, None, 200, true),
        (Shape::Both, Some(UntilChange::Ignored), 200, true),
        (Shape::New, Some(UntilChange::Refused), 400, false),
    ] {
        let mut sim = builder().shape(shape);
        if let Some(answer) = answer {
            sim = sim.until_change(answer);
        }
        let sim = sim.start().await.unwrap();
        let caller = Caller::new(&sim);
        let submitted = caller.submit(&workflow(&[image("a")])).await;
        let path = format!("workflows/{}?wait=60&until=change", id(&submitted));
        let advance = async {
            if status == 400 {
                return;
            }
            sim.until_held(1).await;
            sim.advance(secs(2));
            tokio::task::yield_now().await;
            if ended {
                sim.advance(secs(20));
            }
        };
        let ((found, reply), ()) = tokio::join!(caller.get(&path), advance);
        assert_eq!(found, status, "{shape:?} {answer:?}");
        if status == 400 {
            assert!(reply["errors"]["until"].is_array());
        }
        if ended {
            assert_eq!(reply["status"], "succeeded");
        }
    }
}
