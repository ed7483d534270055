//! A whole crate around the modules of one contract.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::{Table, Value};

use crate::cut::{self, FeaturesBy};
use crate::document::Document;
use crate::emit::{self, Files};
use crate::error::Error;
use crate::overrides::Overrides;
use crate::select::Selection;
use crate::{Generated, Options};

/// What a generated crate needs.
const DEPENDENCIES: [&str; 9] = [
    "bytes",
    "chrono",
    "futures-core",
    "percent-encoding",
    "reqwest",
    "secrecy",
    "serde",
    "serde_json",
    "tracing",
];

/// What it needs by where it runs: the timers and the replies of a browser are its own.
const BY_TARGET: [(&str, &[&str]); 2] = [
    ("not(target_family = \"wasm\")", &["tokio"]),
    (
        "target_family = \"wasm\"",
        &["gloo-timers", "http", "send_wrapper"],
    ),
];

/// Where the versions of this workspace stand, its edition and the least Rust that it is built with.
const WORKSPACE: &str = include_str!("../../Cargo.toml");

#[derive(Deserialize)]
struct Manifest {
    workspace: Workspace,
}

#[derive(Deserialize)]
struct Workspace {
    package: Shared,
    dependencies: Table,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Shared {
    edition: String,
    rust_version: String,
}

/// How a crate of its own is made.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// Whether its manifest is also that of a workspace, so that no workspace around its folder claims
    /// it. Such a crate cannot be a member of another.
    pub standalone: bool,
    /// Which operations become its methods.
    pub selection: Selection,
    /// What its features turn on; all of them are on by default.
    pub features: FeaturesBy,
}

/// Generates a crate called `NAME-api`: `Cargo.toml`, `README.md`, `NOTES.md`, `src/…`.
///
/// # Errors
///
/// As [`crate::generate`], a name that no crate can have, and nothing to cut the crate by.
pub fn package(
    doc: Document,
    contract: &str,
    overrides: &Overrides,
    package: &Package,
) -> Result<Generated, Error> {
    let fits = contract.starts_with(|first: char| first.is_ascii_alphabetic())
        && contract
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_');
    if !fits {
        let what =
            "a contract's name begins with a letter and holds letters, digits, `-` and `_` only";
        return Err(Error::file(format!("`{contract}`"), what));
    }
    let mut doc = doc;
    package.selection.apply(&mut doc)?;
    let source = doc.file.clone();
    let folders = match package.features {
        FeaturesBy::Folder => cut::folders(&doc),
        FeaturesBy::Nothing | FeaturesBy::Tag => Vec::new(),
    };
    let options = Options {
        contract,
        support: "crate::support",
        features: &folders,
    };
    let mut generated = crate::made(doc, overrides, options, package.features == FeaturesBy::Tag)?;
    let folders = folders.into_iter().map(|folder| (folder.clone(), folder));
    generated.features.extend(folders);
    let missing = package.features.missing();
    let missing = missing.filter(|_| generated.features.is_empty());
    if let Some(what) = missing {
        return Err(Error::file(source, what));
    }
    let mut files = Files::new();
    for (name, text) in generated.files {
        let root = name == "mod.rs";
        let name = if root {
            "src/lib.rs".to_owned()
        } else {
            format!("src/{name}")
        };
        let text = if root {
            format!("{text}\n{SUPPORT}")
        } else {
            text
        };
        files.insert(name, text);
    }
    let mut support = emit::support(&files);
    if generated.watches {
        emit::watching(&mut support);
    }
    for (name, text) in support {
        files.insert(format!("src/support/{name}"), text);
    }
    let needs = Needs {
        features: &generated.features,
        watches: generated.watches,
        multipart: files.contains_key("src/support/parts.rs"),
    };
    let text = manifest(contract, package, &needs)?;
    files.insert("Cargo.toml".to_owned(), text);
    let guide = format!("{}{}", generated.guide, package.features.words());
    files.insert("README.md".to_owned(), readme(contract, &source, &guide));
    files.insert(
        "NOTES.md".to_owned(),
        format!(
            "# Decisions taken while generating\n\n{}",
            generated.notes.render(contract)
        ),
    );
    Ok(Generated {
        files,
        notes: generated.notes,
        audit: generated.audit,
        guide,
        types: generated.types,
        features: generated.features,
        watches: generated.watches,
    })
}

/// The feature of a crate that speaks TLS by itself.
const RUSTLS: &str = "# TLS as reqwest has it; without it, that of a client that is handed over.\nrustls = [\"reqwest/rustls\"]\n";

const SUPPORT: &str = "mod support;

pub use support::*;
";

