//! What is decoded: a workflow of four steps with sixteen images, and a page of a hundred of them,
//! as the service reports them when they have ended.

use serde_json::{Value, json};

/// The kinds of step, in the order in which they stand in a workflow.
pub(super) const STEPS: [&str; 4] = ["imageGen", "textToImage", "imageUpscaler", "videoGen"];

/// How many workflows a page has.
pub(super) const PAGE: usize = 100;

/// Where the tags of unions stand among the members of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tags {
    /// Before all others, as the service writes them.
    First,
    /// Behind all others, as a proxy or a test may.
    Last,
}

/// Members that are the tag of some union.
const TAGS: [&str; 5] = ["$type", "engine", "model", "operation", "type"];

/// Writes JSON with the tags in their place and all other members in the order of their names.
pub(super) fn write(value: &Value, tags: Tags) -> String {
    match value {
        Value::Object(members) => {
            let rank = |name: &str| {
                let tag = TAGS.iter().position(|tag| *tag == name);
                match tags {
                    Tags::First => tag.unwrap_or(TAGS.len()),
                    Tags::Last => tag.map_or(0, |position| position + 1),
                }
            };
            let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
            sorted.sort_by_key(|(name, _)| (rank(name), name.as_str()));
            let written = sorted.into_iter().map(|(name, value)| {
                format!("{}:{}", Value::from(name.as_str()), write(value, tags))
            });
            format!("{{{}}}", written.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => {
            let written: Vec<String> = items.iter().map(|item| write(item, tags)).collect();
            format!("[{}]", written.join(","))
        }
        plain => plain.to_string(),
    }
}

/// A page of workflows with these steps.
pub(super) fn page(steps: &[&str]) -> Value {
    let items: Vec<Value> = (0..PAGE).map(|number| workflow(number, steps)).collect();
    json!({ "items": items, "next": "bGFzdD0xMDA" })
}

/// A workflow with these steps.
pub(super) fn workflow(number: usize, steps: &[&str]) -> Value {
    let steps: Vec<Value> = steps.iter().map(|kind| step(number, kind)).collect();
    json!({
        "id": format!("{number}-20260214093012{number:03}"),
        "externalId": format!("user-77:order-{number}"),
        "createdAt": "2026-02-14T09:30:12.345Z",
        "startedAt": "2026-02-14T09:30:13Z",
        "completedAt": "2026-02-14T09:31:40.500Z",
        "status": "succeeded",
        "allowMatureContent": false,
        "arguments": { "subject": "lighthouse" },
        "callbacks": [
            { "url": "https://client.example/hooks/workflow", "type": ["workflow:*", "step:succeeded"], "detailed": true },
        ],
        "cost": {
            "base": 40, "total": 44, "tips": { "civitai": 2, "creators": 2 },
            "factors": { "quantity": 4.5, "size": 1.25 }, "fixed": { "loras": 1 },
        },
        "currencies": ["yellow", "blue"],
        "forceRefunded": false,
        "metadata": { "project": "harbour", "order": number },
        "nsfwLevel": "pg",
        "tags": ["harbour", "night"],
        "tips": { "civitai": 0.05, "creators": 0.05 },
        "transactions": {
            "list": [{ "type": "debit", "amount": 44, "id": format!("tx-{number}"), "accountType": "yellow" }],
        },
        "upgradeMode": "manual",
        "steps": steps,
    })
}

fn step(number: usize, kind: &str) -> Value {
    let (input, output) = match kind {
        "imageGen" => (
            image_gen(number),
            json!({ "images": images(number, kind, 8) }),
        ),
        "textToImage" => (
            text_to_image(number),
            json!({ "images": images(number, kind, 7) }),
        ),
        "imageUpscaler" => (
            json!({ "image": format!("{BLOBS}/{number}-imageGen-0.jpeg"), "numberOfRepeats": 1 }),
            json!({ "blob": image(number, kind, 0) }),
        ),
        _ => (video_gen(number), json!({ "video": video(number) })),
    };
    json!({
        "$type": kind,
        "name": format!("{kind}-0"),
        "priority": "normal",
        "status": "succeeded",
        "startedAt": "2026-02-14T09:30:13Z",
        "completedAt": "2026-02-14T09:31:02.250Z",
        "estimatedProgressRate": 0.75,
        "retries": 2,
        "timeout": "00:20:00",
        "metadata": { "shown": true },
        "jobs": [{
            "id": format!("b7c1{number:04}-0f31-4a52-9d27-6a4be0d3f1c9"),
            "cost": 10.5,
            "status": "succeeded",
            "startedAt": "2026-02-14T09:30:14Z",
            "completedAt": "2026-02-14T09:31:01Z",
            "queuePosition": { "support": "available", "precedingJobs": 3, "startAt": "2026-02-14T09:30:14Z" },
        }],
        "input": input,
        "output": output,
    })
}

const PROMPT: &str = "A lighthouse on a basalt cliff at dusk, long exposure, waves drawn to mist, \
                      one lit window, thin clouds, wide view";

fn image_gen(number: usize) -> Value {
    json!({
        "engine": "flux2", "model": "dev", "operation": "createImage",
        "prompt": PROMPT, "width": 1024, "height": 1280, "quantity": 4, "seed": 81_000 + number,
        "guidanceScale": 3.5, "numInferenceSteps": 28, "enablePromptExpansion": false, "outputFormat": "jpeg",
        "loras": [
            { "air": "urn:air:flux2:lora:civitai:1201@2402", "strength": 0.75 },
            { "air": "urn:air:flux2:lora:civitai:3301@4402", "strength": 0.5 },
        ],
    })
}

fn text_to_image(number: usize) -> Value {
    json!({
        "model": "urn:air:sdxl:checkpoint:civitai:101055@128078",
        "prompt": PROMPT, "negativePrompt": "people, text, frame", "seed": 4_000 + number,
        "cfgScale": 6.5, "steps": 30, "clipSkip": 2, "width": 832, "height": 1216,
        "scheduler": "dpM2MKarras", "quantity": 7, "batchSize": 1, "outputFormat": "jpeg",
        "additionalNetworks": {
            "urn:air:sdxl:lora:civitai:5501@6602": { "type": "lora", "strength": 0.75 },
        },
    })
}

fn video_gen(number: usize) -> Value {
    json!({
        "engine": "veo3", "prompt": PROMPT, "negativePrompt": "people", "generateAudio": true,
        "aspectRatio": "16:9", "duration": 8, "enablePromptEnhancer": true, "fastMode": false,
        "mode": "standard", "version": "3.1", "seed": 90 + number,
        "images": [format!("{BLOBS}/{number}-imageGen-0.jpeg")],
    })
}

const BLOBS: &str = "https://orchestration.civitai.com/v2/consumer/blobs";
const EXPIRY: &str = "2026-03-16T09:31:40Z";

fn images(number: usize, step: &str, count: usize) -> Vec<Value> {
    (0..count).map(|index| image(number, step, index)).collect()
}

fn image(number: usize, step: &str, index: usize) -> Value {
    let id = format!("{number}-{step}-{index}.jpeg");
    json!({
        "type": "image", "id": id, "available": true, "width": 1024, "height": 1280, "nsfwLevel": "pg",
        "jobId": format!("b7c1{number:04}-0f31-4a52-9d27-6a4be0d3f1c9"),
        "url": link(&id), "urlExpiresAt": EXPIRY,
        "previewUrl": link(&format!("preview-{id}")), "previewUrlExpiresAt": EXPIRY,
    })
}

fn video(number: usize) -> Value {
    let id = format!("{number}-videoGen-0.mp4");
    json!({
        "type": "video", "id": id, "available": true, "width": 1280, "height": 720, "nsfwLevel": "pg",
        "url": link(&id), "urlExpiresAt": EXPIRY,
    })
}

fn link(id: &str) -> String {
    format!("{BLOBS}/{id}?sig=Q2Fycm90IGNha2UgaXMgZ29vZC4gTm8sIHJlYWxseS4&exp={EXPIRY}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_stand_first_or_last_and_nothing_else_changes() {
        let value = json!({ "a": [{ "model": 1, "b": 2, "engine": 3 }], "z": 4, "$type": "x" });
        let first = r#"{"$type":"x","a":[{"engine":3,"model":1,"b":2}],"z":4}"#;
        let last = r#"{"a":[{"b":2,"engine":3,"model":1}],"z":4,"$type":"x"}"#;
        assert_eq!(write(&value, Tags::First), first);
        assert_eq!(write(&value, Tags::Last), last);
        let page = page(&STEPS);
        for tags in [Tags::First, Tags::Last] {
            let back: Value = serde_json::from_str(&write(&page, tags)).expect("it is JSON");
            assert_eq!(back, page);
        }
    }

    #[test]
    fn a_workflow_has_sixteen_images() {
        let text = workflow(0, &STEPS).to_string();
        assert_eq!(text.matches(r#""type":"image""#).count(), 16);
    }
}
