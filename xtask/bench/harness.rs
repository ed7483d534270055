//! Times decoding and encoding: our types, `serde_json::Value`, and plain progenitor's types.
//!
//! `harness probe DIR` says of each workflow in DIR who can decode it; `harness time DIR` times
//! everybody with every file. Both print one JSON object for each line. The name of a file that
//! holds a page begins with `page`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use civitai_api::v2::types as ours;
use plain::types as baseline;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// How long one sample takes at least, and how many there are.
const SAMPLE: Duration = Duration::from_millis(25);
const SAMPLES: usize = 11;

/// Unboxed enums of hundreds of variants want a deep stack.
const STACK: usize = 256 << 20;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let probe = arguments.next().as_deref() == Some("probe");
    let folder = arguments.next().ok_or("name a folder")?;
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        files.push((name.into_owned(), std::fs::read(&path)?));
    }
    files.sort();
    let work = move || {
        for (name, text) in files {
            let page = name.starts_with("page");
            match (probe, page) {
                (true, _) => one::<ours::Workflow, baseline::Workflow>(&name, &text, looked),
                (false, false) => one::<ours::Workflow, baseline::Workflow>(&name, &text, timed),
                (false, true) => one::<
                    ours::CursedArrayOfTelemetryCursorAndWorkflow,
                    baseline::CursedArrayOfTelemetryCursorAndWorkflow,
                >(&name, &text, timed),
            }
        }
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work)?;
    thread.join().map_err(|_| "the harness panicked".into())
}

type Report = fn(&str, &str, &[u8], &dyn Contender);

fn one<O, B>(name: &str, text: &[u8], report: Report)
where
    O: Serialize + DeserializeOwned + std::fmt::Debug + 'static,
    B: Serialize + DeserializeOwned + std::fmt::Debug + 'static,
{
    report(name, "ours", text, &Typed(tracked::<O>));
    report(name, "ours without paths", text, &Typed(direct::<O>));
    report(name, "value", text, &Typed(direct::<Value>));
    report(name, "baseline", text, &Typed(direct::<B>));
}

fn direct<T: DeserializeOwned>(text: &[u8]) -> Result<T, String> {
    serde_json::from_slice(text).map_err(|error| error.to_string())
}

/// As the client does it, so that an error names its path.
fn tracked<T: DeserializeOwned>(text: &[u8]) -> Result<T, String> {
    let mut json = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| error.to_string())?;
    json.end().map_err(|error| error.to_string())?;
    Ok(value)
}

/// Somebody who decodes and encodes.
trait Contender {
    /// What is left of a text after decoding and encoding, and what was decoded, for debugging.
    fn there_and_back(&self, text: &[u8]) -> Result<(Value, String), String>;
    fn decode(&self, text: &[u8]) -> Result<Duration, String>;
    fn encode(&self, text: &[u8]) -> Result<Duration, String>;
}

struct Typed<T>(fn(&[u8]) -> Result<T, String>);

impl<T: Serialize + std::fmt::Debug> Contender for Typed<T> {
    fn there_and_back(&self, text: &[u8]) -> Result<(Value, String), String> {
        let value = (self.0)(text)?;
        let back = serde_json::to_value(&value).map_err(|error| error.to_string())?;
        Ok((back, format!("{value:?}")))
    }

    fn decode(&self, text: &[u8]) -> Result<Duration, String> {
        (self.0)(text)?;
        Ok(median(|| {
            let _decoded = black_box((self.0)(black_box(text)));
        }))
    }

    fn encode(&self, text: &[u8]) -> Result<Duration, String> {
        let value = (self.0)(text)?;
        Ok(median(|| {
            let _encoded = black_box(serde_json::to_vec(black_box(&value)));
        }))
    }
}

/// The median time of a call, over samples that are long enough to be told from noise.
fn median(mut call: impl FnMut()) -> Duration {
    let mut calls = 1;
    let mut sample = |calls: u32| {
        let start = Instant::now();
        (0..calls).for_each(|_| call());
        start.elapsed()
    };
    while sample(calls) < SAMPLE {
        calls *= 2;
    }
    let mut samples: Vec<Duration> = (0..SAMPLES).map(|_| sample(calls) / calls).collect();
    samples.sort();
    samples[SAMPLES / 2]
}

/// Says whether a text is decoded at all, to typed variants at every level, and kept whole.
fn looked(name: &str, who: &str, text: &[u8], contender: &dyn Contender) {
    let line = match contender.there_and_back(text) {
        Ok((back, debug)) => json!({
            "file": name, "who": who,
            "typed": !debug.contains("Raw("),
            "whole": serde_json::from_slice(text).is_ok_and(|before: Value| before == back),
        }),
        Err(error) => json!({ "file": name, "who": who, "error": error }),
    };
    println!("{line}");
}

fn timed(name: &str, who: &str, text: &[u8], contender: &dyn Contender) {
    let times = contender
        .decode(text)
        .and_then(|decode| Ok((decode, contender.encode(text)?)));
    let line = match times {
        Ok((decode, encode)) => json!({
            "file": name, "who": who, "bytes": text.len(),
            "decode": decode.as_nanos() as u64, "encode": encode.as_nanos() as u64,
        }),
        Err(error) => json!({ "file": name, "who": who, "error": error }),
    };
    println!("{line}");
}
