//! `cargo xtask regen`: the committed code, or a crate of its own from any document.

mod asked;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;
use codegen::{
    Count, Files, Generated, Mode, NoteKind, Options, Outcome, Overrides, Package, Selection,
};

use crate::workspace;
use asked::{Denied, FeaturesBy, Report};

/// What `cargo xtask regen` is told.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Write nothing; print a diff for every stale file and exit 1 if there is one.
    #[arg(long)]
    check: bool,
    /// A document to make a whole crate of: NAME=FILE (JSON or YAML). Overrides of that NAME apply.
    #[arg(long, value_name = "NAME=FILE", value_parser = contract, requires = "out")]
    contract: Option<(String, PathBuf)>,
    /// How work is watched, where the document does not say: a file of waiters beside it (YAML or JSON).
    #[arg(long, value_name = "FILE", requires = "contract")]
    waiters: Option<PathBuf>,
    /// The folder of that crate. It must be empty, missing, or made by this command before.
    #[arg(long, value_name = "DIR", requires = "contract")]
    out: Option<PathBuf>,
    /// Make that crate a workspace too, for a folder inside a workspace that is not to have it.
    #[arg(long, requires = "contract")]
    standalone: bool,
    /// Take only these operations, and the types that they need: an operationId, a tag, or a method and
    /// a path such as 'GET /pets'; may be repeated.
    #[arg(long, value_name = "NAME", requires = "contract")]
    only: Vec<String>,
    /// Leave out these operations, and the types that only they need; may be repeated.
    #[arg(long, value_name = "NAME", requires = "contract")]
    exclude: Vec<String>,
    /// Cut that crate by features: one for each tag of operations, or for each folder of schemas.
    #[arg(
        long,
        value_enum,
        value_name = "WHAT",
        default_value = "none",
        requires = "contract"
    )]
    features_by: FeaturesBy,
    /// Make no crate of a document that breaks a rule of OpenAPI; else that is lived with and noted.
    #[arg(long, requires = "contract")]
    strict: bool,
    /// Make no crate that misses something of the document.
    #[arg(long, value_enum, requires = "contract")]
    deny: Option<Denied>,
    /// Print every note of that crate to the standard output, what is else printed to the other.
    #[arg(long, value_enum, requires = "contract")]
    report: Option<Report>,
}

impl Arguments {
    fn mode(&self) -> Mode {
        if self.check { Mode::Check } else { Mode::Write }
    }
}

/// Regenerates the code of every contract or makes one crate, or checks what is there.
pub(crate) fn run(options: &Arguments) -> anyhow::Result<ExitCode> {
    if let (Some((name, file)), Some(out)) = (&options.contract, &options.out) {
        return package(options, name, file, out);
    }
    let root = workspace::root();
    let (code, said) = report(&reconcile(&root, options.mode())?, &root);
    print!("{said}");
    Ok(code)
}

fn contract(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => {
            Ok((name.to_owned(), file.into()))
        }
        _ => Err("write NAME=FILE, such as v2=openapi.json".to_owned()),
    }
}

