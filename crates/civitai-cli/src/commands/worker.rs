//! `worker`: one more machine for the runs of a shared ledger.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::batch::Working;
use crate::batch::{Pace, serve, summary};
use crate::common::{self, Common};
use crate::exit;
use crate::failure::Failure;
use crate::interrupt::asked_to_end;
use crate::ledger::{Ledger, Recording, RunRow, RunState};
use crate::run::Run;
use crate::screen;

/// How often it is looked for new runs.
const LOOK: Duration = Duration::from_secs(1);

/// Works on the open runs of a ledger that machines share, as `batch --ledger postgres://...` began them, until none is
/// open.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Worker {
    /// The run to work on [default: all, the oldest first].
    run: Option<String>,

    /// Stays when no run is open, and waits for the next one.
    #[arg(long)]
    stay: bool,

    /// The folder for the files that this machine saves [default: the one that was named when the run was begun].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    working: Working,

    #[command(flatten)]
    recording: Recording,

    #[command(flatten)]
    common: Common,
}

impl Worker {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let json = self.common.json;
        self.work().await.map_err(|failure| failure.told(json))
    }

    async fn work(self) -> Result<(), Failure> {
        let ledger = self.recording.open(false).await?;
        if !ledger.is_shared() {
            let what = "a worker needs a ledger that machines share";
            let advice = "name it with --ledger postgres://USER@HOST/DATABASE or CIVITAI_LEDGER";
            return Err(Failure::input(what).advise(advice));
        }
        loop {
            match self.next(&ledger).await? {
                Some(row) => self.serve(row).await?,
                None if self.stay => tokio::select! {
                    () = tokio::time::sleep(LOOK) => {}
                    () = asked_to_end() => return Ok(()),
                },
                None => return Ok(()),
            }
        }
    }

    /// The oldest run that is open and has lines left.
    async fn next(&self, ledger: &Ledger) -> Result<Option<RunRow>, Failure> {
        for row in ledger.runs().await? {
            let is_wanted = self.run.as_ref().is_none_or(|name| *name == row.name);
            if is_wanted && row.state == RunState::Open {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    async fn serve(&self, mut row: RunRow) -> Result<(), Failure> {
        let run = Run::open(&self.common, &self.recording, row.limits.timeout).await?;
        row.require_at(run.service())?;
        row.folder = common::ready(self.out.as_ref().unwrap_or(&row.folder))?;
        let queue = run.ledger.queue().await?;
        let run = Arc::new(run);
        let pace = Pace {
            helps: true,
            ..self.working.pace()
        };
        if !run.json {
            screen::note(&format!("working on {}", row.name));
        }
        serve(Arc::clone(&run), row.clone(), queue, pace).await?;
        if let Some(row) = run.ledger.run(&row.name).await?
            && !run.json
        {
            let counts = run.ledger.counts(&row.name).await?;
            screen::note(&summary(&row, &counts));
        }
        Ok(())
    }
}
