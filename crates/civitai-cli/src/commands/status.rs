//! `status` and `watch`: where work stands, once or until it ends.

use civitai_jobs::{Batch, Error, Phase, Workflow};
use clap::Args;

use crate::common::{Common, Waiting};
use crate::event::Event;
use crate::exit;
use crate::failure::Failure;
use crate::interrupt::{Stage, or_interrupt};
use crate::ledger::Recording;
use crate::progress::Progress;
use crate::run::Run;
use crate::screen;
use crate::take_up::{Found, Wanted, look};
use crate::work::{self, Work};

/// Says where work stands, without waiting.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Status {
    #[command(flatten)]
    which: Which,
}

/// Waits until work has ended, and saves nothing.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Watch {
    #[command(flatten)]
    which: Which,

    #[command(flatten)]
    waiting: Waiting,
}

#[derive(Debug, Args)]
struct Which {
    /// The id of a workflow, the token of a batch, or the key of a submission.
    id: String,

    #[command(flatten)]
    recording: Recording,

    #[command(flatten)]
    common: Common,
}

impl Status {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let json = self.which.common.json;
        self.which
            .status()
            .await
            .map_err(|failure| failure.told(json))
    }
}

impl Watch {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let json = self.which.common.json;
        let ended = self.which.watch(&self.waiting).await;
        ended.map_err(|failure| failure.told(json))
    }
}

impl Which {
    async fn status(self) -> Result<(), Failure> {
        let run = Run::open(&self.common, &self.recording, QUESTION).await?;
        match Wanted::find(&run, &self.id).await?.at_service(&run).await? {
            Found::Workflow(workflow) => {
                let seen = workflow
                    .poll()
                    .await
                    .map_err(|error| Failure::call(&error))?;
                let standing = Standing {
                    state: seen.phase(),
                    percent: seen.percent(),
                    jobs_ahead: seen.preceding_jobs(),
                    reason: seen.failure().map(|failure| failure.to_string()),
                };
                standing.print::<Workflow>(&run, workflow.id().as_ref(), &seen)
            }
            Found::Batch(batch) => {
                let seen = batch
                    .poll()
                    .await
                    .map_err(|error: Error| Failure::call(&error))?;
                let standing = Standing {
                    state: seen.phase(),
                    percent: None,
                    jobs_ahead: seen.queue().and_then(|place| place.preceding_jobs),
                    reason: seen.reason().map(str::to_owned),
                };
                standing.print::<Batch>(&run, &batch.token().to_string(), &seen)
            }
        }
    }

    async fn watch(self, waiting: &Waiting) -> Result<(), Failure> {
        let run = Run::open(&self.common, &self.recording, waiting.timeout).await?;
        let work = async {
            match Wanted::find(&run, &self.id).await?.at_service(&run).await? {
                Found::Workflow(workflow) => watch(&run, &workflow).await,
                Found::Batch(batch) => watch(&run, &batch).await,
            }
        };
        or_interrupt(work, &run.standing, &run.again).await
    }
}

/// How long the watch of something that is only asked for may take.
const QUESTION: std::time::Duration = std::time::Duration::from_secs(60);

async fn watch<W: Work>(run: &Run, work: &W) -> Result<(), Failure> {
    let id = work.id();
    run.standing.set(Stage::Submitted(id.clone()));
    look(work).await?;
    let mut progress = Progress::new(&id, run.json);
    let ended = work::watch(work, run.json, &mut progress).await;
    drop(progress);
    let done = ended.map_err(|error| work::wait(&error, &run.again))?;
    let standing = Standing {
        state: Phase::Succeeded,
        percent: None,
        jobs_ahead: None,
        reason: None,
    };
    standing.print::<W>(run, &id, &done)
}

/// Where work stands.
struct Standing {
    state: Phase,
    percent: Option<f64>,
    jobs_ahead: Option<u32>,
    reason: Option<String>,
}

impl Standing {
    fn print<W: Work>(self, run: &Run, id: &str, seen: &W::Snapshot) -> Result<(), Failure> {
        let files = W::files(seen)
            .iter()
            .filter(|file| file.is_available())
            .count();
        let cost = W::cost(seen);
        if run.json {
            return Event::Status {
                api: W::API,
                id,
                state: self.state.to_string(),
                percent: self.percent,
                jobs_ahead: self.jobs_ahead,
                cost,
                reason: self.reason,
                files,
            }
            .print();
        }
        let mut line = self.state.to_string();
        if let Some(jobs) = self.jobs_ahead {
            line += &format!(", {jobs} ahead");
        }
        if let Some(percent) = self.percent.filter(|_| !self.state.is_terminal()) {
            line += &format!(", {percent:.0} %");
        }
        line += &format!(", {files} files");
        if let Some(cost) = cost {
            line += &format!(", {cost} Buzz");
        }
        if let Some(reason) = self.reason {
            line += &format!(": {reason}");
        }
        screen::print_line(&line)
    }
}
