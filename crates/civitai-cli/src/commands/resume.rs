//! `resume` and `get`: take work up again, wait for it and save its files.

use std::path::PathBuf;

use clap::Args;

use crate::common::{Common, Waiting};
use crate::draw::Drawing;
use crate::exit;
use crate::failure::Failure;
use crate::interrupt::{Stage, or_interrupt};
use crate::ledger::Recording;
use crate::run::Run;
use crate::screen;
use crate::take_up::{Taking, Wanted, take_up};

/// Takes work up again, waits for it and saves its files: all that the ledger has open without an id. What was
/// written down and may not have been sent is submitted, once.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Resume {
    #[command(flatten)]
    which: Which,
}

/// Saves the files of work that are missing, and waits for it where it goes on; all that the ledger has open without an
/// id. Nothing is submitted.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Get {
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
struct Which {
    /// Ids of workflows, tokens of batches, or keys of submissions.
    #[arg(value_name = "ID")]
    ids: Vec<String>,

    /// The folder for the files [default: the one that was named when the work was begun, or out].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    drawing: Drawing,

    #[command(flatten)]
    waiting: Waiting,

    #[command(flatten)]
    recording: Recording,

    #[command(flatten)]
    common: Common,
}

impl Resume {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        self.which.run(true).await
    }
}

impl Get {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        self.which.run(false).await
    }
}

impl Which {
    async fn run(self, submits: bool) -> Result<(), Failure> {
        let json = self.common.json;
        let ended = self.take_up(submits).await;
        ended.map_err(|failure| failure.told(json))
    }

    async fn take_up(self, submits: bool) -> Result<(), Failure> {
        let run = Run::open(&self.common, &self.recording, self.waiting.timeout).await?;
        let run = run.drawing(self.drawing);
        let taking = Taking {
            submits,
            out: self.out,
        };
        let work = async {
            match &self.ids[..] {
                [] => all(&run, &taking).await,
                [id] => Wanted::find(&run, id).await?.take_up(&run, &taking).await,
                ids => {
                    let mut trouble = Trouble::default();
                    for id in ids {
                        let wanted = Wanted::find(&run, id).await?;
                        trouble.note(wanted.take_up(&run, &taking).await);
                    }
                    trouble.end()
                }
            }
        };
        or_interrupt(work, &run.standing, &run.again).await
    }
}

/// Takes up whatever is open, one after the other: all of it goes on at the service meanwhile.
async fn all(run: &Run, taking: &Taking) -> Result<(), Failure> {
    let elsewhere = run.ledger.open_elsewhere(run.service()).await?;
    if elsewhere > 0 {
        let what = format!(
            "{elsewhere} more are open at other addresses: see `civitai-jobs list --local`"
        );
        screen::note(&what);
    }
    let open = run.ledger.open_entries(run.service()).await?;
    if open.is_empty() && !run.json {
        screen::note(&"nothing is open");
    }
    let mut trouble = Trouble::default();
    for entry in open {
        trouble.note(take_up(run, entry, taking).await);
        run.standing.set(Stage::Several);
    }
    trouble.end()
}

/// What went wrong with some of several.
#[derive(Default)]
struct Trouble(Option<Failure>);

impl Trouble {
    /// Tells of each failure but the last, with which the program ends.
    fn note(&mut self, ended: Result<(), Failure>) {
        if let Err(failure) = ended
            && let Some(before) = self.0.replace(failure)
        {
            screen::note(&before);
        }
    }

    fn end(self) -> Result<(), Failure> {
        self.0.map_or(Ok(()), Err)
    }
}
