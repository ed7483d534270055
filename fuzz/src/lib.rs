//! What may be fed with any bytes: each function ends without a panic, and what it takes keeps its promises.
//!
//! `cargo fuzz run NAME` feeds them in search of new paths; a test of the workspace feeds them with faults in
//! the bytes of `corpus`.

use std::path::Path;

use civitai_api::v1::types::JobStatusCollection;
use civitai_api::v2::types::Workflow;
use civitai_jobs::events::Event;
use civitai_jobs::{Air, Naming};
use codegen::{Document, Options, Overrides};

/// A function and its name, which is that of its corpus and of its target.
pub type Target = (&'static str, fn(&[u8]));

/// All functions.
pub const TARGETS: [Target; 9] = [
    ("air", air),
    ("workflow", workflow),
    ("batch", batch),
    ("webhook", webhook),
    ("file_name", file_name),
    ("retry_after", retry_after),
    ("flow", flow),
    ("contract", contract),
    ("cassette", cassette),
];

/// An identifier that is read is written as one that is read as the same.
pub fn air(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(air) = text.parse::<Air>() {
        assert_eq!(air.to_string().parse::<Air>().as_ref(), Ok(&air), "{text}");
    }
}

/// A reply that is read is written as one that is read as the same.
pub fn workflow(bytes: &[u8]) {
    if let Ok(read) = civitai_api::decode::<Workflow>(bytes) {
        let written = serde_json::to_vec(&read).unwrap_or_default();
        assert!(civitai_api::decode::<Workflow>(&written).is_ok_and(|again| again == read));
    }
}

/// The same, of version 1.
pub fn batch(bytes: &[u8]) {
    if let Ok(read) = civitai_api::decode::<JobStatusCollection>(bytes) {
        let written = serde_json::to_vec(&read).unwrap_or_default();
        assert!(
            civitai_api::decode::<JobStatusCollection>(&written).is_ok_and(|again| again == read)
        );
    }
}

/// A delivery says of which work it is, or is none.
pub fn webhook(bytes: &[u8]) {
    if let Ok(event) = Event::parse(bytes) {
        let _ = (event.work_id(), event.claimed_status(), event.scope());
    }
}

/// A name of a file is one name, whatever the template and the prompt.
pub fn file_name(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (template, prompt) = text.split_once('\n').unwrap_or((&text, "fog"));
    let Ok(naming) = template.parse::<Naming>() else {
        return;
    };
    let files = [One, One];
    let stems = naming.prompt(prompt).stems(files.iter());
    assert_ne!(stems[0].to_lowercase(), stems[1].to_lowercase(), "{text:?}");
    for stem in stems {
        let is_one = Path::new(&stem)
            .file_name()
            .is_some_and(|name| name == stem.as_str());
        assert!(
            is_one && !stem.starts_with('.') && stem.len() < 250,
            "{stem:?}"
        );
    }
}

/// A file that is saved.
struct One;

impl file_save::Named for One {
    fn index(&self) -> usize {
        0
    }

    fn seed(&self) -> Option<i64> {
        None
    }

    fn work(&self) -> &str {
        "../7-\u{202e}a"
    }
}

/// A pause is none that nobody would wait for.
pub fn retry_after(bytes: &[u8]) {
    let mut headers = http::HeaderMap::new();
    if let Ok(value) = http::HeaderValue::from_bytes(bytes) {
        headers.insert(http::header::RETRY_AFTER, value);
    }
    let _ = http_hints::retry_after(&headers);
}

/// An Arazzo document with whatever expressions and conditions in it.
pub fn flow(bytes: &[u8]) {
    in_a_file("flow.arazzo.yaml", bytes, |path| {
        if let Ok(flow) = arazzo_run::Flow::load(path) {
            let _ = flow.check();
        }
    });
}

/// A document becomes code, or an error.
pub fn contract(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice(bytes) else {
        return;
    };
    let options = Options {
        contract: "t",
        support: "crate::support",
        features: &[],
    };
    let document = || Document::from_value("t.json", serde_json::Value::clone(&value));
    let _ = codegen::generate(document(), &Overrides::default(), options);
    let _ = codegen::normalised(document(), "t", &Overrides::default());
}

/// A cassette is refused with its place, or can be played.
pub fn cassette(bytes: &[u8]) {
    in_a_file("run.jsonl", bytes, |path| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let Ok(runtime) = runtime else { return };
        runtime.block_on(async {
            if let Ok(replay) = civitai_sim::cassette::Replay::of(path).start().await {
                let _ = replay.shutdown().await;
            }
        });
    });
}

fn in_a_file(name: &str, bytes: &[u8], read: impl FnOnce(&Path)) {
    let Ok(folder) = tempfile::tempdir() else {
        return;
    };
    let path = folder.path().join(name);
    if std::fs::write(&path, bytes).is_ok() {
        read(&path);
    }
}
