//! Step types of September, and step types that nobody has heard of.

use serde_json::{Value, json};

use crate::caller::{Caller, builder, image, instant, with, workflow};

#[tokio::test]
async fn recipes_of_september_give_what_they_are_for() {
    let sim = instant().start().await.unwrap();
    let caller = Caller::new(&sim);
    let song = json!({"caption": "a tune", "lyrics": "[Verse] la", "seed": 1});
    let second = json!({
        "style": "folk", "lyrics": "[verse] la", "seed": 1, "mode": "full", "loras": {},
    });
    let video = json!({
        "kind": "gray", "preprocessorType": "gray", "video": "https://example.com/a.mp4",
    });
    let page = json!({"url": "https://example.com", "formats": ["markdown"]});
    for (recipe, input, path) in [
        (
            "imageScanning",
            json!({"image": "https://example.com/a.png"}),
            "/nsfwLevel",
        ),
        ("miniMaxMusic3", song, "/blob/url"),
        ("preprocessVideo", video, "/blob/url"),
        (
            "soniloAudioGen",
            json!({"operation": "music", "prompt": "rain"}),
            "/blob/url",
        ),
        ("webScrape", page, "/markdown"),
        (
            "webSearch",
            json!({"query": "tides", "limit": 3}),
            "/results/0/url",
        ),
        ("yuE2", second, "/blob/url"),
        (
            "prepareResource",
            json!({"resource": "urn:air:sd1:lora:civitai:1@2"}),
            "/preparedAt",
        ),
    ] {
        let (status, output) = caller.post(&format!("recipes/{recipe}"), &input).await;
        assert_eq!(status, 200, "{recipe}: {output}");
        let found = output.pointer(path).unwrap_or(&Value::Null);
        assert!(found.is_string(), "{recipe}: {output}");
        assert!(output.get("html").is_none(), "nobody asked for it");
    }
}

#[tokio::test]
async fn a_merge_gathers_what_other_steps_made() {
    let sim = instant().take_unlisted_steps(true).start().await.unwrap();
    let caller = Caller::new(&sim);
    let mut hero = with(image("a bay"), "name", "hero".into());
    hero["input"]["quantity"] = 3.into();
    let field = |source: &str, path: &str, reduce: &str| json!({"$ref": source, "path": path, "reduce": reduce, "includeIndex": false});
    let fields = json!({
        "links": field("hero", "output.images[*].url", "push"),
        "widest": field("hero", "output.images[*].width", "max"),
        "greetings": field("$arguments", "words[*]", "count"),
    });
    let merge = json!({"$type": "merge", "input": {"onMissing": "fail", "fields": fields}});
    let template = with(
        workflow(&[merge, hero]),
        "arguments",
        json!({"words": ["a", "b"]}),
    );
    let ended = caller.submit(&template).await;
    assert_eq!(ended["status"], "succeeded", "{ended}");
    let output = &ended["steps"][0]["output"];
    assert_eq!(output["fields"]["links"].as_array().unwrap().len(), 3);
    assert_eq!(output["fields"]["widest"], 512);
    assert_eq!(output["fields"]["greetings"], 2);
    assert_eq!(output["sourceCount"], 3);
}

#[tokio::test]
async fn an_unheard_of_step_runs_where_it_is_let_through() {
    let dance = json!({"$type": "danceVideoGen", "input": {"prompt": "a waltz"}});
    let template = workflow(&[dance]);
    let strict = builder().start().await.unwrap();
    let (status, problem) = Caller::new(&strict).post("workflows", &template).await;
    assert_eq!(status, 400);
    assert!(problem["errors"]["steps[0].$type"].is_array());
    let sim = instant().take_unlisted_steps(true).start().await.unwrap();
    let ended = Caller::new(&sim).submit(&template).await;
    assert_eq!(ended["status"], "succeeded");
    let recipe = json!({"$type": "repeat", "input": {}});
    let refused = Caller::new(&sim)
        .post("workflows", &workflow(&[recipe]))
        .await;
    assert_eq!(refused.0, 400);
    let blob = &ended["steps"][0]["output"]["blob"];
    assert_eq!(
        (&blob["type"], &blob["available"]),
        (&json!("video"), &json!(true))
    );
}
