//! `cargo xtask regen`: the committed code, or a crate of its own from any document.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use codegen::{Files, Mode, Options, Outcome, Overrides};

use crate::workspace;

/// Regenerates the code of every contract, or checks it.
pub(crate) fn workspace(check: bool) -> anyhow::Result<ExitCode> {
    let root = workspace::root();
    let mode = if check { Mode::Check } else { Mode::Write };
    Ok(report(&reconcile(&root, mode)?, &root))
}

/// Makes the code of every contract, and writes it or compares it with what is there.
pub(crate) fn reconcile(root: &Path, mode: Mode) -> anyhow::Result<Vec<(PathBuf, Outcome)>> {
    let overrides = Overrides::load(&root.join("openapi/overrides.toml"))?;
    let mut crates: BTreeMap<PathBuf, Files> = BTreeMap::new();
    let mut notes = String::from(NOTES);
    let all = workspace::all(root)?;
    for contract in all.contract {
        let doc = codegen::load(&root.join("openapi").join(&contract.root))?;
        let options = Options {
            contract: &contract.name,
            support: "crate::generated::support",
            features: &contract.features,
        };
        for settings in all
            .builders
            .iter()
            .filter(|one| one.contract == contract.name)
        {
            let facts = codegen::builders(doc.clone(), &overrides, options, settings)?;
            notes.push_str(&format!(
                "\n{}",
                facts
                    .notes
                    .render(&format!("{}, for builders", contract.name))
            ));
            crates.insert(settings.package.clone(), facts.files());
        }
        let made = codegen::generate(doc, &overrides, options)?;
        notes.push_str(&format!("\n{}", made.notes.render(&contract.name)));
        let files = crates.entry(contract.package).or_default();
        for (name, text) in made.files {
            files.insert(format!("{}/{name}", contract.name), text);
        }
    }
    let mut outcomes = Vec::new();
    for (package, mut files) in crates {
        let is_client = !all.builders.iter().any(|one| one.package == package);
        let support = if is_client {
            codegen::support()
        } else {
            Files::new()
        };
        files.extend(
            support
                .into_iter()
                .map(|(name, text)| (format!("support/{name}"), text)),
        );
        outcomes.extend(codegen::reconcile(
            &root.join(package).join("src/generated"),
            &files,
            mode,
        )?);
    }
    let notes = Files::from([("NOTES.md".to_owned(), notes)]);
    outcomes.extend(codegen::reconcile_files(
        &root.join("openapi"),
        &notes,
        mode,
    )?);
    Ok(outcomes)
}

/// Makes a whole crate from a document, or checks one made before.
pub(crate) fn package(
    name: &str,
    file: &Path,
    out: &Path,
    check: bool,
) -> anyhow::Result<ExitCode> {
    let overrides = Overrides::load(&workspace::root().join("openapi/overrides.toml"))?;
    let files = codegen::package(codegen::load(file)?, name, &overrides)?;
    let ours = std::fs::read_to_string(out.join("README.md"))
        .is_ok_and(|text| text.contains("cargo xtask regen"));
    let strange = match std::fs::read_dir(out) {
        Ok(mut entries) => entries.next().is_some() && !ours,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => {
            return Err(error).with_context(|| format!("{} cannot be used", out.display()));
        }
    };
    if strange {
        bail!(
            "{} holds files that this command did not make; name an empty folder",
            out.display()
        );
    }
    let mode = if check { Mode::Check } else { Mode::Write };
    let manifest = files.iter().filter(|(name, _)| !name.starts_with("src/"));
    let manifest: Files = manifest
        .map(|(name, text)| (name.clone(), text.clone()))
        .collect();
    let sources = files
        .iter()
        .filter_map(|(name, text)| Some((name.strip_prefix("src/")?.to_owned(), text.clone())));
    let mut outcomes = codegen::reconcile_files(out, &manifest, mode)?;
    outcomes.extend(codegen::reconcile(
        &out.join("src"),
        &sources.collect(),
        mode,
    )?);
    Ok(report(&outcomes, out))
}

/// Prints what happened; stale files make exit code 1.
fn report(outcomes: &[(PathBuf, Outcome)], root: &Path) -> ExitCode {
    let (mut stale, mut changed) = (0, 0);
    for (path, outcome) in outcomes {
        let name = path.strip_prefix(root).unwrap_or(path).display();
        match outcome {
            Outcome::Written => changed += 1,
            Outcome::Deleted => {
                changed += 1;
                println!("deleted {name}");
            }
            Outcome::Stale(diff) => {
                stale += 1;
                println!("stale {name}\n{diff}");
            }
        }
    }
    if stale > 0 {
        let files = if stale == 1 {
            "1 stale file"
        } else {
            &format!("{stale} stale files")
        };
        eprintln!("{files}; run `cargo xtask regen`");
        return ExitCode::FAILURE;
    }
    match changed {
        0 => println!("everything is fresh"),
        1 => println!("1 file changed"),
        more => println!("{more} files changed"),
    }
    ExitCode::SUCCESS
}

const NOTES: &str = "# Decisions taken while generating

<!-- @generated by `cargo xtask regen`; change a contract, its overrides or a pass. -->

What the passes guessed, renamed or could not carry, by contract and pass.
";
