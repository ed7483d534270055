//! What is wrong with a submission is found where it is wrong, and nothing else is.

use serde_json::{Value, json};

use super::{SUBMISSION, fault, message};

/// A submission with one step of flat input, and one whose input hangs on four tags.
fn submission() -> Value {
    json!({
        "currencies": ["yellow"],
        "externalId": "order-17",
        "tags": ["one", "two"],
        "steps": [
            { "$type": "textToImage", "priority": "low", "timeout": "00:10:00", "input": {
                "prompt": "a lighthouse in fog", "seed": 7, "cfgScale": 6, "steps": 20, "width": 768, "height": 512,
                "model": "urn:air:sdxl:checkpoint:civitai:101055@128078" } },
            { "$type": "videoGen", "input": {
                "engine": "wan", "version": "v2.7", "provider": "fal", "operation": "image-to-video",
                "prompt": "waves", "cfgScale": 4, "resolution": "720p",
                "sourceImage": "https://example.com/a.png", "images": ["https://example.com/a.png"] } },
        ],
    })
}

#[test]
fn what_is_wrong_is_refused_where_it_is_wrong() {
    assert_eq!(message(fault(&SUBMISSION, &submission())), "accepted");
    let eleven: Vec<String> = (0..11).map(|number| format!("tag {number}")).collect();
    let cases = [
        ("wrong type", "/steps/0/input/width", json!("wide")),
        ("wrong type", "/steps/1/input/cfgScale", json!([4])),
        ("wrong type", "/steps/0/input", json!("a lighthouse")),
        ("null", "/steps/0/input/prompt", json!(null)),
        ("fraction", "/steps/0/input/steps", json!(20.5)),
        ("unknown value", "/steps/0/priority", json!("urgent")),
        ("unknown value", "/steps/1/input/resolution", json!("4k")),
        ("unknown value", "/currencies/0", json!("silver")),
        ("above the limit", "/steps/0/input/steps", json!(151)),
        ("below the limit", "/steps/0/input/width", json!(63)),
        ("above the limit", "/steps/1/input/cfgScale", json!(100.5)),
        ("too long", "/externalId", json!("x".repeat(129))),
        ("too short", "/externalId", json!("")),
        ("no such text", "/externalId", json!("order 17")),
        ("no resource", "/steps/0/input/model", json!("a model")),
        ("too few", "/steps", json!([])),
        ("too many", "/tags", json!(eleven)),
        ("twice", "/tags", json!(["one", "one"])),
        ("wrong tag", "/steps/0/$type", json!("textToPicture")),
        ("wrong tag", "/steps/1/input/engine", json!("wand")),
        ("wrong tag", "/steps/1/input/version", json!("v2")),
        ("wrong tag", "/steps/1/input/provider", json!("civitai")),
        (
            "wrong tag",
            "/steps/1/input/operation",
            json!("text to video"),
        ),
        ("no tag", "/steps/1/input/operation", json!(7)),
    ];
    for (what, at, value) in cases {
        let mut sent = submission();
        *sent.pointer_mut(at).unwrap() = value;
        let fault = fault(&SUBMISSION, &sent);
        let found = fault.as_ref().map(|(at, _)| at.as_str());
        assert_eq!(
            found,
            Some(at),
            "{what} at {at}: {}",
            message(fault.clone())
        );
    }
    for missing in [
        "/steps",
        "/currencies",
        "/steps/0/$type",
        "/steps/0/input",
        "/steps/0/input/prompt",
        "/steps/1/input/engine",
    ] {
        let (parent, member) = missing.rsplit_once('/').unwrap();
        let mut sent = submission();
        sent.pointer_mut(parent)
            .unwrap()
            .as_object_mut()
            .unwrap()
            .remove(member);
        let (at, what) =
            fault(&SUBMISSION, &sent).unwrap_or_else(|| panic!("{missing} is not missed"));
        assert_eq!(at, parent, "{what}");
        assert!(
            what.contains(&format!("\"{member}\" is a required property")),
            "{what}"
        );
    }
}

#[test]
fn what_nobody_listed_is_accepted() {
    let mut sent = submission();
    sent["of tomorrow"] = json!(1);
    sent["steps"][1]["input"]["of tomorrow"] = json!({ "any": [null] });
    assert_eq!(message(fault(&SUBMISSION, &sent)), "accepted");
}
