//! The simulator takes what a validator of the contract takes, and nothing of a wrong type: one member of
//! each example is changed, and both are asked.

use std::path::Path;

use civitai_sim::{SimTime, Simulator};
use serde_json::{Value, json};

use super::{SUBMISSION, fault, message, root};

/// One of so many changes is tried, drawn from a seed; all of them take minutes.
const ONE_OF: usize = 12;

/// All examples of submissions, with their names.
fn examples(folder: &Path, found: &mut Vec<(String, Value)>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            examples(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "json") {
            let value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            found.push((path.display().to_string(), value));
        }
    }
}

/// The pointers of all values inside one.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut go = |name: &str, value: &Value| {
        let place = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        found.push(place.clone());
        places(value, &place, found);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| go(name, value)),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                go(&index.to_string(), item);
            }
        }
        _ => {}
    }
}

/// A value of another type.
fn other(value: &Value) -> Value {
    match value {
        Value::String(_) => json!(7),
        Value::Number(_) => json!("seven"),
        Value::Bool(_) => json!("true"),
        Value::Array(_) => json!({"0": 1}),
        Value::Object(_) => json!([1]),
        Value::Null => json!(0),
    }
}

#[tokio::test]
#[ignore = "a judge to run by hand: it asks a validator and the simulator thousands of times"]
async fn one_changed_member_is_judged_as_the_contract_judges_it() {
    let sim = Simulator::builder()
        .time(SimTime::manual())
        .start()
        .await
        .unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let workflows = format!("{}/v2/consumer/workflows?whatif=true", sim.base_url());
    let mut found = Vec::new();
    examples(&root().join("tests/examples/v2"), &mut found);
    let mut random = fastrand::Rng::with_seed(7);
    let (mut good, mut bad, mut differ) = (0, 0, Vec::new());
    for (name, example) in &found {
        let mut all = Vec::new();
        places(example, "", &mut all);
        for place in all.iter().filter(|_| random.usize(..ONE_OF) == 0) {
            let mut changed = example.clone();
            // An id that was used up gives an earlier workflow back, whatever else is sent.
            changed.as_object_mut().unwrap().remove("externalId");
            let Some(value) = changed.pointer_mut(place) else {
                continue;
            };
            *value = other(value);
            let judged = fault(&SUBMISSION, &changed);
            let reply = http
                .post(&workflows)
                .bearer_auth(sim.token())
                .json(&changed)
                .send()
                .await;
            let is_taken = reply.unwrap().status() == 200;
            match (judged, is_taken) {
                (None, true) => good += 1,
                (Some(_), false) => bad += 1,
                (None, false) => differ.push(format!("{name} {place}: valid, and refused")),
                (judged, true) => {
                    differ.push(format!("{name} {place}: taken, and {}", message(judged)));
                }
            }
        }
    }
    println!("{good} valid ones taken, {bad} others refused");
    assert!(bad > 300, "{bad} changes were wrong");
    assert!(
        differ.is_empty(),
        "{} differ:\n{}",
        differ.len(),
        differ.join("\n")
    );
}
