//! Messages there and back: examples of a document and seeded instances of its schemas go through the
//! generated types, and must come back as they came.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;
use codegen::Document;
use instances::{Contract, Maker, Twist, difference};
use serde_json::Value;

use super::examples;
use super::message::Message;

/// How many instances are made of each schema.
const SEEDS: u64 = 4;

/// What came of the messages of a document.
#[derive(Debug, Default)]
pub(super) struct Trips {
    pub(super) made: usize,
    pub(super) same: usize,
    /// What came back another way, or not as the schema says.
    pub(super) wrong: Vec<String>,
}

impl Trips {
    /// Whether every message came back.
    pub(super) fn is_clean(&self) -> bool {
        self.wrong.is_empty()
    }
}

/// Writes the program of a crate that sends messages through its types, and the messages.
pub(super) fn prepare(
    doc: Document,
    name: &str,
    types: &BTreeMap<String, String>,
    out: &Path,
) -> anyhow::Result<()> {
    let mut messages = examples::of(&doc, types);
    let contract = Contract::of(doc)?;
    let mut maker = Maker::new(&contract, Twist::Nothing);
    for schema in types
        .keys()
        .filter(|schema| contract.document().schema(schema).is_some())
    {
        for seed in 0..SEEDS {
            let made = maker.make(schema, seed);
            messages.push(Message {
                schema: schema.clone(),
                from: format!("seed {seed}"),
                sent: made.sent,
                back: made.back,
                is_example: false,
            });
        }
    }
    let folder = out.join("examples");
    std::fs::create_dir_all(&folder)?;
    let krate = format!("{name}_api").replace('-', "_");
    std::fs::write(
        folder.join(format!("{}.rs", program(name))),
        source(&krate, types),
    )?;
    std::fs::write(kept(out), serde_json::to_string(&messages)?)?;
    Ok(())
}

/// Where the messages of a crate are kept until they are sent.
fn kept(out: &Path) -> PathBuf {
    out.join("messages.json")
}

/// The name of the program of a crate, which no other crate's has.
pub(super) fn program(name: &str) -> String {
    format!("trip_{}", name.replace('-', "_"))
}

/// A program that reads lines of a schema and a message, and writes what became of each.
fn source(krate: &str, types: &BTreeMap<String, String>) -> String {
    let arms: String = types
        .iter()
        .map(|(schema, rust)| format!("        {schema:?} => trip!({rust}),\n"))
        .collect();
    format!(
        "//! Sends messages through the types of the crate.\n\n\
         #![allow(unused, reason = \"a crate may have no types\")]\n\n\
         use {krate}::{{Members as _, decode, types}};\nuse serde_json::{{Value, json}};\n\n\
         fn through(schema: &str, body: &[u8]) -> Value {{\n    macro_rules! trip {{\n        ($ty:ident) => {{\n            \
         match decode::<types::$ty>(body) {{\n                Ok(value) => json!({{\n                    \
         \"back\": serde_json::to_value(&value).unwrap_or_default(),\n                    \
         \"misfits\": value.misfits().iter().map(ToString::to_string).collect::<Vec<_>>(),\n                }}),\n                \
         Err(error) => json!({{ \"error\": error.to_string() }}),\n            }}\n        }};\n    }}\n    \
         match schema {{\n{arms}        _ => Value::Null,\n    }}\n}}\n\n\
         fn main() {{\n    for line in std::io::stdin().lines().map_while(Result::ok) {{\n        \
         if let Some((schema, body)) = line.split_once('\\t') {{\n            \
         println!(\"{{}}\", through(schema, body.as_bytes()));\n        }}\n    }}\n}}\n"
    )
}

/// Builds the programs of crates of the bed.
pub(super) fn build(bed: &Path, names: &[&str]) -> anyhow::Result<()> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(bed)
        .env("CARGO_TARGET_DIR", bed.join("target"))
        .args(["build", "--quiet", "--examples", "--keep-going"]);
    for name in names {
        cargo.arg("--package").arg(format!("{name}-api"));
    }
    let status = cargo.status().context("cargo cannot be run")?;
    anyhow::ensure!(status.success(), "the programs do not compile: {status}");
    Ok(())
}

/// Sends the messages of a crate through its program.
pub(super) fn run(bed: &Path, name: &str) -> anyhow::Result<Trips> {
    let text = std::fs::read_to_string(kept(&bed.join("crates").join(name)))?;
    let messages: Vec<Message> = serde_json::from_str(&text)?;
    let program = bed.join("target/debug/examples").join(program(name));
    let mut child = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("the program of the crate cannot be run")?;
    let mut stdin = child.stdin.take().context("it has an input")?;
    let lines: Vec<String> = messages
        .iter()
        .map(|one| format!("{}\t{}\n", one.schema, one.sent))
        .collect();
    let writer = std::thread::spawn(move || stdin.write_all(lines.concat().as_bytes()));
    let output = child.wait_with_output()?;
    // What the program did not read, it did not answer either.
    let _ended = writer.join();
    let text = String::from_utf8(output.stdout)?;
    let mut answers = text.lines();
    let mut trips = Trips::default();
    for message in messages {
        let answer: Value = answers
            .next()
            .map(serde_json::from_str)
            .transpose()?
            .unwrap_or_default();
        trips.made += 1;
        match fault(&message, &answer) {
            None => trips.same += 1,
            Some(what) => {
                let Message { schema, from, .. } = &message;
                trips.wrong.push(format!("{schema} ({from}): {what}"));
            }
        }
    }
    Ok(trips)
}

/// What is wrong with what came back.
fn fault(message: &Message, answer: &Value) -> Option<String> {
    if let Some(error) = answer.get("error") {
        return Some(error.to_string());
    }
    let Some(back) = answer.get("back") else {
        return Some("the program ended before it".to_owned());
    };
    let (mut wanted, mut got) = (message.back.clone(), back.clone());
    if message.is_example {
        examples::settle(&mut wanted);
        examples::settle(&mut got);
    }
    if let Some(found) = difference(&wanted, &got, "") {
        return Some(found);
    }
    let misfits = answer.get("misfits").and_then(Value::as_array)?;
    let first = misfits.first().filter(|_| !message.is_example)?;
    Some(format!("does not fit its type: {first}"))
}
