//! A paid command from its words to its files: checked, priced, written down, submitted, waited for, saved.

use civitai_jobs::{Client, FieldProblems, Workflow, WorkflowRequest};
use clap::Args;
use serde_json::{Value, json};

use crate::common::{Common, Saving};
use crate::event::Event;
use crate::failure::Failure;
use crate::interrupt::{Stage, or_interrupt};
use crate::ledger::{Entry, Recording};
use crate::run::Run;
use crate::screen;
use crate::source::{Links, Source};
use crate::spending::Spending;
use crate::substituted::Substituted;
use crate::work::{Work as _, accepted, finish};

/// What every paid command takes.
#[derive(Clone, Debug, Args)]
pub(crate) struct Terms {
    /// Prints what would be sent, and sends nothing.
    #[arg(long)]
    pub(crate) print: bool,

    /// Asks for the price alone; nothing runs, and nothing is paid.
    #[arg(long, conflicts_with = "print")]
    pub(crate) preview: bool,

    #[command(flatten)]
    pub(crate) saving: Saving,

    #[command(flatten)]
    pub(crate) spending: Spending,

    #[command(flatten)]
    pub(crate) recording: Recording,

    #[command(flatten)]
    pub(crate) common: Common,
}

/// What a command asks for.
pub(crate) struct Order<F> {
    /// Files that are uploaded for it.
    pub(crate) sources: Vec<Source>,
    /// What the files are called after.
    pub(crate) title: String,
    /// Makes the request once the files have links.
    pub(crate) build: F,
}

impl<F> Order<F>
where
    F: Fn(&Links) -> Result<WorkflowRequest, FieldProblems>,
{
    /// Does all of it.
    pub(crate) async fn carry_out(self, terms: &Terms) -> Result<(), Failure> {
        let json = terms.common.json;
        self.run(terms).await.map_err(|failure| failure.told(json))
    }

    async fn run(self, terms: &Terms) -> Result<(), Failure> {
        // All that can be checked here is, before a file is uploaded.
        let links = Links::by_content(&self.sources)?;
        let identity = json!(self.request(&links)?);
        if terms.print {
            let request = (self.build)(&links).and_then(|request| request.to_template());
            let request = request.map_err(|problems| Failure::input(problems.to_string()))?;
            return print(&json!(request));
        }
        let deadline = terms.saving.waiting.timeout;
        let run = Run::open(&terms.common, &terms.recording, deadline).await?;
        let run = run.drawing(terms.saving.drawing);
        let work = async {
            let mut substituted = terms.spending.substituted(run.json);
            if terms.preview {
                let request = self.uploaded(&run).await?;
                return preview(run.client(), &request, substituted, run.json).await;
            }
            let place = terms.saving.place(&self.title)?;
            let request = self.uploaded(&run).await?;
            let entry =
                Entry::new(Workflow::API, run.service(), json!(request), place).called(identity);
            let workflow = submit(&run, terms, entry.clone(), &request, &mut substituted).await?;
            finish(&run, &entry, &workflow).await?;
            match substituted.failure() {
                Some(failure) => Err(failure.advise("the service told it once it was paid")),
                None => Ok(()),
            }
        };
        or_interrupt(work, &run.standing, &run.again).await
    }

    async fn uploaded(&self, run: &Run) -> Result<WorkflowRequest, Failure> {
        let links = Links::uploaded(run.client(), &self.sources).await?;
        self.request(&links)
    }

    fn request(&self, links: &Links) -> Result<WorkflowRequest, Failure> {
        let request = (self.build)(links);
        let checked = request.and_then(|request| request.check().map(|()| request));
        checked.map_err(|problems| Failure::input(problems.to_string()))
    }
}

/// Writes the submission down and makes it, once.
async fn submit(
    run: &Run,
    terms: &Terms,
    mut entry: Entry,
    request: &WorkflowRequest,
    substituted: &mut Substituted,
) -> Result<Workflow, Failure> {
    let spending = &terms.spending;
    entry.cost = spending.agree(run, &entry, request, substituted).await?;
    run.ledger.prepare(&entry, terms.spending.budget()).await?;
    run.standing
        .set(Stage::Submitting(format!("clientKey:{}", entry.key)));
    let submission = run.client().workflows().submit(request).key(entry.key);
    let workflow = accepted(run, &entry, submission.await).await?;
    if let Some(first) = workflow.first() {
        substituted.after(request, first)?;
    }
    Ok(workflow)
}

/// Prints the price of a workflow.
pub(crate) async fn preview(
    client: &Client,
    request: &WorkflowRequest,
    mut substituted: Substituted,
    json: bool,
) -> Result<(), Failure> {
    let preview = client.workflows().preview(request).await;
    let preview = preview.map_err(|error| Failure::call(&error))?;
    substituted.before(request, preview.snapshot())?;
    let cost = preview.price();
    let (ceiling, affordable) = (preview.is_price_ceiling(), preview.is_affordable());
    if json {
        return Event::Priced {
            cost,
            ceiling,
            affordable,
        }
        .print();
    }
    let most = if ceiling { ", at most" } else { "" };
    let lacks = if affordable {
        ""
    } else {
        ", which the account does not have"
    };
    screen::print_line(&format!("{cost} Buzz{most}{lacks}"))
}

/// Prints a request as it would be sent.
pub(crate) fn print(request: &Value) -> Result<(), Failure> {
    screen::print(&format!("{request:#}\n"))
}
