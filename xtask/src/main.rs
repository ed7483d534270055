//! Tasks of this workspace: `cargo xtask regen | corpus | drift | grow | modules | named | normalise | bench | judge | static |
//! wasm`.
//! The logic is in `codegen`; this crate parses, prints and sets the exit code.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program speaks through its streams"
)]

mod bench;
mod corpus;
mod drift;
mod grow;
mod judge;
mod modules;
mod named;
mod normalise;
mod regen;
mod standalone;
mod wasm;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tasks of this workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Xtask {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Generate code from the contracts in openapi/, or a crate from any OpenAPI 3 document.
    ///
    /// A crate's NOTES.md says what of the document does not reach it, which rules the document breaks
    /// and what was guessed; the last line printed counts them.
    ///
    /// Exit codes: 0 done or nothing stale, 1 stale, refused or failed, 2 wrong arguments.
    Regen(regen::Arguments),
    /// Make a crate of every OpenAPI document of a folder, compile it, and count what it holds of the
    /// document; print one table.
    ///
    /// Operations, parameters, members and media types are counted in the document as it is and in what
    /// the code is made of. A column says how many places are any JSON though the document says more.
    /// The crates are made anew in target/corpus and share one target folder.
    ///
    /// With --round-trip, the examples of the document and a few instances of each schema are sent
    /// through the generated types, and must come back as they came.
    ///
    /// Exit codes: 0 every document made a crate that compiles without a warning and says what it
    /// lost, 1 some did not, 2 wrong arguments.
    Corpus(corpus::Options),
    /// Compare a contract with a vendor's document and print every difference in meaning.
    ///
    /// A document that openapi/sources.toml knows to be older than the newest one explains what only
    /// the contract has and what changed.
    ///
    /// Exit codes: 0 no difference that openapi/overrides.toml does not explain, 1 some, 2 wrong
    /// arguments.
    Drift {
        /// The contract's name in openapi/contracts.toml.
        name: String,
        /// The vendor's document.
        file: PathBuf,
        /// Print one JSON document in place of text.
        #[arg(long, conflicts_with = "propose")]
        json: bool,
        /// Print what to write into which file, as YAML without the vendor's words.
        #[arg(long)]
        propose: bool,
    },
    /// Prove that a contract that grows reaches users by `regen` alone.
    ///
    /// A copy of this workspace in target/grow gets a step type, an engine and an operation more, is
    /// regenerated, and a program uses them against the simulator. It takes some 10 minutes on two
    /// cores.
    ///
    /// Exit codes: 0 it runs, 1 it does not, 2 wrong arguments.
    Grow,
    /// Say whether modules of a crate depend on each other, directly or through others.
    ///
    /// Exit codes: 0 none do, 1 some do, 2 wrong arguments.
    Modules(modules::Arguments),
    /// Count the hand-written lines of civitai-jobs that name what the contract knows: schemas of steps, engines and
    /// leaves of unions, and paths.
    ///
    /// Documentation and tests do not count.
    ///
    /// Exit codes: 0 at most 60, 1 more, 2 wrong arguments.
    Named,
    /// Measure the generated code against plain progenitor's, calls against bare reqwest and waiting
    /// against fixed intervals, and print one table.
    ///
    /// Lines, compile times by features, decoding and encoding, regeneration, calls, strategies of
    /// waiting, a fleet. What is compared is made anew in target/bench. Everything takes some 20
    /// minutes on two cores, `--quick` about half; leave the machine alone meanwhile.
    ///
    /// Exit codes: 0 measured, 1 something could not be measured (with `--check` also: a bound
    /// does not hold), 2 wrong arguments.
    Bench(bench::Options),
    /// Write a contract as one OpenAPI 3.1 document that ordinary tools validate messages with.
    ///
    /// The contract is spread over files, and its unions hang on the discriminators of base
    /// classes, of which a JSON Schema validator knows nothing. In this document each union is a
    /// plain `oneOf` whose branches fix the tag. Use it to check requests and replies, for
    /// mocking, or with generators of other languages. It is made anew where it is needed and is
    /// not committed.
    ///
    /// Exit codes: 0 written, 1 failed, 2 wrong arguments.
    Normalise {
        /// The contract's name in openapi/contracts.toml.
        name: String,
        /// The file to write, as JSON; `-` is the standard output.
        #[arg(long, value_name = "FILE", default_value = "-")]
        out: PathBuf,
    },
    /// Let tools of others judge the contracts and the simulator.
    ///
    /// Validators and generators of OpenAPI documents, published clients, Schemathesis and Prism are
    /// installed from PyPI and npm at pinned versions, and asked one after the other.
    ///
    /// Exit codes: 0 nothing found, 1 something found or failed, 2 wrong arguments.
    Judge {
        /// Some of `validators`, `generators`, `clients`, `schemathesis`, `prism`; all of them where none
        /// is named.
        names: Vec<String>,
    },
    /// Build the program as one static file for Linux, and run it in an empty folder.
    ///
    /// It is linked with musl where rustup has that target and musl-gcc is installed, and else with
    /// glibc, whose names of hosts need libraries of the same system. The file is in target/static.
    ///
    /// Exit codes: 0 it runs and has at most 25 MB, 1 it does not, 2 wrong arguments.
    Static,
    /// Compile the libraries for browsers, wait for a workflow from Node, and show a picture in Chromium.
    ///
    /// It needs the target wasm32-unknown-unknown: `rustup target add wasm32-unknown-unknown`, or a
    /// rustc that has it, named in WASM_RUSTC. A wasm-bindgen of the right version is installed where
    /// there is none. The page is at crates/civitai-jobs/examples/browser.
    ///
    /// Exit codes: 0 done, 1 something failed, 2 wrong arguments, 3 the target is not here.
    Wasm {
        /// What to do; everything where nothing is named.
        parts: Vec<wasm::Part>,
    },
}

fn main() -> ExitCode {
    let result = match Xtask::parse().task {
        Task::Regen(arguments) => regen::run(&arguments),
        Task::Corpus(options) => corpus::run(&options),
        Task::Drift {
            name,
            file,
            json,
            propose,
        } => {
            let form = match (json, propose) {
                (true, _) => drift::Form::Json,
                (_, true) => drift::Form::Proposal,
                _ => drift::Form::Text,
            };
            drift::run(&name, &file, form)
        }
        Task::Grow => grow::run(),
        Task::Modules(arguments) => modules::run(&arguments),
        Task::Named => named::run(),
        Task::Bench(options) => bench::run(&options),
        Task::Normalise { name, out } => normalise::run(&name, &out),
        Task::Judge { names } => judge::run(&names),
        Task::Static => standalone::run(),
        Task::Wasm { parts } => wasm::run(&parts),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
