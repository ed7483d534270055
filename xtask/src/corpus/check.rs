//! `cargo check` of all crates at once, with the compiler's messages by crate.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use serde_json::Value;

/// What the compiler says of a crate.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) errors: usize,
    pub(super) warnings: usize,
    /// The first message.
    pub(super) first: Option<String>,
}

impl Said {
    /// Adds what the compiler said of the same crate, cut another way.
    pub(super) fn add(&mut self, other: Self) {
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.first = self.first.take().or(other.first);
    }

    /// Whether it says nothing.
    pub(super) fn is_clean(&self) -> bool {
        self.errors == 0 && self.warnings == 0
    }
}

/// Checks a crate of the bed without its features, and with each alone.
pub(super) fn each_feature(bed: &Path, name: &str, features: &[String]) -> anyhow::Result<Said> {
    let mut all = Said::default();
    let alone = features
        .iter()
        .map(|feature| vec!["--no-default-features", "--features", feature.as_str()]);
    for cut in std::iter::once(vec!["--no-default-features"]).chain(alone) {
        let said = cargo_check(bed, &[name], &cut)?;
        said.into_values().for_each(|said| all.add(said));
    }
    Ok(all)
}

/// Checks crates of the bed with all their features.
pub(super) fn check(bed: &Path, names: &[&str]) -> anyhow::Result<BTreeMap<String, Said>> {
    cargo_check(bed, names, &["--all-features"])
}

fn cargo_check(
    bed: &Path,
    names: &[&str],
    features: &[&str],
) -> anyhow::Result<BTreeMap<String, Said>> {
    let mut all: BTreeMap<String, Said> = BTreeMap::new();
    if names.is_empty() {
        return Ok(all);
    }
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(bed)
        .env("CARGO_TARGET_DIR", bed.join("target"));
    cargo.args(["check", "--keep-going", "--message-format", "json"]);
    cargo.args(features);
    for name in names {
        cargo.arg("--package").arg(format!("{name}-api"));
        all.insert((*name).to_owned(), Said::default());
    }
    let mut child = cargo
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .context("cargo cannot be run")?;
    let stdout = child.stdout.take().context("it has an output")?;
    for line in BufReader::new(stdout).lines() {
        let message: Value = serde_json::from_str(&line?).unwrap_or_default();
        if message["reason"] != "compiler-message" {
            continue;
        }
        let target = message["target"]["name"].as_str().unwrap_or_default();
        let found = all
            .iter_mut()
            .find(|(name, _)| format!("{name}_api").replace('-', "_") == target.replace('-', "_"));
        let Some((_, said)) = found else { continue };
        match message["message"]["level"].as_str() {
            Some("error") => said.errors += 1,
            Some("warning") => said.warnings += 1,
            _ => continue,
        }
        let rendered = message["message"]["rendered"].as_str().unwrap_or_default();
        said.first.get_or_insert_with(|| rendered.trim().to_owned());
    }
    let status = child.wait()?;
    // An error that belongs to no crate (of a manifest, say) is everybody's.
    if !status.success() && all.values().all(|said| said.errors == 0) {
        anyhow::bail!("cargo check failed before it came to the crates: {status}");
    }
    Ok(all)
}
