//! `batch`: many lines of one file, or of a grid; and what is done with such a run.

use clap::{Args, Subcommand};

use crate::exit;
use crate::failure::Failure;

pub(super) use resume::Working;

mod board;
mod resume;
mod show;
mod start;

/// Runs the lines of a file, or of a grid, each once: checked before anything is sent, taken up after a crash, with a
/// page of the results.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Batch {
    #[command(subcommand)]
    what: Option<What>,

    #[command(flatten)]
    start: Box<start::Start>,
}

#[derive(Debug, Subcommand)]
enum What {
    Status(show::Status),
    Results(show::Results),
    Resume(resume::Resume),
    RetryFailed(resume::RetryFailed),
    Cancel(show::Cancel),
    Board(board::Board),
}

impl Batch {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        match self.what {
            None => self.start.run().await,
            Some(What::Status(args)) => args.run().await,
            Some(What::Results(args)) => args.run().await,
            Some(What::Resume(args)) => args.run().await,
            Some(What::RetryFailed(args)) => args.run().await,
            Some(What::Cancel(args)) => args.run().await,
            Some(What::Board(args)) => args.run().await,
        }
    }
}