/// Makes the code of every contract, and writes it or compares it with what is there.
pub(crate) fn reconcile(root: &Path, mode: Mode) -> anyhow::Result<Vec<(PathBuf, Outcome)>> {
    let overrides = Overrides::load(&root.join("openapi/overrides.toml"))?;
    let mut crates: BTreeMap<PathBuf, Files> = BTreeMap::new();
    let mut tables = Vec::new();
    let mut watching = BTreeSet::new();
    let mut notes = String::from(NOTES);
    let all = workspace::all(root)?;
    for contract in all.contract {
        let path = root.join("openapi").join(&contract.root);
        let mut doc = codegen::load(&path)?;
        let waiters = path.with_file_name("waiters.yaml");
        if waiters.is_file() {
            codegen::load_waiters(&mut doc, &waiters)?;
        }
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
            tables.push((settings.package.clone(), facts.tables()));
            crates.insert(settings.package.clone(), facts.files());
        }
        let made = codegen::generate(doc, &overrides, options)?;
        notes.push_str(&format!("\n{}", made.notes.render(&contract.name)));
        if made.watches {
            watching.insert(contract.package.clone());
        }
        let files = crates.entry(contract.package).or_default();
        for (name, text) in made.files {
            files.insert(format!("{}/{name}", contract.name), text);
        }
    }
    let mut outcomes = Vec::new();
    for (package, mut files) in crates {
        let is_client = !all.builders.iter().any(|one| one.package == package);
        let mut support = if is_client {
            codegen::support(&files)
        } else {
            Files::new()
        };
        if watching.contains(&package) {
            codegen::watching(&mut support);
        }
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
    for (package, files) in tables {
        let folder = root.join(package).join("src/tables");
        outcomes.extend(codegen::reconcile(&folder, &files, mode)?);
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
fn package(options: &Arguments, name: &str, file: &Path, out: &Path) -> anyhow::Result<ExitCode> {
    let overrides = Overrides::load(&workspace::root().join("openapi/overrides.toml"))?;
    let settings = Package {
        standalone: options.standalone,
        selection: Selection {
            only: options.only.clone(),
            exclude: options.exclude.clone(),
        },
        features: options.features_by.of_package(),
    };
    let mut doc = codegen::load(file)?;
    if let Some(waiters) = &options.waiters {
        codegen::load_waiters(&mut doc, waiters)?;
    }
    let Generated {
        files,
        notes,
        audit,
        ..
    } = codegen::package(doc, name, &overrides, &settings)?;
    let denied = [
        (NoteKind::Fault, options.strict),
        (NoteKind::Loss, options.deny.is_some()),
    ];
    for (kind, is_denied) in denied {
        let denied = notes.denied(kind, &file.display().to_string());
        if let Some(error) = denied.filter(|_| is_denied) {
            return Err(error.into());
        }
    }
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
    let outcomes = write(&files, out, options.mode())?;
    let (code, mut said) = report(&outcomes, out);
    let counts = [
        ("operations", audit.operations),
        ("parameters", audit.parameters),
        ("members", audit.members),
        ("media types", audit.media_types),
    ];
    let counts = counts.map(|(what, Count { declared, held })| match declared == held {
        true => format!("{held} {what}"),
        false => format!("{held} of {declared} {what}"),
    });
    said.push_str(&format!("{name}: {}\n", counts.join(", ")));
    said.push_str(&format!("{name}: {} (NOTES.md)\n", notes.summary()));
    if options.report.is_some() {
        eprint!("{said}");
        println!("{:#}", notes.report(name));
    } else {
        print!("{said}");
    }
    Ok(code)
}

/// Writes a whole crate, or compares it with what is there.
pub(crate) fn write(
    files: &Files,
    out: &Path,
    mode: Mode,
) -> anyhow::Result<Vec<(PathBuf, Outcome)>> {
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
    Ok(outcomes)
}

/// Says what happened; stale files make exit code 1.
fn report(outcomes: &[(PathBuf, Outcome)], root: &Path) -> (ExitCode, String) {
    let (mut stale, mut changed) = (0, 0);
    let mut said = String::new();
    for (path, outcome) in outcomes {
        let name = path.strip_prefix(root).unwrap_or(path).display();
        match outcome {
            Outcome::Written => changed += 1,
            Outcome::Deleted => {
                changed += 1;
                said.push_str(&format!("deleted {name}\n"));
            }
            Outcome::Stale(diff) => {
                stale += 1;
                said.push_str(&format!("stale {name}\n{diff}\n"));
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
        return (ExitCode::FAILURE, said);
    }
    said.push_str(&match changed {
        0 => "everything is fresh\n".to_owned(),
        1 => "1 file changed\n".to_owned(),
        more => format!("{more} files changed\n"),
    });
    (ExitCode::SUCCESS, said)
}

const NOTES: &str = "# Decisions taken while generating

<!-- @generated by `cargo xtask regen`; change a contract, its overrides or a pass. -->

What of each contract does not reach its crate, which rules it breaks and what was guessed. What is
only written another way is counted; `cargo xtask regen --contract NAME=FILE --report json` lists it.
";
