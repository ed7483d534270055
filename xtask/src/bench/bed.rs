//! The temporary workspace in which plain progenitor's crate and what is compared with it are built.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;

mod manifests;

/// Names the types where our own crate has them, so that one source is built with either.
const SAME_PATH: &str = "\npub mod v2 {\n    pub use super::types;\n}\n";

/// The temporary workspace.
#[derive(Debug)]
pub(super) struct Bed {
    /// Where it is.
    pub(super) folder: PathBuf,
    /// Our workspace, and our crate in it.
    root: PathBuf,
    pub(super) package: PathBuf,
    /// The names of our crate's features.
    pub(super) features: Vec<String>,
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    features: BTreeMap<String, Vec<String>>,
}

impl Bed {
    /// Writes the workspace below the target folder; what is built there already is kept.
    pub(super) fn lay(root: &Path, baseline: &str) -> anyhow::Result<Self> {
        let package = root.join("crates/civitai-api");
        let path = package.join("Cargo.toml");
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        let manifest: Manifest = toml::from_str(&text)
            .with_context(|| format!("{} is not as it should be", path.display()))?;
        let features: Vec<String> = manifest.features.into_keys().collect();
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |target| root.join(target));
        let bed = Self {
            folder: target.join("bench"),
            root: root.to_owned(),
            package,
            features,
        };
        bed.write("plain/src/lib.rs", &format!("{baseline}{SAME_PATH}"))?;
        for (path, text) in manifests::all(root)? {
            bed.write(&path, &text)?;
        }
        if !bed.folder.join("Cargo.lock").exists() {
            // Both sides get the versions of this workspace, and the registry's where it has none.
            let lock = std::fs::read_to_string(root.join("Cargo.lock"));
            bed.write("Cargo.lock", &lock.context("Cargo.lock cannot be read")?)?;
        }
        Ok(bed)
    }

    /// The folder of everything that is made here.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The manifest of plain progenitor's crate.
    pub(super) fn baseline(&self) -> PathBuf {
        self.folder.join("plain")
    }

    /// A harness of our workspace.
    pub(super) fn harness(&self, name: &str) -> PathBuf {
        self.root.join("xtask/harnesses").join(name)
    }

    /// A crate of our workspace that people use.
    pub(super) fn member(&self, name: &str) -> PathBuf {
        self.root.join("crates").join(name)
    }

    /// The source of a program that is built with one generated crate or another.
    pub(super) fn source(&self, program: &str) -> PathBuf {
        source(&self.root, program)
    }

    /// Runs a program of a package, optimised, and reads the lines that it prints.
    pub(super) fn run<T: DeserializeOwned>(
        &self,
        package: &Path,
        program: &str,
        arguments: &[&str],
    ) -> anyhow::Result<Vec<T>> {
        let arguments = [&["--release", "--bin", program, "--"], arguments].concat();
        let printed = self.cargo("run", package, &arguments)?;
        printed
            .lines()
            .map(|line| {
                serde_json::from_str(line).with_context(|| format!("the harness said {line}"))
            })
            .collect()
    }

    /// Writes a file, unless it is so already: cargo builds anew what is younger than its output.
    pub(super) fn write(&self, name: &str, text: &str) -> anyhow::Result<()> {
        let path = self.folder.join(name);
        let written = || format!("{} cannot be written", path.display());
        if std::fs::read_to_string(&path).is_ok_and(|have| have == text) {
            return Ok(());
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(written)?;
        }
        std::fs::write(&path, text).with_context(written)
    }

    /// Runs cargo on a package and returns what it prints.
    ///
    /// With the defaults of the profile: a check after a touch may reuse what it knows.
    pub(super) fn cargo(
        &self,
        command: &str,
        package: &Path,
        arguments: &[&str],
    ) -> anyhow::Result<String> {
        let built = self.folder.join("build").display().to_string();
        let arguments = [&["--target-dir", &built], arguments].concat();
        self.cargo_plain(command, package, &arguments)
    }

    /// Runs cargo on a package with these arguments alone, and returns what it prints.
    pub(super) fn cargo_plain(
        &self,
        command: &str,
        package: &Path,
        arguments: &[&str],
    ) -> anyhow::Result<String> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args([command, "--quiet", "--manifest-path"])
            .arg(package.join("Cargo.toml"))
            .args(arguments)
            .output()
            .context("cargo cannot be started")?;
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr);
            let start = text.find("error").unwrap_or_default();
            let lines: Vec<&str> = text[start..].lines().take(12).collect();
            bail!(
                "`cargo {command}` of {} failed:\n{}",
                package.display(),
                lines.join("\n")
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

fn source(root: &Path, program: &str) -> PathBuf {
    let sources = root.join("xtask/harnesses/compared/src/bin");
    sources.join(program).with_extension("rs")
}
