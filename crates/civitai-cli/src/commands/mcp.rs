//! `mcp`: a server for agents over the standard input and output.

use std::path::PathBuf;
use std::time::Duration;

use civitai_jobs::{Budget, Buzz};
use clap::Args;

use crate::common::{Common, OUT, ready};
use crate::exit;
use crate::failure::Failure;
use crate::interrupt;
use crate::ledger::Recording;
use crate::mcp::Server;
use crate::run::Run;
use crate::screen;
use crate::spending::buzz;

/// Work is watched for as long as a tool is told to wait, and never longer than this.
const PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// Serves an agent over stdin and stdout by the Model Context Protocol: it makes pictures and runs workflows,
/// within a budget that it cannot change.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Mcp {
    /// What the agent may spend in all until the server ends, in Buzz; needed unless --local is given.
    #[arg(long, value_name = "BUZZ", value_parser = buzz, required_unless_present = "local")]
    budget: Option<Buzz>,

    /// The folder for the files; made where it is missing.
    #[arg(long, value_name = "DIR", default_value = OUT)]
    out: PathBuf,

    #[command(flatten)]
    recording: Recording,

    #[command(flatten)]
    common: Common,
}

impl Mcp {
    pub(crate) async fn run(mut self) -> Result<(), Failure> {
        // Stdout belongs to the protocol.
        self.common.json = false;
        let folder = ready(&self.out)?;
        let run = Run::open(&self.common, &self.recording, PATIENCE).await?;
        let budget = self.budget.map(Budget::new);
        let server = Server::new(run, budget.clone(), folder);
        tokio::select! {
            ended = server.serve() => ended?,
            () = interrupt::pressed() => {}
        }
        if let Some(budget) = budget {
            screen::note(&budget);
        }
        Ok(())
    }
}
