//! What a workflow goes through.

use civitai_sim::Simulator;
use serde_json::{Value, json};

use crate::caller::{Caller, builder, echo, id, image, secs, with, workflow};

fn names(workflow: &Value, member: &str) -> Vec<String> {
    let steps = workflow["steps"].as_array().unwrap().iter();
    steps
        .map(|step| step[member].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_job_goes_back_and_forth_and_then_runs() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let submitted = caller.submit(&workflow(&[image("a bay")])).await;
    let mut walk = vec![submitted["status"].clone()];
    for _ in 0..20 {
        sim.advance(secs(1));
        let now = caller.look(&submitted).await;
        let job = &now["steps"][0]["jobs"][0];
        assert_eq!(job["status"], now["status"]);
        assert_eq!(
            job.get("queuePosition").is_some(),
            job.get("startedAt").is_none()
        );
        if walk.last() != Some(&now["status"]) {
            walk.push(now["status"].clone());
        }
    }
    let expected = [
        "unassigned",
        "preparing",
        "scheduled",
        "preparing",
        "scheduled",
        "processing",
        "succeeded",
    ];
    assert_eq!(walk, expected);
    let ended = caller.look(&submitted).await;
    assert_eq!(ended["startedAt"], "2026-01-01T00:00:08Z");
    assert_eq!(ended["completedAt"], "2026-01-01T00:00:16Z");
    assert_eq!(ended["steps"][0]["output"]["images"][0]["available"], true);
}

#[tokio::test]
async fn progress_and_places_in_the_queue_tell_what_then_happens() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let first = caller.submit(&workflow(&[image("a")])).await;
    let second = caller.submit(&workflow(&[image("b")])).await;
    let place = &second["steps"][0]["jobs"][0]["queuePosition"];
    assert_eq!(
        (&place["precedingJobs"], &place["startAt"]),
        (&json!(1), &json!("2026-01-01T00:00:16Z"))
    );
    sim.advance(secs(10));
    let running = caller.look(&first).await;
    assert_eq!(running["steps"][0]["estimatedProgressRate"], 0.25);
    sim.advance(secs(7));
    let started = &caller.look(&second).await["startedAt"];
    assert_eq!(*started, place["startAt"]);
}

#[tokio::test]
async fn urgent_steps_go_first() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let mut started = Vec::new();
    for priority in ["low", "normal", "high"] {
        let step = with(image("a"), "priority", priority.into());
        started.push(caller.submit(&workflow(&[step])).await);
    }
    sim.advance(secs(100));
    let mut order = Vec::new();
    for workflow in started.iter().rev() {
        order.push(caller.look(workflow).await["startedAt"].to_string());
    }
    assert!(order.is_sorted(), "{order:?}");
}

#[tokio::test]
async fn a_step_waits_for_what_it_refers_to() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let link = json!({"$ref": "hero", "path": "output.images[0].url"});
    let steps = [
        with(image("a bay"), "name", "hero".into()),
        json!({"$type": "imageUpscaler", "name": "large", "input": {"image": link}}),
        echo(&json!({"$ref": "$arguments", "path": "greeting"})),
    ];
    let template = with(workflow(&steps), "arguments", json!({"greeting": "hello"}));
    let submitted = caller.submit(&template).await;
    assert_eq!(names(&submitted, "name"), ["hero", "large", "$2"]);
    assert!(submitted["steps"][1]["jobs"].as_array().unwrap().is_empty());
    sim.advance(secs(9));
    let running = caller.look(&submitted).await;
    assert_eq!(
        names(&running, "status"),
        ["processing", "unassigned", "scheduled"]
    );
    sim.advance(secs(100));
    let ended = caller.look(&submitted).await;
    assert_eq!(ended["status"], "succeeded");
    assert_eq!(ended["steps"][1]["input"]["image"], link);
    assert_eq!(ended["steps"][2]["output"]["message"], "hello");
    assert!(ended["steps"][1]["startedAt"].as_str() > ended["steps"][0]["completedAt"].as_str());
}

