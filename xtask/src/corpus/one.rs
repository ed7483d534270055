//! One document: made in a process of its own, so that its memory is its own and nothing that goes
//! wrong there ends the others.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use codegen::{Audit, Count, Document, FeaturesBy, Mode, NoteKind, Overrides, Package};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::documents::Found;
use crate::regen;

/// No document takes longer to generate.
const PATIENCE: Duration = Duration::from_secs(120);

/// How a crate is made.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Way {
    /// Whether it is cut by the tags of operations.
    pub(super) by_tag: bool,
    /// Whether messages are to go through its types.
    pub(super) round_trip: bool,
}

/// What came of a document.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Made {
    /// Why there is no crate.
    pub(super) refused: Option<String>,
    /// Declared and held: operations, parameters, members, media types.
    pub(super) counts: [(usize, usize); 4],
    /// Places that are any JSON though the document says more.
    pub(super) any: usize,
    /// What is missing and told by no pass.
    pub(super) unsaid: Vec<String>,
    /// Losses, faults, guesses, conversions.
    pub(super) notes: [usize; 4],
    /// The features that cut the crate.
    pub(super) features: Vec<String>,
    /// Lines of Rust, the support modules left out.
    pub(super) lines: usize,
    pub(super) seconds: f64,
    /// The most memory at once, where the system tells.
    pub(super) mebibytes: Option<u64>,
    /// Errors and warnings of the compiler.
    #[serde(skip)]
    pub(super) checked: Option<super::check::Said>,
    /// What came back of its messages.
    #[serde(skip)]
    pub(super) trips: Option<super::trip::Trips>,
}

impl Made {
    fn refused(why: impl Into<String>) -> Self {
        Self {
            refused: Some(why.into()),
            ..Self::default()
        }
    }

    /// Whether there is a crate that the compiler found nothing in.
    pub(super) fn compiles(&self) -> bool {
        self.checked
            .as_ref()
            .is_some_and(super::check::Said::is_clean)
    }

    /// Whether there is a crate, whole or with every loss told, that compiles as far as that was tried.
    pub(super) fn is_sound(&self) -> bool {
        let compiles = self
            .checked
            .as_ref()
            .is_none_or(super::check::Said::is_clean);
        let trips = self.trips.as_ref().is_none_or(super::trip::Trips::is_clean);
        self.refused.is_none() && self.unsaid.is_empty() && compiles && trips
    }
}

/// Makes the crate of a document here.
pub(super) fn make(name: &str, file: &Path, out: &Path, way: Way) -> Made {
    let start = Instant::now();
    let made = codegen::load(file).and_then(|doc| {
        let features = if way.by_tag && has_tags(&doc) {
            FeaturesBy::Tag
        } else {
            FeaturesBy::Nothing
        };
        let settings = Package {
            features,
            ..Package::default()
        };
        codegen::package(doc, name, &Overrides::default(), &settings)
    });
    let made = match made {
        Ok(made) => made,
        Err(error) => return Made::refused(error.to_string()),
    };
    if let Err(error) = regen::write(&made.files, out, Mode::Write) {
        return Made::refused(format!("{error:#}"));
    }
    let seconds = start.elapsed().as_secs_f64();
    if way.round_trip
        && let Err(error) = prepare(name, file, &made.types, out)
    {
        return Made::refused(format!("its messages cannot be made: {error:#}"));
    }
    let Audit {
        operations,
        parameters,
        members,
        media_types,
        any,
        ..
    } = made.audit;
    let pair = |count: Count| (count.declared, count.held);
    let unsaid = made
        .notes
        .iter()
        .filter(|note| note.pass == codegen::UNSAID);
    let own = made
        .files
        .iter()
        .filter(|(name, _)| name.ends_with(".rs") && !name.contains("support/"));
    Made {
        refused: None,
        counts: [operations, parameters, members, media_types].map(pair),
        any,
        unsaid: unsaid
            .map(|note| format!("{}: {}", note.at, note.what))
            .collect(),
        notes: NoteKind::ALL.map(|kind| made.notes.count(kind)),
        features: made.features.into_keys().collect(),
        lines: own.map(|(_, text)| text.lines().count()).sum(),
        seconds,
        mebibytes: peak(),
        checked: None,
        trips: None,
    }
}

/// Writes what sends messages through the types of a crate.
fn prepare(
    name: &str,
    file: &Path,
    types: &BTreeMap<String, String>,
    out: &Path,
) -> anyhow::Result<()> {
    super::trip::prepare(codegen::load(file)?, name, types, out)
}

/// Whether an operation of a document has a tag.
fn has_tags(doc: &Document) -> bool {
    let items = doc.root.get("paths").and_then(Value::as_object);
    let items = items.into_iter().flatten();
    let mut operations = items.filter_map(|(_, item)| item.as_object()).flatten();
    operations.any(|(_, operation)| operation.pointer("/tags/0").is_some())
}

/// Makes the crate of a document in a process of its own.
pub(super) fn apart(document: &Found, out: &Path, way: Way) -> anyhow::Result<Made> {
    let mut child = Command::new(std::env::current_exe()?);
    child
        .arg("corpus")
        .arg(&document.file)
        .arg("--one")
        .arg(out);
    if way.by_tag {
        child.arg("--by-tag");
    }
    if way.round_trip {
        child.arg("--round-trip");
    }
    let mut child = child
        .stdout(Stdio::piped())
        .spawn()
        .context("the command cannot call itself")?;
    let start = Instant::now();
    // A reply is one line, which fits into the pipe but for losses by the hundred: it is read meanwhile.
    let stdout = child.stdout.take().context("it has an output")?;
    let reader = std::thread::spawn(move || std::io::read_to_string(stdout));
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if start.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Ok(Made::refused(format!("took longer than {PATIENCE:?}")));
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let text = reader
        .join()
        .map_err(|_| anyhow::anyhow!("the reply cannot be read"))??;
    if !status.success() {
        return Ok(Made::refused(format!(
            "the generator itself failed: {status}"
        )));
    }
    Ok(serde_json::from_str(&text)?)
}

/// The most memory that this process has had at once.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes / 1024)
}
