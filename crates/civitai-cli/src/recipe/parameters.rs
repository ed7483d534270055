//! The text that AUTOMATIC1111 writes into pictures, and that many programs and sites read.
//!
//! Three parts: the words, a line with what is not to be seen, a line of `Name: value` pairs.

use civitai_jobs::Air;
use serde_json::{Map, Value, json};

use super::Origin;

const NEGATIVE: &str = "Negative prompt: ";

/// Names of pairs, and what the service calls their members.
const NUMBERS: [(&str, &str); 4] = [
    ("Steps", "steps"),
    ("CFG scale", "cfgScale"),
    ("Seed", "seed"),
    ("Clip skip", "clipSkip"),
];

/// The text for what a step makes.
pub(super) fn of(origin: &Origin) -> String {
    let input = &origin.input;
    let text = |member: &str| input.get(member).and_then(Value::as_str);
    let mut written = text("prompt").unwrap_or_default().to_owned();
    if let Some(negative) = text("negativePrompt").filter(|text| !text.is_empty()) {
        written += &format!("\n{NEGATIVE}{negative}");
    }
    let mut pairs = Vec::new();
    for (name, member) in NUMBERS {
        let member = input.get(member).filter(|value| value.is_number());
        pairs.extend(member.map(|value| format!("{name}: {value}")));
    }
    let sampler = text("scheduler").or_else(|| text("sampleMethod"));
    pairs.extend(sampler.map(|name| format!("Sampler: {name}")));
    if let (Some(width), Some(height)) = (input.get("width"), input.get("height")) {
        pairs.push(format!("Size: {width}x{height}"));
    }
    let resources = resources(input);
    if !resources.is_empty() {
        pairs.push(format!("Civitai resources: {}", Value::Array(resources)));
    }
    if !pairs.is_empty() {
        written += &format!("\n{}", pairs.join(", "));
    }
    written
}

/// The models with the numbers by which the site knows them.
fn resources(input: &Map<String, Value>) -> Vec<Value> {
    let mut found = Vec::new();
    let mut note = |text: &str, weight: Option<f64>| {
        if let Ok(air) = text.parse::<Air>()
            && let Some(version) = air.version().and_then(|text| text.parse::<u64>().ok())
        {
            let mut resource = json!({ "type": air.kind(), "modelVersionId": version });
            if let Some(weight) = weight {
                resource["weight"] = weight.into();
            }
            found.push(resource);
        }
    };
    for value in input.values() {
        match value {
            Value::String(text) => note(text, None),
            Value::Object(members) => {
                for (name, value) in members {
                    let strength = value.as_f64().or_else(|| value["strength"].as_f64());
                    note(name, strength);
                }
            }
            _ => {}
        }
    }
    found
}

/// Reads such a text; nothing where it has no words.
pub(super) fn read(text: &str) -> Option<Origin> {
    let text = text.trim_end_matches('\0').trim();
    let lines: Vec<&str> = text.lines().collect();
    let (pairs, words) = match lines.split_last() {
        Some((last, words)) if last.starts_with("Steps: ") || last.starts_with("Seed: ") => {
            (*last, words)
        }
        _ => ("", &lines[..]),
    };
    let words = words.join("\n");
    let (prompt, negative) = match words.split_once(NEGATIVE) {
        Some((prompt, negative)) => (prompt.trim_end(), Some(negative)),
        None => (&*words, None),
    };
    if prompt.is_empty() {
        return None;
    }
    let mut input = Map::new();
    input.insert("prompt".to_owned(), prompt.into());
    input.extend(negative.map(|text| ("negativePrompt".to_owned(), text.into())));
    for pair in pairs.split(", ") {
        let Some((name, value)) = pair.split_once(": ") else {
            continue;
        };
        if let Some((_, member)) = NUMBERS.iter().find(|(known, _)| *known == name) {
            let value: Option<serde_json::Number> = value.parse().ok();
            input.extend(value.map(|value| ((*member).to_owned(), value.into())));
        } else if name == "Size"
            && let Some((width, height)) = value.split_once('x')
            && let (Ok(width), Ok(height)) = (width.parse::<u32>(), height.parse::<u32>())
        {
            input.insert("width".to_owned(), width.into());
            input.insert("height".to_owned(), height.into());
        }
    }
    let kind = "textToImage".to_owned();
    Some(Origin { kind, input })
}
