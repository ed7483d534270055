//! `batch status`, `batch results` and `batch cancel`.

use std::time::Duration;

use clap::Args;

use crate::batch::{cancel, known, results, summary};
use crate::common::Common;
use crate::event::{Event, warn};
use crate::exit;
use crate::failure::Failure;
use crate::ledger::Recording;
use crate::run::Run;
use crate::screen;

/// How long a question may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Says how far a run has come; without a name, all runs. Nothing is sent.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(super) struct Status {
    /// The name of the run.
    run: Option<String>,

    #[command(flatten)]
    recording: Recording,

    /// Prints JSON in place of text.
    #[arg(long)]
    json: bool,
}

/// Prints what became of each line, as JSON, in the order of the file, and writes it into the folder of the run.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(super) struct Results {
    /// The name of the run.
    run: String,

    #[command(flatten)]
    recording: Recording,
}

/// Calls a run off: what waits is not begun, and what was submitted is canceled at the service.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(super) struct Cancel {
    /// The name of the run.
    run: String,

    #[command(flatten)]
    recording: Recording,

    #[command(flatten)]
    common: Common,
}

impl Status {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let json = self.json;
        self.show().await.map_err(|failure| failure.told(json))
    }

    async fn show(self) -> Result<(), Failure> {
        let ledger = self.recording.open(false).await?;
        let runs = match &self.run {
            Some(name) => vec![known(&ledger, name).await?],
            None => ledger.runs().await?,
        };
        for row in runs {
            let counts = ledger.counts(&row.name).await?;
            if self.json {
                Event::RunStatus {
                    progress: counts.told(&row.name, row.cost),
                    state: row.state.name(),
                    reason: row.reason.as_deref(),
                    folder: row.folder.to_string_lossy(),
                }
                .print()?;
                continue;
            }
            let reason = row.reason.as_deref().map(|reason| format!(": {reason}"));
            let state = format!("{}{}", row.state.name(), reason.unwrap_or_default());
            screen::print_line(&format!("{} ({state})", summary(&row, &counts)))?;
        }
        Ok(())
    }
}

impl Results {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let ledger = self.recording.open(false).await?;
        let row = known(&ledger, &self.run).await?;
        results::each(&ledger, &row, |outcome| {
            let line = serde_json::to_string(outcome).unwrap_or_default();
            screen::print(&(line + "\n"))
        })
        .await?;
        if row.folder.is_dir() {
            results::save(&ledger, &row).await?;
        }
        Ok(())
    }
}

impl Cancel {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let json = self.common.json;
        self.cancel().await.map_err(|failure| failure.told(json))
    }

    async fn cancel(self) -> Result<(), Failure> {
        let run = Run::open(&self.common, &self.recording, PATIENCE).await?;
        let row = known(&run.ledger, &self.run).await?;
        for (line, failure) in cancel(&run, &row.name).await? {
            let what = format!("line {line} goes on: {}", failure.parts().0);
            warn(&what, self.common.json)?;
        }
        if self.common.json {
            return Event::Changed {
                id: &row.name,
                what: "cancelled",
            }
            .print();
        }
        screen::print_line(&format!("cancelled {}", row.name))
    }
}
