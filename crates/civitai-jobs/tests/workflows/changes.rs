//! Workflows that are there: found again, changed, cancelled, deleted.

use std::time::Duration;

use civitai_jobs::workflows::{Currency, Patch, WorkflowRequest};
use civitai_jobs::{Buzz, Phase, WorkflowChange, WorkflowList, WorkflowSnapshot};
use civitai_sim::Shape;
use serde_json::{Map, Value, json};

use crate::stage::{PRICE, Stage, picture, request, shape};

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("{other} is no object"),
    }
}

/// The numbers that the workflows of a list carry.
async fn numbers(list: &WorkflowList) -> Vec<u64> {
    let found = list.all().await.unwrap();
    let number =
        |workflow: &WorkflowSnapshot| workflow.reply().metadata["number"].as_u64().unwrap();
    found.iter().map(number).collect()
}

#[tokio::test]
async fn a_list_keeps_to_every_filter() {
    let stage = Stage::with(|sim| {
        sim.workers(10)
            .fail_when(|step| {
                step.prompt()
                    .contains("eclipse")
                    .then(|| "Too dark.".to_owned())
            })
            .rate_when(|step| {
                step.prompt()
                    .contains("bare")
                    .then_some(civitai_sim::Maturity::X)
            })
    })
    .await;
    let workflows = stage.client.workflows();
    let mut times = Vec::new();
    for (number, (prompt, tags)) in [
        ("a bay", &["sea"][..]),
        ("an eclipse", &["sky"]),
        ("a pier", &["sea", "wood"]),
        ("a bare rock", &["rock"]),
        ("a pine", &["wood"]),
    ]
    .iter()
    .enumerate()
    {
        let mut request = WorkflowRequest::new().currency(Currency::Yellow);
        request.add(picture(prompt));
        request = request
            .metadata("number", number)
            .metadata("prompt", *prompt);
        let request = tags.iter().fold(request, |request, tag| request.tag(*tag));
        let submitted = workflows.submit(&request).await.unwrap();
        times.push(submitted.first().unwrap().reply().created_at);
        stage.sim.advance(Duration::from_secs(60));
    }
    let list = || workflows.list();
    // A service of before September ignores what is to be left out.
    let excluded = |new, old| if shape() == Shape::Old { old } else { new };
    for (name, list, expected) in [
        ("all", list(), vec![4, 3, 2, 1, 0]),
        ("pages", list().page_size(2), vec![4, 3, 2, 1, 0]),
        ("pages of none", list().page_size(0), vec![4, 3, 2, 1, 0]),
        ("oldest", list().oldest_first(), vec![0, 1, 2, 3, 4]),
        (
            "oldest in pages",
            list().oldest_first().page_size(1),
            vec![0, 1, 2, 3, 4],
        ),
        ("a tag", list().tag("sea"), vec![2, 0]),
        ("two tags", list().tag("sea").tag("wood"), vec![2]),
        (
            "without a tag",
            list().without_tag("sea"),
            excluded(vec![4, 3, 1], vec![4, 3, 2, 1, 0]),
        ),
        (
            "a tag without another",
            list().tag("wood").without_tag("sea").without_tag("sky"),
            excluded(vec![4], vec![4, 2]),
        ),
        ("no such tag", list().tag("fire"), vec![]),
        ("text", list().query("pine"), vec![4]),
        ("since", list().since(times[3]), vec![4, 3]),
        ("until", list().until(times[3]), vec![2, 1, 0]),
        (
            "between",
            list().since(times[1]).until(times[3]),
            vec![2, 1],
        ),
        ("no failures", list().exclude_failed(), vec![4, 3, 2, 0]),
    ] {
        assert_eq!(numbers(&list).await, expected, "{name}");
        assert_eq!(numbers(&list).await, expected, "{name}, read again");
    }
    // Mature content is hidden in a list unless asked for, and not in a poll.
    let link = |seen: &WorkflowSnapshot| seen.files()[0].is_available();
    let hidden = list().tag("rock").all().await.unwrap();
    let shown = list().tag("rock").mature().all().await.unwrap();
    let read = workflows.get(shown[0].id().unwrap()).await.unwrap();
    assert_eq!((link(&hidden[0]), link(&read)), (false, link(&shown[0])));
    assert!(hidden[0].files()[0].blocked_reason().is_some());
}

#[tokio::test]
async fn a_list_sends_nothing_before_it_is_read_and_no_page_too_many() {
    let stage = Stage::new().await;
    for _ in 0..5 {
        stage.client.workflows().submit(&request()).await.unwrap();
    }
    let before = stage.requests().len();
    let mut stream = stage.client.workflows().list().page_size(2).stream();
    assert_eq!(stage.requests().len(), before);
    for (workflows, pages) in [(2, 1), (2, 2), (1, 3)] {
        for _ in 0..workflows {
            assert!(stream.next().await.unwrap().is_ok());
        }
        assert_eq!(stage.requests().len() - before, pages);
    }
    assert!(stream.next().await.is_none());
    assert_eq!(stage.requests().len() - before, 3);
}

