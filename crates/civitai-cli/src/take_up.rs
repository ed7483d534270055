//! Taking up work that was begun: by its id, or whatever the ledger has open.

use std::path::{Path, PathBuf};
use std::time::Duration;

use civitai_jobs::{Batch, Error, TextToImage, Token, Workflow, WorkflowId, WorkflowRequest};
use serde_json::Value;

use crate::failure::Failure;
use crate::interrupt::Stage;
use crate::ledger::{Entry, Place, State};
use crate::run::Run;
use crate::work::{Work, accepted, finish};
use crate::{common, exit, folder, screen};

/// Ids of workflows are shorter than tokens of batches.
const LONGEST_ID: usize = 64;

/// A service that does not have work which is older than this never will.
const GONE: Duration = Duration::from_secs(60 * 60);

/// What an argument means.
#[derive(Debug)]
pub(crate) enum Wanted {
    /// A submission that the ledger has.
    Known(Box<Entry>),
    /// A workflow that only the service knows.
    Workflow(WorkflowId),
    /// A batch that only the service knows.
    Batch(Token),
}

impl Wanted {
    /// Finds what an id, a key or a token means: what the ledger says, or else what it looks like.
    pub(crate) async fn find(run: &Run, text: &str) -> Result<Self, Failure> {
        if let Some(entry) = run.ledger.find(text).await? {
            return Ok(Self::Known(Box::new(entry)));
        }
        let is_token = text.contains(':') || text.ends_with('=') || text.len() > LONGEST_ID;
        let wanted = if is_token {
            text.parse().map(Self::Batch)
        } else {
            WorkflowId::new(text).map(Self::Workflow)
        };
        wanted.map_err(|error| {
            let what = format!(
                "`{}` is no id, key or token: {error}",
                screen::one_line(text)
            );
            Failure::input(what)
        })
    }

    /// Takes it up: waits, and saves what is missing.
    pub(crate) async fn take_up(self, run: &Run, taking: &Taking) -> Result<(), Failure> {
        match self {
            Self::Known(entry) => take_up(run, *entry, taking).await,
            Self::Workflow(id) => adopt(run, &run.client().workflows().attach(id), taking).await,
            Self::Batch(token) => adopt(run, &run.client().jobs().attach(token), taking).await,
        }
    }
}

/// Work that the service has.
#[derive(Debug)]
pub(crate) enum Found {
    Workflow(Workflow),
    Batch(Batch),
}

impl Wanted {
    /// The handle of the work; a submission without an id is searched for by its key.
    pub(crate) async fn at_service(self, run: &Run) -> Result<Found, Failure> {
        let (jobs, workflows) = (run.client().jobs(), run.client().workflows());
        Ok(match self {
            Self::Workflow(id) => Found::Workflow(workflows.attach(id)),
            Self::Batch(token) => Found::Batch(jobs.attach(token)),
            Self::Known(entry) if entry.api == Batch::API => match entry.token()? {
                Some(token) => Found::Batch(jobs.attach(token)),
                None => Found::Batch(jobs.attach(entry.key)),
            },
            Self::Known(entry) => match entry.workflow()? {
                Some(id) => Found::Workflow(workflows.attach(id)),
                None => Found::Workflow(search(run, &entry).await?),
            },
        })
    }
}

/// How work is taken up.
#[derive(Debug)]
pub(crate) struct Taking {
    /// Whether what the service does not have is submitted, under the key that was written down for it.
    pub(crate) submits: bool,
    /// The folder for the files, in place of the one that was written down.
    pub(crate) out: Option<PathBuf>,
}

/// Takes up a submission of the ledger.
pub(crate) async fn take_up(run: &Run, mut entry: Entry, taking: &Taking) -> Result<(), Failure> {
    if let Some(out) = &taking.out {
        entry.place.folder = common::ready(out)?;
    } else {
        folder::ready(&entry.place.folder)?;
    }
    let key = entry.key;
    if entry.work.is_none() && taking.submits && !run.json {
        let what =
            format!("submitting what was written down under {key}, unless the service has it");
        screen::note(&what);
    }
    run.standing.set(Stage::Submitted(entry.id()));
    if entry.api == Batch::API {
        let jobs = run.client().jobs();
        let batch = match entry.token()? {
            Some(token) => jobs.attach(token),
            None if taking.submits => {
                let request: TextToImage = entry.read()?;
                accepted(run, &entry, jobs.submit(&request).resume(key).await).await?
            }
            None => jobs.attach(key),
        };
        return proceed(run, &entry, &batch).await;
    }
    let workflows = run.client().workflows();
    let workflow = match entry.workflow()? {
        Some(id) => workflows.attach(id),
        None if taking.submits => {
            let request: WorkflowRequest = entry.read()?;
            accepted(run, &entry, workflows.submit(&request).resume(key).await).await?
        }
        None => {
            let workflow = search(run, &entry).await?;
            accepted(run, &entry, Ok(workflow)).await?
        }
    };
    proceed(run, &entry, &workflow).await
}

/// Takes up work that only the service has, and writes it down once it is known to be there.
async fn adopt<W: Work>(run: &Run, work: &W, taking: &Taking) -> Result<(), Failure> {
    let folder = common::ready(taking.out.as_deref().unwrap_or(Path::new(common::OUT)))?;
    run.standing.set(Stage::Submitted(work.id()));
    let entry = written_down(run, work, folder).await?;
    finish(run, &entry, work).await
}

/// Writes down work that only the service has, once it is known to be there.
pub(crate) async fn written_down<W: Work>(
    run: &Run,
    work: &W,
    folder: PathBuf,
) -> Result<Entry, Failure> {
    let place = Place {
        folder,
        naming: common::NAME.to_owned(),
        prompt: String::new(),
        // The request is not known.
        recipe: false,
    };
    look(work).await?;
    let entry = Entry::new(W::API, run.service(), Value::Null, place);
    run.ledger.prepare(&entry, None).await?;
    run.ledger.submitted(entry.key, &work.id(), None).await?;
    Ok(entry)
}

async fn proceed<W: Work>(run: &Run, entry: &Entry, work: &W) -> Result<(), Failure> {
    if let Err(error) = lasting(work).await {
        if error.status() == Some(404) && entry.age() > GONE {
            let reason = "the service has no such work any more";
            run.ledger
                .reached(entry.key, State::Failed, None, Some(reason))
                .await?;
        }
        return Err(Failure::call(&error));
    }
    finish(run, entry, work).await
}

/// Polls once. A wait bears trouble that may pass; a wrong address, token or id is told at once.
pub(crate) async fn look<W: Work>(work: &W) -> Result<(), Failure> {
    lasting(work).await.map_err(|error| Failure::call(&error))
}

async fn lasting<W: Work>(work: &W) -> Result<(), Error> {
    match work.poll().await {
        Err(error) if error.is_unreachable() || error.is_web_page() || !error.is_retryable() => {
            Err(error)
        }
        _ => Ok(()),
    }
}

/// Searches the service for a submission whose answer never came.
async fn search(run: &Run, entry: &Entry) -> Result<Workflow, Failure> {
    let found = run.client().workflows().find(entry.key).await;
    found
        .map_err(|error| Failure::call(&error))?
        .ok_or_else(|| {
            let what = format!(
                "the service has no work under the key {}, and nothing was paid",
                entry.key
            );
            let again = run.again.command(Some(&entry.key.to_string()));
            Failure::new(exit::REFUSED, what).advise(format!("submit it with: {again}"))
        })
}
