//! `cargo xtask bench`: what the generated code, calls and waiting cost, each measure beside its
//! peer's in one run.

mod batch;
mod bed;
mod builds;
mod call;
mod codec;
mod compiled;
mod fixture;
mod fleet;
mod newcomer;
mod program;
mod regenerate;
mod sim;
mod sizes;
mod start;
mod strangers;
mod table;
mod waiting;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use codegen::Overrides;

use crate::workspace;
use bed::Bed;
use table::Row;

/// The contract that is measured: the one with the many types.
const CONTRACT: &str = "v2";

/// What to measure, and what to make of it.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// What to measure [default: everything].
    #[arg(value_enum)]
    groups: Vec<Group>,
    /// Leave out the debug and release builds, which take the longest.
    #[arg(long)]
    quick: bool,
    /// Exit with 1 where a bound does not hold.
    #[arg(long)]
    check: bool,
}

/// A group of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Group {
    /// Lines, bytes and files of the generated code.
    Sizes,
    /// `cargo check` of the crate alone, by features.
    Check,
    /// Debug and release builds of the crate alone, by features.
    Build,
    /// Release builds of a program that uses the types.
    Program,
    /// Crates, first build and bytes of the program in the README of `civitai-jobs`.
    Newcomer,
    /// Decoding and encoding.
    Codec,
    /// Calls through the clients, against bare reqwest with serde.
    Call,
    /// Requests and lag of each way of waiting, in simulated time.
    Waiting,
    /// Requests and memory of a fleet of 10,000 jobs, in simulated time.
    Fleet,
    /// What a batch of 10,000 lines costs the program.
    Batch,
    /// How soon the program starts and has a picture, and how large it is.
    Start,
    /// What the simulator serves in a second and holds in memory.
    Sim,
    /// Regenerating all contracts.
    Regen,
    /// Crates of other documents, where they are, against those that ploidy makes.
    Strangers,
}

/// Measures and prints one table.
pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let root = workspace::root();
    let wanted = |group: Group| {
        let asked = options.groups.is_empty() || options.groups.contains(&group);
        asked
            && !(options.quick
                && matches!(
                    group,
                    Group::Batch | Group::Build | Group::Program | Group::Start
                ))
    };
    say("what plain progenitor makes of the contract");
    let plain = plain(&root)?;
    let bed = Bed::lay(&root, &plain[CONTRACT])?;
    let mut rows: Vec<Row> = Vec::new();
    let mut notes: Vec<String> = Vec::new();
    if wanted(Group::Sizes) {
        rows.extend(sizes::rows(&bed.package, &plain, &mut notes)?);
    }
    if wanted(Group::Regen) {
        rows.push(regenerate::row(&root));
    }
    if wanted(Group::Check) {
        rows.extend(builds::rows(&bed, &builds::CHECK));
    }
    if wanted(Group::Build) {
        rows.extend(builds::rows(&bed, &builds::BUILDS));
    }
    if wanted(Group::Program) {
        rows.extend(program::rows(&bed));
    }
    if wanted(Group::Newcomer) {
        rows.extend(newcomer::rows(&bed, options.quick));
    }
    if wanted(Group::Codec) {
        rows.extend(codec::rows(&bed, &mut notes));
    }
    if wanted(Group::Call) {
        rows.extend(call::rows(&bed, &mut notes));
    }
    if wanted(Group::Waiting) {
        rows.extend(waiting::rows(&bed, &mut notes));
    }
    if wanted(Group::Fleet) {
        rows.extend(fleet::rows(&bed, &mut notes));
    }
    if wanted(Group::Batch) {
        rows.extend(batch::rows(&bed, &mut notes));
    }
    if wanted(Group::Start) {
        rows.extend(start::rows(&bed, &mut notes));
    }
    if wanted(Group::Sim) {
        rows.extend(sim::rows(&bed, &mut notes));
    }
    if wanted(Group::Strangers) && (!options.quick || options.groups.contains(&Group::Strangers)) {
        rows.extend(strangers::rows(&bed, &root, &mut notes)?);
    }
    println!("{}", table::render(&rows));
    for note in notes {
        println!("{note}");
    }
    let missing = rows.iter().any(Row::is_missing);
    let broken = rows.iter().any(|row| row.holds() == Some(false));
    Ok(if missing || (options.check && broken) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// What plain progenitor makes of each contract of our crate.
fn plain(root: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let overrides = Overrides::load(&root.join("openapi/overrides.toml"))?;
    let contracts = workspace::contracts(root)?;
    let of_crate = contracts
        .iter()
        .find(|contract| contract.name == CONTRACT)
        .ok_or_else(|| anyhow::anyhow!("openapi/contracts.toml has no `{CONTRACT}`"))?;
    let mut plain = BTreeMap::new();
    let beside = |one: &&workspace::Contract| one.package == of_crate.package;
    for contract in contracts.iter().filter(beside) {
        let doc = codegen::load(&root.join("openapi").join(&contract.root))?;
        let text = codegen::baseline(doc, &contract.name, &overrides)?;
        plain.insert(contract.name.clone(), text);
    }
    Ok(plain)
}

/// Says what is being measured, where the table does not go.
fn say(what: &str) {
    eprintln!("measuring: {what}");
}
