//! Where things are in this workspace.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use codegen::Builders;
use serde::Deserialize;

/// The exit code for arguments that make no sense, as the parser of arguments has it.
pub(crate) const WRONG_ARGUMENTS: u8 = 2;

/// One row of `openapi/contracts.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contract {
    /// The name, as in `--contract NAME=FILE` and in overrides.
    pub(crate) name: String,
    /// The root file, below `openapi/`.
    pub(crate) root: PathBuf,
    /// The crate that gets the code.
    #[serde(rename = "crate")]
    pub(crate) package: PathBuf,
    /// The features of that crate that cut the code; each is a folder of the contract.
    #[serde(default)]
    pub(crate) features: Vec<String>,
}

/// `openapi/contracts.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contracts {
    /// The contracts.
    pub(crate) contract: Vec<Contract>,
    /// Crates of builders on top of them.
    #[serde(default)]
    pub(crate) builders: Vec<Builders>,
}

/// The folder that holds the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Reads the list of contracts.
pub(crate) fn contracts(root: &Path) -> anyhow::Result<Vec<Contract>> {
    Ok(all(root)?.contract)
}

/// Reads what is generated of which contract.
pub(crate) fn all(root: &Path) -> anyhow::Result<Contracts> {
    let path = root.join("openapi/contracts.toml");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is not as it should be", path.display()))
}

/// Reads which versions of which crates this workspace uses.
pub(crate) fn dependencies(root: &Path) -> anyhow::Result<toml::Table> {
    #[derive(Deserialize)]
    struct Manifest {
        workspace: Workspace,
    }
    #[derive(Deserialize)]
    struct Workspace {
        dependencies: toml::Table,
    }
    let path = root.join("Cargo.toml");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    let manifest: Manifest = toml::from_str(&text)
        .with_context(|| format!("{} is not as it should be", path.display()))?;
    Ok(manifest.workspace.dependencies)
}

/// Returns the message for a name that no contract has.
pub(crate) fn unknown(name: &str, contracts: &[Contract]) -> String {
    let names: Vec<&str> = contracts
        .iter()
        .map(|contract| contract.name.as_str())
        .collect();
    format!(
        "error: no contract is called `{name}`; there are: {}",
        names.join(", ")
    )
}

/// The Rust files of a folder and those below it, in the order of their names.
pub(crate) fn rust_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let unreadable = || format!("{} cannot be read", folder.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        if path.is_dir() {
            found.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
