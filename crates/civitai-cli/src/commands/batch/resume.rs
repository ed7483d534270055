//! `batch resume` and `batch retry-failed`: a run taken up again.

use std::sync::Arc;
use std::time::Duration;

use civitai_jobs::Buzz;
use clap::Args;

use crate::batch::{Lock, Pace, known, serve};
use crate::common::Common;
use crate::duration::duration;
use crate::event::Event;
use crate::exit;
use crate::failure::Failure;
use crate::ledger::{Ledger, Recording, Reopen, RunRow, RunState};
use crate::run::Run;
use crate::screen;
use crate::spending::buzz;

/// How a run is worked on.
#[derive(Clone, Debug, Args)]
pub(crate) struct Working {
    /// Lines under way at once, in this process.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    at_once: u16,

    /// On a shared ledger, after how much silence of a process its lines are taken over.
    #[arg(long, value_name = "DURATION", default_value = "90s", value_parser = takeover)]
    takeover: Duration,
}

impl Working {
    pub(crate) fn pace(&self) -> Pace {
        Pace {
            at_once: self.at_once.into(),
            takeover: self.takeover,
            helps: false,
        }
    }
}

/// Takes a run up where it was left, after a crash or a limit: what was submitted is waited for, what was not is
/// submitted. Without a name, the run that is open.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(super) struct Resume {
    #[command(flatten)]
    again: Again,
}

/// Asks anew for the lines of a run that have failed, and takes up the rest of it.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(super) struct RetryFailed {
    #[command(flatten)]
    again: Again,
}

#[derive(Debug, Args)]
struct Again {
    /// The name of the run.
    run: Option<String>,

    /// A new budget of the run, in Buzz, what it has spent counted in.
    #[arg(long, value_name = "BUZZ", value_parser = buzz)]
    budget: Option<Buzz>,

    /// Begins no more lines once so many more have failed.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_failures: Option<u32>,

    #[command(flatten)]
    working: Working,

    #[command(flatten)]
    recording: Recording,

    #[command(flatten)]
    common: Common,
}

impl Resume {
    pub(super) async fn run(self) -> Result<(), Failure> {
        self.again.run(false).await
    }
}

impl RetryFailed {
    pub(super) async fn run(self) -> Result<(), Failure> {
        self.again.run(true).await
    }
}

impl Again {
    async fn run(self, failed_too: bool) -> Result<(), Failure> {
        let json = self.common.json;
        let ended = self.take_up(failed_too).await;
        ended.map_err(|failure| failure.told(json))
    }

    async fn take_up(self, failed_too: bool) -> Result<(), Failure> {
        // How long a line is waited for is the run's to say, so that it is opened first.
        let ledger = self.recording.open(false).await?;
        let row = named_or_open(&ledger, self.run.as_deref(), failed_too).await?;
        drop(ledger);
        let run = Run::open(&self.common, &self.recording, row.limits.timeout).await?;
        row.require_at(run.service())?;
        if row.state == RunState::Canceled {
            let what = format!("the run {} was canceled", row.name);
            return Err(Failure::input(what).advise("start a new one with its lines"));
        }
        let lock = Lock::take(&run.ledger, &row.name)?;
        let queue = run.ledger.queue().await?;
        crate::common::ready(&row.folder)?;
        let reopen = Reopen {
            budget: self.budget,
            max_failures: self.max_failures,
            failed_too,
            alone: true,
        };
        run.ledger.reopen_run(&row.name, &reopen).await?;
        let row = known(&run.ledger, &row.name).await?;
        let counts = run.ledger.counts(&row.name).await?;
        let left = counts.waiting + counts.begun;
        if self.common.json {
            Event::RunStarted {
                run: &row.name,
                lines: left,
                folder: row.folder.to_string_lossy(),
            }
            .print()?;
        } else {
            screen::note(&format!(
                "{}: {left} of {} lines are left",
                row.name,
                counts.total()
            ));
        }
        let served = serve(Arc::new(run), row, queue, self.working.pace()).await;
        drop(lock);
        served
    }
}

/// The run of a name, or the only one that is not at its end.
async fn named_or_open(
    ledger: &Ledger,
    name: Option<&str>,
    failed_too: bool,
) -> Result<RunRow, Failure> {
    if let Some(name) = name {
        return known(ledger, name).await;
    }
    let mut open = Vec::new();
    for row in ledger.runs().await? {
        let counts = ledger.counts(&row.name).await?;
        let left = counts.waiting + counts.begun + counts.open;
        let is_left = left > 0 || failed_too && counts.failed > 0;
        if is_left && row.state != RunState::Canceled {
            open.push(row);
        }
    }
    if open.len() > 1 {
        let names: Vec<_> = open.iter().map(|row| row.name.as_str()).collect();
        let what = format!("several runs are open: {}", names.join(", "));
        return Err(Failure::input(what).advise("name one"));
    }
    open.pop().ok_or_else(|| {
        Failure::input("no run is open").advise("see all runs with: civitai-jobs batch status")
    })
}

fn takeover(text: &str) -> Result<Duration, String> {
    let time = duration(text)?;
    match time >= Duration::from_secs(6) {
        true => Ok(time),
        false => Err("expected 6s or more".to_owned()),
    }
}
