//! What became of each line, in the order of the file.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use civitai_jobs::Buzz;
use serde::Serialize;
use serde_json::Value;

use crate::exit;
use crate::failure::{Failure, chain};
use crate::ledger::{Kept, Ledger, Line, RunRow};

/// The file of the results, in the folder of the run.
pub(crate) const FILE: &str = "results.jsonl";

/// Lines that are read at once.
const CHUNK: u32 = 500;

/// What became of a line.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Outcome {
    pub(crate) line: u32,
    pub(crate) state: &'static str,
    /// The earlier line that asks for the same, and whose result this is.
    pub(crate) same_as: Option<u32>,
    pub(crate) title: String,
    /// What stands in the file for it.
    pub(crate) input: Value,
    pub(crate) seed: Option<i64>,
    /// What the line itself cost: nothing where another one's result is its own.
    pub(crate) cost: Option<Buzz>,
    pub(crate) files: Vec<OutcomeFile>,
    pub(crate) texts: Vec<String>,
    pub(crate) reason: Option<String>,
    /// What the service calls the work.
    pub(crate) id: Option<String>,
    /// The key of the submission.
    pub(crate) key: Option<String>,
    /// How long it took, in seconds.
    pub(crate) seconds: Option<i64>,
}

/// A file of a line.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OutcomeFile {
    /// From the folder of the run.
    pub(crate) path: String,
    pub(crate) bytes: u64,
    pub(crate) media_type: String,
    pub(crate) width: Option<u32>,
    pub(crate) height: Option<u32>,
    pub(crate) seed: Option<i64>,
}

/// Hands the outcome of each line of a run to a writer, in their order.
pub(crate) async fn each(
    ledger: &Ledger,
    run: &RunRow,
    mut write: impl FnMut(&Outcome) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut files: HashMap<u32, Vec<Kept>> = HashMap::new();
    for (line, kept) in ledger.files_of_run(&run.name).await? {
        files.entry(line).or_default().push(kept);
    }
    let mut behind = 0;
    loop {
        let lines = ledger.lines(&run.name, behind, CHUNK).await?;
        let Some(last) = lines.last() else {
            return Ok(());
        };
        behind = last.number;
        for line in lines {
            let first = match line.twin {
                // It stands before this one, and is read once more: lines that are alike are few.
                Some(twin) => ledger.line(&run.name, twin).await?,
                None => None,
            };
            let of = line.twin.unwrap_or(line.number);
            let files = files.get(&of).map(Vec::as_slice).unwrap_or_default();
            write(&outcome(run, line, first, files))?;
        }
    }
}

/// Writes the results into the folder of a run, at once and whole.
pub(crate) async fn save(ledger: &Ledger, run: &RunRow) -> Result<(), Failure> {
    let mut whole = whole(&run.folder)?;
    let mut writer = std::io::BufWriter::new(&mut whole);
    each(ledger, run, |outcome| {
        let text = serde_json::to_string(outcome);
        let text = text.map_err(|error| unwritten(&run.folder, &error))?;
        writeln!(writer, "{text}").map_err(|error| unwritten(&run.folder, &error))
    })
    .await?;
    writer
        .flush()
        .map_err(|error| unwritten(&run.folder, &error))?;
    drop(writer);
    keep(whole, &run.folder.join(FILE))
}

/// A file in a folder that has no name yet.
pub(super) fn whole(folder: &Path) -> Result<tempfile::NamedTempFile, Failure> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let file = builder.prefix(".civitai-jobs-").tempfile_in(folder);
    file.map_err(|error| unwritten(folder, &error))
}

pub(super) fn keep(file: tempfile::NamedTempFile, path: &Path) -> Result<(), Failure> {
    let kept = file.persist(path);
    kept.map(drop).map_err(|error| unwritten(path, &error))
}

pub(super) fn unwritten(place: &Path, error: &dyn std::error::Error) -> Failure {
    let what = format!("cannot write to `{}`: {}", place.display(), chain(error));
    Failure::new(exit::NOT_SAVED, what)
}

fn outcome(run: &RunRow, line: Line, first: Option<Line>, files: &[Kept]) -> Outcome {
    let cost = line.cost;
    // Not every step tells the seed of its files.
    let asked = match &line.words["seed"] {
        Value::String(text) => text.parse().ok(),
        seed => seed.as_i64(),
    };
    let (number, same_as, title, input) = (line.number, line.twin, line.title, line.words);
    let (cost, done) = match first {
        Some(first) => (Some(Buzz::ZERO), first),
        None => (
            cost,
            Line {
                title: String::new(),
                words: Value::Null,
                ..line
            },
        ),
    };
    Outcome {
        line: number,
        state: done.state.name(),
        same_as,
        title,
        input,
        seed: files.iter().find_map(|kept| kept.seed).or(asked),
        cost,
        files: files.iter().map(|kept| file(run, kept)).collect(),
        texts: done.texts,
        reason: done.reason,
        id: done.work,
        key: done.key,
        seconds: done
            .ended_at
            .zip(done.begun_at)
            .map(|(end, begin)| end - begin),
    }
}

fn file(run: &RunRow, kept: &Kept) -> OutcomeFile {
    let path = kept.path.strip_prefix(&run.folder).unwrap_or(&kept.path);
    OutcomeFile {
        path: path.to_string_lossy().into_owned(),
        bytes: kept.bytes,
        media_type: kept.media_type.clone(),
        width: kept.size.map(|(width, _)| width),
        height: kept.size.map(|(_, height)| height),
        seed: kept.seed,
    }
}
