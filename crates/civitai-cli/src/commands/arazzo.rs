//! `arazzo`: checks flows over several calls, and runs them.

use std::path::PathBuf;
use std::time::Duration;

use arazzo_run::Flow;
use clap::{Args, Subcommand};

use crate::common::pair;
use crate::duration::duration;
use crate::failure::Failure;

mod check;
mod inputs;
mod run;

/// The exit codes of these commands.
const HELP: &str = "\
Exit codes:
    0  check: no errors; run: the flow has ended without a failure
    1  check: errors were found; run: the flow has ended with a failure
    2  wrong arguments or input, or a flow with errors; nothing was sent
    5  a deadline or another limit was reached; what the flow has started may go on
    6  the result could not be written
  130  interrupted";

/// Checks and runs flows over several calls, written in Arazzo.
#[derive(Debug, Args)]
pub(crate) struct Arazzo {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Names what a document asks that its contracts do not have, and what it cannot mean.
    #[command(after_help = HELP)]
    Check(Check),
    /// Runs a workflow of a document, and prints each step as it goes and then the outputs.
    #[command(after_help = HELP)]
    Run(Box<Run>),
}

#[derive(Debug, Args)]
struct Check {
    #[command(flatten)]
    document: Document,

    /// Prints one JSON document in place of the lines.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Run {
    #[command(flatten)]
    document: Document,

    /// The workflow; the default is the first of the document.
    #[arg(long, value_name = "ID")]
    workflow: Option<String>,

    /// An input: a text where the document says so, and otherwise JSON or a text.
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    input: Vec<(String, String)>,

    /// An input from an environment variable, so that it shows in no list of processes.
    #[arg(long, value_name = "NAME=VARIABLE", value_parser = pair)]
    input_env: Vec<(String, String)>,

    /// Inputs from a JSON file, which those of the other options replace.
    #[arg(long, value_name = "FILE")]
    inputs: Option<PathBuf>,

    /// Another address for the operations of a source.
    #[arg(long, value_name = "NAME=URL", value_parser = pair)]
    server: Vec<(String, String)>,

    /// Serves a source by a simulator of Civitai inside the program; its API token is sim-token.
    #[arg(long, value_name = "NAME")]
    local: Option<String>,

    /// Reads conditions that are no queries, and expressions without braces, as they are meant.
    #[arg(long)]
    lenient: bool,

    /// How long the flow may take, such as 90s, 15m or 1h30m; the default is an hour, and for each loop
    /// what the waiter of its contract says, or else 15 minutes.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    timeout: Option<Duration>,

    /// Prints the outputs as one JSON document.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Document {
    /// The Arazzo document, JSON or YAML.
    file: PathBuf,

    /// The contract of a source, in place of the file that the document names.
    #[arg(long, value_name = "NAME=FILE", value_parser = pair)]
    contract: Vec<(String, String)>,
}

impl Arazzo {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Check(args) => check::run(&args),
            Command::Run(args) => run::run(*args).await,
        }
    }
}

impl Document {
    fn load(&self) -> Result<Flow, Failure> {
        let mut builder = Flow::builder(&self.file);
        for (name, file) in &self.contract {
            builder = builder.contract(name, file);
        }
        builder
            .load()
            .map_err(|error| Failure::input(error.to_string()))
    }
}
