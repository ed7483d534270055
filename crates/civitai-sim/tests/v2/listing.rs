//! The list of workflows.

use serde_json::{Value, json};

use crate::caller::{Caller, builder, echo, id, secs, with, workflow};

/// Five workflows, a minute apart.
async fn fill(caller: &Caller<'_>) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..5 {
        let template = with(
            workflow(&[echo(&json!("hello"))]),
            "metadata",
            json!({"n": number}),
        );
        let tags = if number % 2 == 0 {
            json!(["all", "even"])
        } else {
            json!(["all"])
        };
        let submitted = caller.submit(&with(template, "tags", tags)).await;
        ids.push(id(&submitted).to_owned());
        caller.sim.advance(secs(60));
    }
    ids
}

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(id).collect()
}

#[tokio::test]
async fn pages_follow_each_other_in_both_directions() {
    let sim = builder().start().await.unwrap();
    let caller = Caller::new(&sim);
    let mut all = fill(&caller).await;
    for order in ["true", "false"] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        let mut pages = 0;
        loop {
            let path = format!("workflows?take=2&ascending={order}&cursor={cursor}");
            let (_, page) = caller.get(&path).await;
            seen.extend(ids(&page).into_iter().map(ToOwned::to_owned));
            pages += 1;
            match page["next"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        assert_eq!((&seen, pages), (&all, 3));
        all.reverse();
    }
    assert_eq!(caller.get("workflows?cursor=zzzzzz").await.0, 400);
}

#[tokio::test]
async fn filters_narrow_the_list() {
    let sim = builder()
        .fail_when(|step| (step.job_type() == "mediaHash").then(|| "No.".to_owned()))
        .start()
        .await
        .unwrap();
    let caller = Caller::new(&sim);
    fill(&caller).await;
    let input = json!({"mediaUrl": "https://example.com/a.png", "hashTypes": ["perceptual"]});
    caller
        .finished(&workflow(&[json!({"$type": "mediaHash", "input": input})]))
        .await;
    for (filter, found) in [
        ("", 6),
        ("?tags=all", 5),
        ("?tags=all&tags=even", 3),
        ("?excludeTags=even", 3),
        ("?excludeTags=even&excludeTags=all", 1),
        ("?tags=all&excludeTags=even", 2),
        ("?query=%22n%22:3", 1),
        ("?excludeFailed=true", 5),
        ("?fromDate=2026-01-01T00:02:00Z", 4),
        (
            "?fromDate=2026-01-01T00:02:00Z&toDate=2026-01-01T00:04:00Z",
            2,
        ),
        ("?take=0", 0),
    ] {
        let (status, page) = caller.get(&format!("workflows{filter}")).await;
        assert_eq!((status, ids(&page).len()), (200, found), "{filter}");
    }
    for filter in ["take=many", "fromDate=yesterday", "ascending=perhaps"] {
        assert_eq!(
            caller.get(&format!("workflows?{filter}")).await.0,
            400,
            "{filter}"
        );
    }
}
