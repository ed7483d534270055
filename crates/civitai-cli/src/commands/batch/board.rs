//! `batch board`: a run on a page that follows it.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::resume::Working;
use crate::batch::{self, known};
use crate::common::Common;
use crate::event::Event;
use crate::exit;
use crate::failure::Failure;
use crate::interrupt::asked_to_end;
use crate::ledger::{Ledger, Recording};
use crate::run::Run;
use crate::screen;

/// Shows a run on a page of this machine as it goes: lines, states, pictures, errors, retry and cancel; until Ctrl-C.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(super) struct Board {
    /// The name of the run [default: the newest].
    run: Option<String>,

    /// The port on this machine; any that is free without it.
    #[arg(
        long,
        value_name = "PORT",
        default_value_t = 0,
        hide_default_value = true
    )]
    port: u16,

    #[command(flatten)]
    working: Working,

    #[command(flatten)]
    recording: Recording,

    #[command(flatten)]
    common: Common,
}

impl Board {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let json = self.common.json;
        self.serve().await.map_err(|failure| failure.told(json))
    }

    async fn serve(self) -> Result<(), Failure> {
        let ledger = self.recording.open(false).await?;
        let name = match self.run {
            Some(name) => known(&ledger, &name).await?.name,
            None => newest(&ledger).await?,
        };
        let timeout = known(&ledger, &name).await?.limits.timeout;
        drop(ledger);
        let run = Run::open(
            &self.common,
            &self.recording,
            timeout.max(Duration::from_secs(60)),
        )
        .await?;
        let json = run.json;
        let board =
            batch::Board::bind(Arc::new(run), name.clone(), self.working.pace(), self.port).await?;
        let address = board.address();
        if json {
            Event::BoardReady {
                run: &name,
                address: &address,
            }
            .print()?;
        } else {
            screen::print_line(&address)?;
            screen::note(&format!(
                "the board of {name} is at that address until Ctrl-C"
            ));
        }
        board.serve(asked_to_end()).await
    }
}

async fn newest(ledger: &Ledger) -> Result<String, Failure> {
    let newest = ledger.runs().await?.pop().map(|row| row.name);
    newest.ok_or_else(|| {
        Failure::input("the ledger has no run").advise("begin one with `batch FILE`")
    })
}