#[tokio::test]
async fn labels_and_metadata_change_in_every_way_there_is() {
    let stage = Stage::new().await;
    let first = request().tag("one").metadata("run", 1);
    let workflow = stage.client.workflows().submit(&first).await.unwrap();
    let change = WorkflowChange::new().metadata("run", 2).tags(["two"]);
    workflow.update(&change).await.unwrap();
    // Of the services, some answer a change with the workflow, and some with nothing.
    let answered = stage.requests().pop().and_then(|request| request.status);
    let nothing = shape() != Shape::New;
    assert_eq!(answered, Some(if nothing { 204 } else { 200 }));
    let patch = Patch::new()
        .test("/metadata/run", 2)
        .add("/metadata/by", "hand")
        .add("/tags/-", "three");
    workflow.patch(&patch).await.unwrap();
    workflow.add_tag("fo/ur ?").await.unwrap();
    let seen = workflow.poll().await.unwrap();
    assert_eq!(
        json!(seen.reply().metadata),
        json!({"run": 2, "by": "hand"})
    );
    assert_eq!(seen.reply().tags, ["two", "three", "fo/ur ?"]);
    workflow.remove_tag("fo/ur ?").await.unwrap();
    assert_eq!(
        workflow.poll().await.unwrap().reply().tags,
        ["two", "three"]
    );
    workflow.remove_tags().await.unwrap();
    assert!(workflow.poll().await.unwrap().reply().tags.is_empty());

    workflow
        .update_step("hero", map(json!({"a": 1})))
        .await
        .unwrap();
    let patch = Patch::new().add("/metadata/b", 2);
    workflow.patch_step("hero", &patch).await.unwrap();
    let seen = workflow.poll().await.unwrap();
    let step = serde_json::to_value(seen.steps()[0].typed()).unwrap();
    assert_eq!(step["metadata"], json!({"a": 1, "b": 2}));
    let error = workflow.update_step("none", Map::new()).await.unwrap_err();
    assert_eq!(error.status(), Some(404));

    let stale = Patch::new().test("/metadata/run", 1);
    let error = workflow.patch(&stale).await.unwrap_err();
    assert_eq!((error.status(), error.is_retryable()), (Some(400), false));
    let error = workflow.add_tag("").await.unwrap_err();
    assert_eq!(error.status(), Some(400));
}

#[tokio::test]
async fn cancelling_keeps_the_record_and_deleting_does_not() {
    let stage = Stage::new().await;
    let workflow = stage.client.workflows().submit(&request()).await.unwrap();
    workflow.cancel().await.unwrap();
    let seen = workflow.poll().await.unwrap();
    assert_eq!(
        (seen.phase(), seen.charged(), Buzz::from(stage.spent())),
        (Phase::Canceled, Buzz::ZERO, Buzz::ZERO)
    );
    let failure = seen.failure().unwrap();
    // The reason is one of jobs, which newer replies do not have.
    let why = if shape() == Shape::New {
        ""
    } else {
        ": canceled"
    };
    assert_eq!(
        failure.to_string(),
        format!("step hero was canceled{why}; no Buzz was spent")
    );
    workflow.cancel().await.unwrap();
    workflow.delete().await.unwrap();
    let error = workflow.poll().await.unwrap_err();
    assert_eq!((error.status(), error.is_gone()), (Some(404), false));
    assert_eq!(workflow.delete().await.unwrap_err().status(), Some(404));

    let running = stage.client.workflows().submit(&request()).await.unwrap();
    assert_eq!(stage.spent(), PRICE);
    running.delete().await.unwrap();
    assert!(stage.sim.workflows().is_empty());
    assert_eq!(stage.spent(), 0);
}

#[tokio::test]
async fn a_resource_is_found_by_its_air() {
    let missing: civitai_jobs::Air = "urn:air:sd1:lora:civitai:1@2".parse().unwrap();
    let stage = Stage::with(|sim| sim.missing_resource("urn:air:sd1:lora:civitai:1@2")).await;
    for text in [
        "urn:air:sd1:checkpoint:civitai:4384@128713",
        "urn:air:qwen3:repository:huggingface:Civitai/Qwen-Image-Bench-FP8@main.tar",
    ] {
        let air: civitai_jobs::Air = text.parse().unwrap();
        let found = stage.client.resources().get(&air).await.unwrap();
        assert_eq!(found.air, text);
        assert!(found.size > 0);
    }
    let error = stage.client.resources().get(&missing).await.unwrap_err();
    assert_eq!((error.status(), error.is_retryable()), (Some(404), false));
}
