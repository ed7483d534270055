//! Crates of documents that are not ours: how long they take to make, and to check against those that
//! ploidy makes of the same documents.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, bail};

use super::bed::Bed;
use super::compiled::Compiled;
use super::say;
use super::table::{Bound, Quantity, Row};
use crate::corpus;

/// Where the documents are, seen from the root of the workspace; elsewhere there are no rows.
const DOCUMENTS: &str = "../shared/corpus";

/// The largest and two that ploidy compiles as well.
const COMPARED: [&str; 3] = ["invokeai.json", "sled-agent.json", "workos.yaml"];

/// The peer, as it is on crates.io.
const PEER: (&str, &str) = ("ploidy", "0.15.0");

/// The time and the memory that making the largest may take.
const MOST: Duration = Duration::from_secs(4);
const MOST_MEBIBYTES: u64 = 250;

const RUNS: usize = 3;

/// All crates together, those of the peer as well.
const WORKSPACE: &str = "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\n";

/// Measures every document, where they are there.
pub(super) fn rows(bed: &Bed, root: &Path, notes: &mut Vec<String>) -> anyhow::Result<Vec<Row>> {
    let documents = root.join(DOCUMENTS);
    if !documents.is_dir() {
        notes.push(format!(
            "No documents in {DOCUMENTS}: their rows are left out."
        ));
        return Ok(Vec::new());
    }
    bed.write("strangers/Cargo.toml", WORKSPACE)?;
    let folder = bed.folder().join("strangers");
    let mut rows = Vec::new();
    let mut pairs = Vec::new();
    let peer = peer(bed);
    for file in COMPARED {
        let name = file.split('.').next().unwrap_or(file);
        say(&format!("the crate of {name}"));
        let ours = folder.join(name);
        let made = corpus::make(&documents.join(file), &ours)?;
        if rows.is_empty() {
            rows.push(Row {
                measure: format!("regen of {file}, the largest"),
                ours: Ok(Quantity::Time(made.time)),
                peer: None,
                bound: Some(Bound::Most(Quantity::Time(MOST))),
            });
            if let Some(mebibytes) = made.mebibytes {
                let holds = if mebibytes <= MOST_MEBIBYTES {
                    "holds"
                } else {
                    "does not hold"
                };
                notes.push(format!(
                    "Making {file} took {mebibytes} MiB; the bound of {MOST_MEBIBYTES} MiB {holds}."
                ));
            }
        }
        let theirs = folder.join(format!("{name}-{}", PEER.0));
        let theirs = peer
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|peer| theirs_of(peer, &documents.join(file), &theirs));
        pairs.push((name, ours, theirs));
    }
    for (name, ours, theirs) in pairs {
        rows.push(checked(bed, name, ours, theirs));
    }
    Ok(rows)
}

/// `cargo check` of both crates in turn, so that both meet the same weather.
fn checked(bed: &Bed, name: &str, ours: PathBuf, theirs: Result<PathBuf, String>) -> Row {
    let measure = format!("cargo check of the crate of {name}");
    let theirs = match theirs {
        Ok(theirs) => theirs,
        Err(why) => {
            return Row {
                measure,
                ours: Err(why),
                peer: None,
                bound: None,
            };
        }
    };
    let roots = [ours.join("src/lib.rs"), theirs.join("src/lib.rs")];
    let mut crates = [ours, theirs].map(|package| Compiled::new(package, "check", vec!["--lib"]));
    for round in 0..=RUNS {
        say(&format!(
            "cargo check of both crates of {name} ({round} of {RUNS})"
        ));
        for (compiled, root) in crates.iter_mut().zip(&roots) {
            compiled.run(bed, &[root], round > 0);
        }
    }
    let [mut ours, mut theirs] = crates;
    Row {
        measure,
        ours: ours.take(),
        peer: Some((PEER.0, theirs.take())),
        bound: Some(Bound::Ratio(0.5)),
    }
}

/// Installs the peer into the bed, unless it is there.
fn peer(bed: &Bed) -> Result<PathBuf, String> {
    let (name, version) = PEER;
    let tools = bed.folder().join("tools");
    let program = tools.join("bin").join(name);
    if program.exists() {
        return Ok(program);
    }
    say(&format!("{name} {version} is installed"));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut install = Command::new(cargo);
    install.args([
        "install",
        "--quiet",
        "--locked",
        name,
        "--version",
        version,
        "--root",
    ]);
    run(install.arg(&tools)).map_err(|error| format!("{error:#}"))?;
    Ok(program)
}

fn theirs_of(peer: &Path, document: &Path, out: &Path) -> Result<PathBuf, String> {
    let mut generate = Command::new(peer);
    generate
        .args(["generate", "rust"])
        .arg(document)
        .arg("-o")
        .arg(out);
    run(&mut generate).map_err(|error| format!("{error:#}"))?;
    helped(out).map_err(|error| format!("{error:#}"))?;
    Ok(out.to_owned())
}

/// What a manifest says so that a lint denies nothing.
const LINTS: &str = "\n[lints.rust]\nambiguous_associated_items = \"allow\"\n";

/// Helps a crate of the peer over what would keep it from compiling: a field `gen`, which is a keyword since the
/// edition of 2024, and a variant `Err` beside `Self::Err`, which is denied.
fn helped(package: &Path) -> anyhow::Result<()> {
    let manifest = package.join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest)?;
    let mut text = text.replace("edition = \"2024\"", "edition = \"2021\"");
    // A manifest that is there is left as it is when the crate is made anew.
    if !text.contains(LINTS) {
        text += LINTS;
    }
    Ok(std::fs::write(&manifest, text)?)
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let output = command.output().context("it cannot be started")?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        bail!("{}", text.lines().last().unwrap_or("it failed"));
    }
    Ok(())
}
