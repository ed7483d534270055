//! A reply of the v2 API with one place made bad.

use serde_json::{Value, json};

use instances::{Contract, Maker, Twist};

/// A workflow whose steps go through unions of three levels, through maps and through a type that
/// holds itself.
///
/// # Panics
///
/// The contract has no such schemas.
pub fn workflow(contract: &Contract) -> Value {
    let mut maker = Maker::new(contract, Twist::Nothing);
    let mut make = |name| maker.make(name, 1).back;
    let mut drawn = make("ImageGenStep");
    drawn["input"] = make("SdxlCreateImageGenInput");
    for (tag, value) in [
        ("engine", "sdcpp"),
        ("ecosystem", "sdxl"),
        ("operation", "createImage"),
    ] {
        drawn["input"][tag] = json!(value);
    }
    drawn["input"]["width"] = json!(1024);
    let mut rated = make("QwenImageBenchStep");
    let mut result = make("QwenImageBenchItemResult");
    result["scores"] = json!([{"name": "whole", "score": 0.5, "children": []}]);
    rated["output"] = json!({"results": {"image": result}});
    let mut workflow = make("Workflow");
    workflow["steps"] = json!([drawn, rated]);
    workflow["status"] = json!("succeeded");
    workflow["metadata"] = json!({"free": "text"});
    workflow["unknown"] = json!("text");
    workflow
}

/// Writes a value as text in which something else stands at one place.
///
/// # Panics
///
/// The place is not there.
pub fn with(value: &Value, place: &str, text: &[u8]) -> Vec<u8> {
    const MARK: &str = "here is the place";
    let mut value = value.clone();
    *value.pointer_mut(place).unwrap() = json!(MARK);
    let whole = value.to_string();
    let (before, after) = whole.split_once(&format!("\"{MARK}\"")).unwrap();
    [before.as_bytes(), text, after.as_bytes()].concat()
}
