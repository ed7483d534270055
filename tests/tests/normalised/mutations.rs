//! The simulator takes what a validator of the contract takes, and nothing of a wrong type: one member of
//! each example is changed, and both are asked.

use std::path::Path;

use civitai_sim::{SimTime, Simulator};
use serde_json::{Value, json};

use super::{SUBMISSION, fault, message, root};

/// What the simulator takes though the contract does not.
const LENIENT: &[&str] = &[
    // Values that may be of several types have no limits.
    "chatCompletion.json /steps/0/input/messages/1/content",
    "comfy.json /steps/0/input/comfyWorkflow/3/inputs/model",
    // What must be there and may be null may be absent.
    "imageUpload.json /steps/0/input",
];
/// What the simulator refuses for a reason that no schema tells.
const BEYOND: &[&str] = &[
    // Nothing is no workflow, though it is any value.
    "customComfy.json /steps/0/input/workflow",
    // Another step refers to this name.
    "merge.json /steps/0/name",
];
/// Set to make every change; otherwise each value either becomes null or goes.
const ALL: &str = "MUTATIONS_ALL";

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

/// One change of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Change {
    /// Another type stands in its place.
    Type,
    /// It is null, which counts as absent.
    Null,
    /// It is not there.
    Absent,
}

impl Change {
    /// The changes of the n-th value of an example.
    fn of(number: usize) -> &'static [Self] {
        let all = std::env::var_os(ALL).is_some();
        match (all, number % 2) {
            (true, _) => &[Self::Type, Self::Null, Self::Absent],
            (false, 0) => &[Self::Type, Self::Null],
            (false, _) => &[Self::Type, Self::Absent],
        }
    }

    /// The example with one change; nothing where it has none of that kind.
    fn apply(self, example: &Value, place: &str) -> Option<Value> {
        let mut changed = example.clone();
        // An id that was used up gives an earlier workflow back, whatever else is sent.
        changed.as_object_mut()?.remove("externalId");
        let (parent, name) = place.rsplit_once('/')?;
        let name = name.replace("~1", "/").replace("~0", "~");
        let value = changed.pointer_mut(place)?;
        match self {
            Self::Type => *value = other(value),
            Self::Null => *value = Value::Null,
            Self::Absent => {
                changed
                    .pointer_mut(parent)?
                    .as_object_mut()?
                    .remove(&name)?;
            }
        }
        Some(changed)
    }

    /// What the contract says of an example with a change: whether it must be taken, or refused; either
    /// will do where it does not allow null and allows that nothing is there.
    fn verdict(self, example: &Value, changed: &Value, place: &str) -> Verdict {
        if is_valid(changed) {
            return Verdict::Valid;
        }
        match (self, Self::Absent.apply(example, place)) {
            (Self::Null, Some(absent)) if is_valid(&absent) => Verdict::Either,
            _ => Verdict::Wrong,
        }
    }
}

enum Verdict {
    Valid,
    Wrong,
    Either,
}

/// Whether the contract allows a submission.
fn is_valid(submission: &Value) -> bool {
    let mut submission = submission.clone();
    // The contract wants it, and the service does without.
    if let Some(members) = submission.as_object_mut() {
        members.entry("currencies").or_insert(json!([]));
    }
    SUBMISSION.is_valid(&submission)
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

/// A place in an example, with the name of its file.
fn at(folder: &Path, name: &str, place: &str) -> String {
    let name = Path::new(name).strip_prefix(folder).unwrap();
    format!("{} {place}", name.display())
}

fn is_lenient(at: &str) -> bool {
    LENIENT.iter().any(|known| at.starts_with(known))
}

#[tokio::test]
async fn one_changed_member_is_judged_as_the_contract_judges_it() {
    let sim = Simulator::builder()
        .time(SimTime::manual())
        .start()
        .await
        .unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let workflows = format!("{}/v2/consumer/workflows?whatif=true", sim.base_url());
    let folder = root().join("tests/examples/v2");
    let mut found = Vec::new();
    examples(&folder, &mut found);
    let (mut good, mut bad, mut either, mut lenient) = (0, 0, 0, 0);
    let mut differ = Vec::new();
    for (name, example) in &found {
        let mut all = Vec::new();
        places(example, "", &mut all);
        let changes = all.iter().enumerate();
        let changes = changes.flat_map(|(number, place)| {
            Change::of(number).iter().map(move |change| (place, change))
        });
        for (place, change) in changes {
            let Some(changed) = change.apply(example, place) else {
                continue;
            };
            let request = http.post(&workflows).bearer_auth(sim.token());
            let reply = request.json(&changed).send().await.unwrap();
            let at = at(&folder, name, place);
            match (
                change.verdict(example, &changed, place),
                reply.status() == 200,
            ) {
                (Verdict::Valid, true) => good += 1,
                (Verdict::Wrong, false) => bad += 1,
                (Verdict::Either, _) => either += 1,
                (Verdict::Wrong, true) if is_lenient(&at) => lenient += 1,
                (Verdict::Valid, false) if BEYOND.contains(&at.as_str()) => {}
                (Verdict::Valid, false) => {
                    let why = reply.text().await.unwrap();
                    differ.push(format!("{at}: {change:?}, valid, and refused: {why}"));
                }
                (Verdict::Wrong, true) => {
                    let why = message(fault(&SUBMISSION, &changed));
                    differ.push(format!("{at}: {change:?}, taken, and {why}"));
                }
            }
        }
    }
    println!(
        "{good} valid ones taken, {bad} others refused, {either} nulls, {lenient} taken all the same"
    );
    assert!(bad > 5_000, "{bad} changes were wrong");
    assert!(lenient >= LENIENT.len(), "a lenience is none any more");
    assert!(
        differ.is_empty(),
        "{} differ:\n{}",
        differ.len(),
        differ.join("\n")
    );
}
