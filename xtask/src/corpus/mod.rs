//! `cargo xtask corpus`: every document of a folder becomes a crate that compiles and holds what the
//! document declares, and one table says so.

mod check;
mod documents;
mod examples;
mod message;
mod one;
mod table;
mod trip;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;

use crate::workspace;
use documents::Found;
use one::{Made, Way};

/// The documents of our own, one for each kind of construct.
const OURS: &str = "codegen/tests/documents";

/// Which documents, and how far.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The folder. A document is a file with the member `openapi`; of a folder in it, the file `root.*`
    /// or `openapi.*` [default: codegen/tests/documents].
    dir: Option<PathBuf>,
    /// Take only documents of this name, the file's without its ending; may be repeated.
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Only generate and count; compile nothing.
    #[arg(long)]
    no_check: bool,
    /// Compile only the crates with at most so many lines.
    #[arg(long, value_name = "LINES", conflicts_with = "no_check")]
    check_up_to: Option<usize>,
    /// Cut each crate by features, as `regen --features-by` does; one that has no tags has none.
    #[arg(long)]
    by_tag: bool,
    /// Compile each crate without its features, too, and with each alone.
    #[arg(long, requires = "by_tag", conflicts_with = "no_check")]
    each_feature: bool,
    /// Send the examples of each document and instances of its schemas through the types of its crate, and
    /// see whether they come back; this links a program for each crate.
    #[arg(long, conflicts_with_all = ["no_check", "check_up_to"])]
    round_trip: bool,
    /// Make one crate, print what came of it as JSON, and end. The command calls itself so.
    #[arg(long, hide = true, value_name = "DIR", requires = "dir")]
    one: Option<PathBuf>,
}

impl Options {
    /// How each crate is made.
    fn way(&self) -> Way {
        Way {
            by_tag: self.by_tag,
            round_trip: self.round_trip,
        }
    }
}

/// Takes every document through generation, the count and `cargo check`.
pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let root = workspace::root();
    let dir = options.dir.clone().unwrap_or_else(|| root.join(OURS));
    if let Some(out) = &options.one {
        let name = documents::name(&dir);
        println!(
            "{}",
            serde_json::to_string(&one::make(&name, &dir, out, options.way()))?
        );
        return Ok(ExitCode::SUCCESS);
    }
    let bed = root.join("target/corpus");
    let found = documents::find(&dir, &options.only)?;
    if found.is_empty() {
        eprintln!("no OpenAPI document in {}", dir.display());
        return Ok(ExitCode::from(workspace::WRONG_ARGUMENTS));
    }
    lay(&root, &bed)?;
    let mut rows: Vec<(Found, Made)> = Vec::new();
    for document in found {
        eprintln!("making {}", document.name);
        let out = bed.join("crates").join(&document.name);
        let made = one::apart(&document, &out, options.way())?;
        rows.push((document, made));
    }
    if !options.no_check {
        let most = options.check_up_to.unwrap_or(usize::MAX);
        let small = rows
            .iter()
            .filter(|(_, made)| made.refused.is_none() && made.lines <= most);
        let names: Vec<&str> = small.map(|(document, _)| document.name.as_str()).collect();
        eprintln!("checking {} crates", names.len());
        let mut said = check::check(&bed, &names)?;
        for (document, made) in &mut rows {
            made.checked = said.remove(&document.name);
            if options.each_feature && made.checked.is_some() {
                eprintln!("checking {} with each of its features", document.name);
                let more = check::each_feature(&bed, &document.name, &made.features)?;
                made.checked.get_or_insert_default().add(more);
            }
        }
    }
    if options.round_trip {
        let clean = rows.iter().filter(|(_, made)| made.compiles());
        let names: Vec<&str> = clean.map(|(document, _)| document.name.as_str()).collect();
        eprintln!("sending messages through {} crates", names.len());
        trip::build(&bed, &names)?;
        for (document, made) in rows.iter_mut().filter(|(_, made)| made.compiles()) {
            made.trips = Some(trip::run(&bed, &document.name)?);
        }
    }
    print!("{}", table::render(&rows));
    let sound = rows.iter().all(|(_, made)| made.is_sound());
    Ok(if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What making a crate cost.
pub(crate) struct Cost {
    /// How long it took.
    pub(crate) time: Duration,
    /// The most memory at once, where the system tells.
    pub(crate) mebibytes: Option<u64>,
}

/// Makes the crate of one document in a process of its own.
pub(crate) fn make(file: &Path, out: &Path) -> anyhow::Result<Cost> {
    let document = Found {
        name: documents::name(file),
        file: file.to_owned(),
    };
    let made = one::apart(&document, out, Way::default())?;
    if let Some(why) = made.refused {
        anyhow::bail!("{}: {why}", file.display());
    }
    Ok(Cost {
        time: Duration::from_secs_f64(made.seconds),
        mebibytes: made.mebibytes,
    })
}

/// A workspace for the crates, with the versions that this one has.
fn lay(root: &Path, bed: &Path) -> anyhow::Result<()> {
    let crates = bed.join("crates");
    match std::fs::remove_dir_all(&crates) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("{} cannot be emptied", crates.display()));
        }
        _ => std::fs::create_dir_all(&crates)?,
    }
    let manifest =
        "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n\n[profile.dev]\ndebug = 0\n";
    std::fs::write(bed.join("Cargo.toml"), manifest)?;
    std::fs::copy(root.join("Cargo.lock"), bed.join("Cargo.lock"))?;
    Ok(())
}
