//! What the program on the front page of `civitai-jobs` costs whoever copies it: crates, a first build, bytes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use toml::{Table, Value};

use super::bed::Bed;
use super::say;
use super::table::{Bound, Quantity, Row};

/// The crate whose README has the program.
const CRATE: &str = "civitai-jobs";
/// Where it is laid, below the folder of everything that is made here, and where it is built: nothing that was
/// built before may help.
const PACKAGE: &str = "newcomer";
const BUILT: &str = "newcomer/target";
/// Crates that its build takes in, the program not counted.
const MOST_CRATES: u64 = 100;
/// Its first build, with optimisations off.
const LONGEST: Duration = Duration::from_secs(45);
/// Its optimised program without symbols, in bytes.
const LARGEST: u64 = 8_000_000;

/// Lays the program, counts its crates and, unless it is to be quick, builds it from nothing.
pub(super) fn rows(bed: &Bed, quick: bool) -> Vec<Row> {
    let row = |measure: &str, ours: anyhow::Result<Quantity>, most: Quantity| Row {
        measure: format!("the README's program, {measure}"),
        ours: ours.map_err(|error| format!("{error:#}")),
        peer: None,
        bound: Some(Bound::Most(most)),
    };
    if let Err(error) = lay(bed) {
        return vec![Row::missing("the README's program", &error)];
    }
    let most = Quantity::Count(MOST_CRATES);
    let mut rows = vec![row("crates", crates(bed), most)];
    if !quick {
        rows.push(row(
            "first debug build",
            first(bed),
            Quantity::Time(LONGEST),
        ));
        rows.push(row("bytes", bytes(bed), Quantity::Count(LARGEST)));
    }
    rows
}

/// Writes the package by the two first blocks of the README.
fn lay(bed: &Bed) -> anyhow::Result<()> {
    let member = bed.member(CRATE);
    let readme = fs::read_to_string(member.join("README.md"))?;
    let block = |begin: &str| {
        let text = readme.split_once(begin)?.1;
        Some(text.split_once("\n```")?.0.to_owned())
    };
    let dependencies = block("```toml\n").context("the README has no dependencies")?;
    let program = block("```rust,no_run\n").context("the README has no program")?;
    let mut asked: Table = dependencies.parse()?;
    let dependencies = asked.get_mut("dependencies").and_then(Value::as_table_mut);
    let dependencies = dependencies.context("the README has no dependencies")?;
    let here = Value::String(member.display().to_string());
    let ours = Table::from_iter([("path".to_owned(), here)]);
    dependencies.insert(CRATE.to_owned(), Value::Table(ours));
    let dependencies = Table::from_iter([("dependencies".to_owned(), dependencies.clone().into())]);
    let manifest = format!(
        "[package]\nname = \"{PACKAGE}\"\nedition = \"2024\"\n\n[workspace]\n\n[profile.release]\nstrip = true\n\n\
         {dependencies}"
    );
    bed.write(&format!("{PACKAGE}/Cargo.toml"), &manifest)?;
    bed.write(&format!("{PACKAGE}/src/main.rs"), &program)
}

fn crates(bed: &Bed) -> anyhow::Result<Quantity> {
    let arguments = ["--edges", "normal", "--prefix", "none", "--format", "{p}"];
    let tree = bed.cargo_plain("tree", &bed.folder().join(PACKAGE), &arguments)?;
    let lines = tree.lines().map(|line| {
        let mut words = line.split(' ');
        (words.next().unwrap_or_default(), words.next())
    });
    let all: BTreeSet<_> = lines
        .filter(|(name, _)| !matches!(*name, "" | PACKAGE))
        .collect();
    Ok(Quantity::Count(u64::try_from(all.len())?))
}

fn first(bed: &Bed) -> anyhow::Result<Quantity> {
    say("first debug build of the README's program");
    let built = bed.folder().join(BUILT);
    if built.exists() {
        fs::remove_dir_all(&built)?;
    }
    // What comes over the network is no part of the build.
    bed.cargo_plain("fetch", &bed.folder().join(PACKAGE), &[])?;
    let start = Instant::now();
    build(bed, &built, &[])?;
    Ok(Quantity::Time(start.elapsed()))
}

fn bytes(bed: &Bed) -> anyhow::Result<Quantity> {
    say("release build of the README's program");
    let built = bed.folder().join(BUILT);
    build(bed, &built, &["--release"])?;
    let program = built.join("release").join(PACKAGE);
    Ok(Quantity::Count(fs::metadata(program)?.len()))
}

fn build(bed: &Bed, built: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let built = built.display().to_string();
    let arguments = [&["--target-dir", &built], arguments].concat();
    bed.cargo_plain("build", &bed.folder().join(PACKAGE), &arguments)
}