/// What the code of a crate asks of its manifest.
struct Needs<'a> {
    /// The features that cut it, and what each is of.
    features: &'a BTreeMap<String, String>,
    watches: bool,
    multipart: bool,
}

/// A manifest with what this workspace uses, so that both are built from the same.
fn manifest(contract: &str, package: &Package, needs: &Needs<'_>) -> Result<String, Error> {
    let wrong = |what: String| Error::file("Cargo.toml", what);
    let Manifest { workspace } =
        toml::from_str(WORKSPACE).map_err(|error| wrong(error.to_string()))?;
    let Shared {
        edition,
        rust_version,
    } = workspace.package;
    let line = |name: &str| {
        let used = workspace.dependencies.get(name);
        let used = used.ok_or_else(|| wrong(format!("the workspace does not use {name}")))?;
        let mut used = used.clone();
        if name == "reqwest"
            && needs.multipart
            && let Some(features) = used.get_mut("features").and_then(Value::as_array_mut)
        {
            features.push("multipart".into());
        }
        Ok::<_, Error>(format!("{name} = {used}\n"))
    };
    let mut dependencies = String::new();
    for name in DEPENDENCIES {
        dependencies.push_str(&line(name)?);
    }
    let mut by_target = String::new();
    for (target, names) in BY_TARGET {
        by_target.push_str(&format!("\n[target.'cfg({target})'.dependencies]\n"));
        for name in names {
            by_target.push_str(&line(name)?);
        }
    }
    let workspace = if package.standalone {
        "# A crate of its own, wherever it is put.\n[workspace]\n\n"
    } else {
        ""
    };
    let mut features = RUSTLS.to_owned();
    if needs.watches {
        features.push_str("# Waiting for work, and its files.\nwatch = [\"dep:job-waiter\"]\n");
        let waiter = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/job-waiter");
        let waiter = format!(
            "job-waiter = {{ path = {waiter:?}, features = [\"save\"], optional = true }}\n"
        );
        dependencies.push_str(&waiter);
    }
    for (feature, of) in needs.features {
        let about = package.features.about(of);
        features.push_str(&format!("# {about}\n{feature} = []\n"));
    }
    let watch = needs.watches.then_some("watch");
    let names = needs.features.keys().map(String::as_str);
    let usual: Vec<&str> = ["rustls"].into_iter().chain(watch).chain(names).collect();
    features.push_str(&format!("default = {usual:?}\n"));
    Ok(format!(
        "[package]\nname = \"{contract}-api\"\nversion = \"0.1.0\"\nedition = \"{edition}\"\n\
         rust-version = \"{rust_version}\"\npublish = false\n\n{workspace}[features]\n# The limits of requests as data, and a check against them.\n\
         limits = []\n{features}\n[dependencies]\n{dependencies}{by_target}"
    ))
}

fn readme(contract: &str, source: &str, guide: &str) -> String {
    let file = Path::new(source)
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    format!(
        "# {contract}-api\n\nA client generated from `{file}` by `cargo xtask regen --contract {contract}=FILE --out DIR`.\n\
         \n{guide}\n`NOTES.md` lists what was guessed or could not be carried.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_asks_for_what_this_workspace_and_the_crate_of_its_golden_code_ask_for() {
        let ours: Manifest = toml::from_str(WORKSPACE).expect("it is TOML");
        let needs = Needs {
            features: &BTreeMap::new(),
            watches: false,
            multipart: true,
        };
        let made: Table = manifest("zoo", &Package::default(), &needs)
            .expect("it is made")
            .parse()
            .expect("it is TOML");
        let golden: Table = include_str!("../tests/golden/Cargo.toml")
            .parse()
            .expect("it is TOML");
        let tables = |manifest: &Table| {
            let targets = manifest["target"].as_table().expect("it has some");
            let by_target = targets
                .values()
                .map(|target| target["dependencies"].clone());
            let all = std::iter::once(manifest["dependencies"].clone()).chain(by_target);
            let all = all.map(|table| table.as_table().expect("it has some").clone());
            all.collect::<Vec<_>>()
        };
        let (made, golden) = (tables(&made), tables(&golden));
        assert_eq!(made.len(), golden.len());
        for (made, golden) in made.iter().zip(golden) {
            assert!(made.keys().eq(golden.keys()));
            for (name, dependency) in made {
                let mut ours = ours.workspace.dependencies[name].clone();
                if name == "reqwest" {
                    let features = ours.get_mut("features").expect("it has some");
                    features
                        .as_array_mut()
                        .expect("it is a list")
                        .push("multipart".into());
                }
                assert_eq!(dependency, &ours);
            }
        }
    }
}