#[tokio::test]
async fn a_failure_takes_what_depends_on_it_and_leaves_the_rest() {
    let sim = builder()
        .fail_when(|step| {
            step.prompt()
                .contains("eclipse")
                .then(|| "Too dark.".to_owned())
        })
        .start()
        .await
        .unwrap();
    let caller = Caller::new(&sim);
    let from = |source: &str| {
        let link = json!({"$ref": source, "path": "output.images[0].url"});
        json!({"$type": "imageUpscaler", "input": {"image": link}})
    };
    let steps = [
        with(image("a bay"), "name", "good".into()),
        with(image("an eclipse"), "name", "bad".into()),
        from("good"),
        from("bad"),
        echo(&json!({"$ref": "$3", "path": "output.blob.url"})),
    ];
    let ended = caller.finished(&workflow(&steps)).await;
    assert_eq!(ended["status"], "failed");
    assert_eq!(
        names(&ended, "status"),
        ["succeeded", "failed", "succeeded", "canceled", "canceled"]
    );
    assert_eq!(ended["steps"][1]["jobs"][0]["reason"], "Too dark.");
    assert!(ended["steps"][0]["output"]["images"][0]["url"].is_string());
    assert!(
        ended["steps"][1]["output"]["images"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert!(ended["steps"][3].get("output").is_none());
    // 8 for the picture that failed and 4 for the upscaler that waited for it.
    let spent = 8 + 4;
    assert_eq!(sim.buzz(civitai_sim::Currency::Blue), 10_000 - spent);
}

#[tokio::test]
async fn a_second_try_is_another_job() {
    let sim = builder()
        .fail_when(|step| (step.attempt() == 0).then(|| "Once.".to_owned()))
        .start()
        .await
        .unwrap();
    let caller = Caller::new(&sim);
    let once = caller.finished(&workflow(&[image("a")])).await;
    assert_eq!(once["status"], "failed");
    let twice = with(image("a"), "retries", 1.into());
    let ended = caller.finished(&workflow(&[twice])).await;
    assert_eq!(ended["status"], "succeeded");
    let jobs = ended["steps"][0]["jobs"].as_array().unwrap();
    let statuses: Vec<&Value> = jobs.iter().map(|job| &job["status"]).collect();
    assert_eq!(statuses, ["failed", "succeeded"]);
}

#[tokio::test]
async fn a_step_whose_model_nobody_has_fails_for_want_of_a_provider() {
    let air = "urn:air:flux2:lora:civitai:144972@908325";
    let sim = builder().uncovered(air).start().await.unwrap();
    let caller = Caller::new(&sim);
    let mut step = image("a");
    step["input"]["loras"] = json!({ air: 0.5 });
    let ended = caller.finished(&workflow(&[step, image("b")])).await;
    assert_eq!(names(&ended, "status"), ["failed", "succeeded"]);
    assert_eq!(
        ended["steps"][0]["jobs"][0]["reason"],
        "no_provider_available"
    );
    let resource = caller
        .http
        .get(format!("{}/v2/resources/{air}", sim.base_url()));
    let (_, resource) = crate::caller::read(resource).await;
    assert_eq!(resource["availability"]["status"], "unavailable");
}

#[tokio::test]
async fn a_step_that_takes_too_long_expires() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let step = with(image("a"), "timeout", "00:00:10".into());
    let ended = caller.finished(&workflow(&[step])).await;
    assert_eq!(ended["status"], "expired");
    assert_eq!(ended["completedAt"], "2026-01-01T00:00:10Z");
    assert_eq!(ended["steps"][0]["timeout"], "00:00:10");
    assert_eq!(sim.buzz(civitai_sim::Currency::Blue), 10_000);
}

#[tokio::test]
async fn training_shows_its_epochs_as_they_come() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let example = include_str!("../../../../tests/examples/v2/training/ai-toolkit/flux1/dev.json");
    let mut template: Value = serde_json::from_str(example).unwrap();
    template["steps"][0]["input"]["epochs"] = 3.into();
    let submitted = caller.submit(&template).await;
    sim.advance(secs(8));
    let mut epochs = Vec::new();
    for _ in 0..4 {
        let step = caller.look(&submitted).await["steps"][0].clone();
        let made = step["output"]["epochs"].as_array().map_or(0, Vec::len);
        epochs.push(made);
        if made > 0 {
            assert_eq!(
                step["output"]["epochs"][made - 1]["model"]["available"],
                true
            );
        }
        sim.advance(secs(8));
    }
    assert_eq!(epochs, [0, 1, 2, 3]);
}

#[tokio::test]
async fn waiting_ends_with_the_workflow_or_the_time() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let held = |path: String, by: u64| {
        let sim: &Simulator = &sim;
        let caller = &caller;
        async move {
            let advance = async {
                sim.until_held(1).await;
                sim.advance(secs(by));
            };
            tokio::join!(caller.get(&path), advance).0
        }
    };
    let submitted = caller.submit(&workflow(&[image("a")])).await;
    let path = format!("workflows/{}", id(&submitted));
    let (status, now) = held(format!("{path}?wait=10"), 10).await;
    assert_eq!((status, &now["status"]), (202, &json!("processing")));
    let (status, now) = held(format!("{path}?wait=100"), 6).await;
    assert_eq!((status, &now["status"]), (200, &json!("succeeded")));
    assert_eq!(caller.get(&format!("{path}?wait=100")).await.0, 200);
    assert_eq!(caller.get(&format!("{path}?wait=true")).await.0, 400);
}

#[tokio::test]
async fn an_old_deployment_refuses_to_wait() {
    let sim = builder().refuse_wait(true).start().await.unwrap();
    let caller = Caller::new(&sim);
    let submitted = caller.submit(&workflow(&[image("a")])).await;
    let path = format!("workflows/{}", id(&submitted));
    let (status, problem) = caller.get(&format!("{path}?wait=10")).await;
    assert_eq!(status, 400);
    assert!(problem["errors"]["wait"].is_array());
    assert_eq!(caller.get(&path).await.0, 202);
}

#[tokio::test]
async fn an_ephemeral_workflow_is_gone_once_it_has_ended() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let template = with(workflow(&[image("a")]), "ephemeral", true.into());
    let (status, problem) = caller.post("workflows", &template).await;
    assert_eq!(status, 400);
    assert!(problem["errors"]["ephemeral"].is_array());
    let submit = caller.post("workflows?wait=50", &template);
    let watch = async {
        sim.until_held(1).await;
        let id = sim.workflows().remove(0);
        assert_eq!(caller.get(&format!("workflows/{id}")).await.0, 202);
        sim.advance(secs(20));
        id
    };
    let ((status, ended), id) = tokio::join!(submit, watch);
    assert_eq!((status, &ended["status"]), (200, &json!("succeeded")));
    assert_eq!(caller.get(&format!("workflows/{id}")).await.0, 404);
}
