//! `cancel`, `delete` and `tag`: changes to work that was submitted.

use std::time::Duration;

use civitai_jobs::Workflow;
use clap::{ArgGroup, Args};

use crate::common::Common;
use crate::event::Event;
use crate::exit;
use crate::failure::Failure;
use crate::ledger::{Recording, State};
use crate::run::Run;
use crate::screen;
use crate::take_up::{Found, Wanted};

/// How long the watch of something that is only changed may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Cancels work that has not ended. What was made stays; what was not begun may be given back its Buzz.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Cancel {
    #[command(flatten)]
    which: Which,
}

/// Deletes the service's record of workflows; they cannot be read afterwards.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Delete {
    /// Asks nothing.
    #[arg(long, short)]
    yes: bool,

    #[command(flatten)]
    which: Which,
}

/// Adds tags to workflows and takes tags away.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP, group = ArgGroup::new("changes").required(true).multiple(true))]
pub(crate) struct Tag {
    /// A tag to add; several are taken.
    #[arg(long, value_name = "TAG", group = "changes")]
    add: Vec<String>,

    /// A tag to take away; several are taken.
    #[arg(long, value_name = "TAG", group = "changes")]
    remove: Vec<String>,

    /// Takes all tags away first.
    #[arg(long, group = "changes")]
    clear: bool,

    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
struct Which {
    /// Ids of workflows, tokens of batches, or keys of submissions.
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,

    #[command(flatten)]
    recording: Recording,

    #[command(flatten)]
    common: Common,
}

impl Cancel {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let which = &self.which;
        let change = async |found: &Found| match found {
            Found::Workflow(workflow) => workflow
                .cancel()
                .await
                .map_err(|error| Failure::call(&error)),
            Found::Batch(batch) => {
                let cancelled = batch.cancel().await.map_err(|error| Failure::call(&error));
                cancelled.map(|_| ())
            }
        };
        which.each("cancelled", Some(State::Canceled), change).await
    }
}

impl Delete {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let count = self.which.ids.len();
        if screen::is_attended() && !self.yes && !screen::ask(&format!("Delete {count} for good?"))
        {
            return Err(Failure::new(exit::TOO_DEAR, "nothing was deleted"));
        }
        let change = async |found: &Found| {
            let deleted = workflow(found)?.delete().await;
            deleted.map_err(|error| Failure::call(&error))
        };
        self.which
            .each("deleted", Some(State::Canceled), change)
            .await
    }
}

impl Tag {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let change = async |found: &Found| {
            let workflow = workflow(found)?;
            let failed = |error: civitai_jobs::Error| Failure::call(&error);
            if self.clear {
                workflow.remove_tags().await.map_err(failed)?;
            }
            for tag in &self.remove {
                workflow.remove_tag(tag).await.map_err(failed)?;
            }
            for tag in &self.add {
                workflow.add_tag(tag).await.map_err(failed)?;
            }
            Ok(())
        };
        self.which.each("tagged", None, change).await
    }
}

fn workflow(found: &Found) -> Result<&Workflow, Failure> {
    match found {
        Found::Workflow(workflow) => Ok(workflow),
        Found::Batch(_) => {
            let what = "jobs of the API v1 have no record that can be changed";
            Err(Failure::input(what).advise("`cancel` works for them"))
        }
    }
}

impl Which {
    /// Makes a change to each, and tells of it; open submissions of the ledger reach `state`.
    async fn each(
        &self,
        what: &str,
        state: Option<State>,
        change: impl AsyncFn(&Found) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let json = self.common.json;
        let work = async {
            let run = Run::open(&self.common, &self.recording, PATIENCE).await?;
            for id in &self.ids {
                let wanted = Wanted::find(&run, id).await?;
                let known = match &wanted {
                    Wanted::Known(entry) if entry.state.is_open() => Some(entry.key),
                    _ => None,
                };
                let found = wanted.at_service(&run).await?;
                change(&found).await?;
                if let (Some(key), Some(state)) = (known, state) {
                    run.ledger.reached(key, state, None, None).await?;
                }
                if json {
                    Event::Changed { id, what }.print()?;
                } else {
                    screen::print_line(&format!("{what} {id}"))?;
                }
            }
            Ok(())
        };
        work.await.map_err(|failure: Failure| failure.told(json))
    }
}
