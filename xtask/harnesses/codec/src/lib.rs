//! Times decoding and encoding: our types, `serde_json::Value`, and the types of another crate.
//!
//! `probe DIR` says of each workflow in DIR who can decode it; `time DIR` times everybody with every
//! file. Both print one JSON object for each line. The name of a file that holds a page begins with
//! `page`.

#![allow(
    clippy::print_stdout,
    reason = "what was measured goes to who started it"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use civitai_api::v2::types as ours;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// How long one sample takes at least: short, so that few of them are interrupted.
const SAMPLE: Duration = Duration::from_millis(2);

/// How many samples there are. Everybody takes one in turn, so that all meet the same weather.
const ROUNDS: usize = 31;

/// Unboxed enums of hundreds of variants want a deep stack.
const STACK: usize = 256 << 20;

/// Does what the arguments of the program say, with another crate's page and workflow for comparison.
///
/// # Errors
///
/// The arguments name no folder of files that can be read.
pub fn run<P, W>() -> Result<(), Box<dyn std::error::Error>>
where
    P: Serialize + DeserializeOwned + std::fmt::Debug + 'static,
    W: Serialize + DeserializeOwned + std::fmt::Debug + 'static,
{
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
        for (name, text) in &files {
            let contenders = if name.starts_with("page") {
                contenders::<ours::WorkflowPage, P>()
            } else {
                contenders::<ours::Workflow, W>()
            };
            let report = if probe { look } else { time };
            report(name, text, &contenders);
        }
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work)?;
    thread.join().map_err(|_| "the harness panicked".into())
}

/// What was decoded, which can be looked at and encoded, or why it could not be.
type Outcome = Result<Box<dyn Decoded>, String>;

/// Somebody who decodes and encodes.
struct Contender {
    who: &'static str,
    decode: fn(&[u8]) -> Outcome,
}

trait Decoded {
    fn encode(&self) -> Result<Vec<u8>, String>;
    /// Whether every union found its variant.
    fn is_typed(&self) -> bool;
}

impl<T: Serialize + std::fmt::Debug> Decoded for T {
    fn encode(&self) -> Result<Vec<u8>, String> {
        serde_json::to_vec(self).map_err(|error| error.to_string())
    }

    fn is_typed(&self) -> bool {
        !format!("{self:?}").contains("Raw(")
    }
}

fn contenders<O, B>() -> [Contender; 3]
where
    O: civitai_api::Blank + Serialize + std::fmt::Debug,
    B: Serialize + DeserializeOwned + std::fmt::Debug + 'static,
{
    let contender = |who, decode| Contender { who, decode };
    [
        contender("ours", client::<O>),
        contender("value", direct::<Value>),
        contender("baseline", direct::<B>),
    ]
}

fn direct<T>(text: &[u8]) -> Outcome
where
    T: Serialize + DeserializeOwned + std::fmt::Debug + 'static,
{
    let value: T = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    Ok(Box::new(value))
}

/// As the client does it.
fn client<T>(text: &[u8]) -> Outcome
where
    T: civitai_api::Blank + Serialize + std::fmt::Debug,
{
    let value: T = civitai_api::decode(text).map_err(|error| error.to_string())?;
    Ok(Box::new(value))
}

/// Says who decodes a text, to typed variants at every level, and keeps it whole.
fn look(file: &str, text: &[u8], contenders: &[Contender]) {
    let before: Option<Value> = serde_json::from_slice(text).ok();
    for Contender { who, decode } in contenders {
        let seen = decode(text).and_then(|decoded| {
            let after: Option<Value> = serde_json::from_slice(&decoded.encode()?).ok();
            Ok((decoded.is_typed(), before == after))
        });
        let line = match seen {
            Ok((typed, whole)) => {
                json!({ "file": file, "who": who, "typed": typed, "whole": whole })
            }
            Err(error) => json!({ "file": file, "who": who, "error": error }),
        };
        println!("{line}");
    }
}

/// Says the median times of those who can decode a text.
fn time(file: &str, text: &[u8], contenders: &[Contender]) {
    let mut able = Vec::new();
    for Contender { who, decode } in contenders {
        match decode(text) {
            Ok(decoded) => able.push((who, decode, decoded)),
            Err(error) => println!("{}", json!({ "file": file, "who": who, "error": error })),
        }
    }
    let mut calls: Vec<Box<dyn Fn() + '_>> = Vec::new();
    for (_, decode, decoded) in &able {
        calls.push(Box::new(move || drop(black_box(decode(black_box(text))))));
        calls.push(Box::new(move || {
            drop(black_box(black_box(decoded).encode()));
        }));
    }
    let times = medians(&calls);
    for ((who, ..), times) in able.iter().zip(times.chunks(2)) {
        let line = json!({
            "file": file, "who": who, "bytes": text.len(),
            "decode": times[0].as_nanos() as u64, "encode": times[1].as_nanos() as u64,
        });
        println!("{line}");
    }
}

/// The median time of each call.
fn medians(calls: &[Box<dyn Fn() + '_>]) -> Vec<Duration> {
    let sample = |call: &dyn Fn(), times: u32| {
        // Whoever was here before left the caches full.
        call();
        let start = Instant::now();
        (0..times).for_each(|_| call());
        start.elapsed()
    };
    let repeats: Vec<u32> = calls
        .iter()
        .map(|call| {
            let mut times = 1;
            // The fastest of a few: one that was interrupted only seems long enough.
            let fastest = |times| (0..5).map(|_| sample(call, times)).min();
            while fastest(times) < Some(SAMPLE) {
                times *= 2;
            }
            times
        })
        .collect();
    let mut samples = vec![Vec::new(); calls.len()];
    for _ in 0..ROUNDS {
        for ((call, times), samples) in calls.iter().zip(&repeats).zip(&mut samples) {
            samples.push(sample(call, *times) / *times);
        }
    }
    let middle = samples.iter_mut().map(|samples| {
        samples.sort();
        samples[ROUNDS / 2]
    });
    middle.collect()
}
