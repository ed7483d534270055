//! Whatever a document holds, it is checked without a panic.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use crate::contract::Contract;
use crate::document;
use crate::flow::{Flow, Loaded, Source};
use crate::text::Text;

/// A flow of one document with one contract.
fn flow(root: Value, contract: &Arc<Contract>) -> Flow {
    let (document, findings) = document::read(&root);
    let source = Source::Contract(Arc::clone(contract));
    let sources = BTreeMap::from([("jobs".to_owned(), source)]);
    let mut text = Text::default();
    text.value = root;
    let loaded = Loaded {
        name: "flow".to_owned(),
        path: PathBuf::new(),
        text,
        document,
        findings,
        sources,
    };
    Flow {
        documents: vec![loaded],
    }
}

/// Puts each odd value at each place in turn.
fn spoil(value: &Value, at: &str, visit: &mut dyn FnMut(&str)) {
    visit(at);
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let key = key.replace('~', "~0").replace('/', "~1");
                spoil(member, &format!("{at}/{key}"), visit);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                spoil(item, &format!("{at}/{index}"), visit);
            }
        }
        _ => {}
    }
}

#[test]
fn spoilt_documents_are_checked_without_a_panic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/defects");
    let contract = Arc::new(Contract::load(&folder.join("api.yaml")).unwrap());
    let mut sound = crate::contract::read(&folder.join("poll.arazzo.yaml"))
        .unwrap()
        .value;
    // With selectors.
    sound["arazzo"] = json!("1.1.0");
    let odd = [
        json!(null),
        json!(-1),
        json!([{}]),
        json!({}),
        json!("{$"),
        json!("$steps..outputs."),
        json!("é$inputs.é"),
        json!({"context": "$url", "selector": "", "type": "jsonpath"}),
    ];
    let mut checked = 0;
    spoil(&sound, "", &mut |at| {
        for odd in &odd {
            let mut root = sound.clone();
            *root.pointer_mut(at).unwrap() = odd.clone();
            let report = flow(root, &contract).check();
            checked += report.findings().len().min(1);
        }
    });
    assert!(checked > 1_000, "{checked}");
}

/// The same with a part left out.
#[test]
fn documents_with_parts_left_out_are_checked_without_a_panic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/defects");
    let contract = Arc::new(Contract::load(&folder.join("api.yaml")).unwrap());
    let sound = crate::contract::read(&folder.join("poll.arazzo.yaml"))
        .unwrap()
        .value;
    spoil(&sound, "", &mut |at| {
        let Some((parent, key)) = at.rsplit_once('/') else {
            return;
        };
        let mut root = sound.clone();
        match root.pointer_mut(parent) {
            Some(Value::Object(members)) => {
                members.remove(&key.replace("~1", "/").replace("~0", "~"));
            }
            Some(Value::Array(items)) => {
                items.remove(key.parse().unwrap());
            }
            _ => return,
        }
        let report = flow(root, &contract).check();
        assert!(!report.findings().is_empty(), "{at}");
    });
}
