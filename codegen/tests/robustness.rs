//! Whatever the document: the same bytes for the same meaning, and an error at worst.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use codegen::{Document, Files, Options, Overrides};
use serde_json::{Value, json};

const CONTRACTS: [&str; 2] = [
    "tests/golden/contracts/store.json",
    "tests/golden/contracts/zoo.yaml",
];

const OPTIONS: Options<'static> = Options {
    contract: "t",
    support: "crate::support",
    features: &[],
};

fn contract(file: &str) -> Document {
    codegen::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

fn generate(doc: Document) -> Result<Files, codegen::Error> {
    codegen::generate(doc, &Overrides::default(), OPTIONS).map(|made| made.files)
}

/// A small generator of pseudo-random numbers (xorshift64), seeded by the test.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }
}

/// Writes JSON with the members of every object in a random order.
fn shuffled(value: &Value, dice: &mut Dice) -> String {
    match value {
        Value::Object(object) => {
            let mut members: Vec<String> = object
                .iter()
                .map(|(key, value)| format!("{}:{}", json!(key), shuffled(value, dice)))
                .collect();
            for index in (1..members.len()).rev() {
                members.swap(index, dice.roll(index + 1));
            }
            format!("{{{}}}", members.join(","))
        }
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(|item| shuffled(item, dice)).collect();
            format!("[{}]", items.join(","))
        }
        other => other.to_string(),
    }
}

#[test]
fn the_order_of_keys_changes_no_byte() {
    let folder = tempfile::tempdir().unwrap();
    for file in CONTRACTS {
        let root = contract(file).root;
        let path = folder.path().join("doc.json");
        let load = |text: String| {
            std::fs::write(&path, text).unwrap();
            generate(codegen::load(&path).unwrap()).unwrap()
        };
        let first = load(root.to_string());
        assert_eq!(load(root.to_string()), first);
        for seed in 1..=5 {
            let text = shuffled(&root, &mut Dice(seed));
            assert_ne!(text, root.to_string());
            assert_eq!(load(text), first, "seed {seed}");
        }
    }
}

/// Every place in a value.
fn places(value: &Value, at: &str, into: &mut Vec<String>) {
    into.push(at.to_owned());
    match value {
        Value::Object(object) => {
            for (key, inner) in object {
                let key = key.replace('~', "~0").replace('/', "~1");
                places(inner, &format!("{at}/{key}"), into);
            }
        }
        Value::Array(list) => {
            for (index, inner) in list.iter().enumerate() {
                places(inner, &format!("{at}/{index}"), into);
            }
        }
        _ => {}
    }
}

/// Puts something unexpected at a random place.
fn break_somewhere(root: &mut Value, dice: &mut Dice) {
    let mut all = Vec::new();
    places(root, "", &mut all);
    let place = all[dice.roll(all.len())].clone();
    let other = all[dice.roll(all.len())].clone();
    let elsewhere = root.pointer(&other).cloned().unwrap_or_default();
    let Some(node) = root.pointer_mut(&place) else {
        return;
    };
    *node = match dice.roll(12) {
        0 => Value::Null,
        1 => json!(7),
        2 => json!("text"),
        3 => json!([]),
        4 => json!({}),
        5 => json!(true),
        6 => json!({"$ref": "#/components/schemas/Animal"}),
        7 => {
            json!({"allOf": [{"$ref": "#/components/schemas/Item"}, {"properties": {"x": {"type": "null"}}}]})
        }
        8 => json!({"oneOf": [{"type": "string"}, {"type": "object"}]}),
        9 => json!({"type": ["string", "integer", "null"], "enum": ["", "-", "é", 5, null]}),
        10 => json!("#/components/schemas/Item"),
        _ => elsewhere,
    };
}

/// How many documents are broken of each contract; `MUTATIONS=N` asks for others.
fn mutations() -> u64 {
    let asked = std::env::var("MUTATIONS").ok();
    asked.and_then(|asked| asked.parse().ok()).unwrap_or(400)
}

#[test]
fn no_document_makes_the_generator_panic() {
    let (mut made, mut refused) = (0, 0);
    for file in CONTRACTS {
        for seed in 1..=mutations() {
            let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            let mut doc = contract(file);
            for _ in 0..=dice.roll(3) {
                break_somewhere(&mut doc.root, &mut dice);
            }
            match generate(doc) {
                Ok(_) => made += 1,
                Err(error) => {
                    // The preconditions must find what the backend cannot take.
                    let text = error.to_string();
                    assert!(!text.contains("was refused"), "{file}, seed {seed}: {text}");
                    refused += 1;
                }
            }
        }
    }
    println!("{made} made, {refused} refused");
    assert!(
        made > 100 && refused > 100,
        "{made} made, {refused} refused"
    );
}
