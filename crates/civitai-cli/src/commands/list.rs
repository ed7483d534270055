//! `list`: the workflows of the account, or what the ledger has.

use std::time::Duration;

use chrono::{DateTime, Utc};
use civitai_jobs::{Buzz, StepSnapshot, WorkflowSnapshot};
use clap::Args;

use crate::connect::Remote;
use crate::duration::long;
use crate::event::Event;
use crate::exit;
use crate::failure::Failure;
use crate::ledger::{Recording, State};
use crate::screen;

/// How long a page may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Lists workflows, the newest first: those of the account, or with `--local` what was asked for from here, with
/// the files and what it cost.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct List {
    /// Lists what the ledger has; nothing is sent.
    #[arg(long = "local", id = "ledger_only", conflicts_with_all = ["tag", "without_tag", "query", "no_failed"])]
    ledger_only: bool,

    /// Those with this tag alone; several are taken.
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,

    /// Those without this tag; several are taken.
    #[arg(long, value_name = "TAG")]
    without_tag: Vec<String>,

    /// Those whose metadata fit a text.
    #[arg(long, value_name = "TEXT")]
    query: Option<String>,

    /// Those that did not fail.
    #[arg(long)]
    no_failed: bool,

    /// Those in this state of the ledger, such as submitted or saved.
    #[arg(long, value_name = "STATE", value_parser = State::named, requires = "ledger_only")]
    state: Option<State>,

    /// Those that were made within this time, such as 12h or 7d.
    #[arg(long, value_name = "DURATION", value_parser = long)]
    within: Option<Duration>,

    /// How many, at most.
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: u32,

    #[command(flatten)]
    recording: Recording,

    /// Prints JSON in place of text.
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    remote: Remote,
}

impl List {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let json = self.json;
        let listed = if self.ledger_only {
            self.ledger().await
        } else {
            self.account().await
        };
        listed.map_err(|failure| failure.told(json))
    }

    /// What the ledger has, with the sum of what it cost.
    async fn ledger(self) -> Result<(), Failure> {
        let ledger = self.recording.open(false).await?;
        let entries = ledger.list(self.state, self.within, self.limit).await?;
        let mut sum = Buzz::ZERO;
        let mut text = String::new();
        for entry in &entries {
            let files = ledger.files(entry.key).await?;
            sum += entry.cost.unwrap_or_default();
            if self.json {
                let id = entry.id();
                let event = Event::Recorded {
                    api: &entry.api,
                    id: &id,
                    key: entry.key.to_string(),
                    service: &entry.service,
                    state: entry.state.name(),
                    cost: entry.cost,
                    reason: entry.reason.as_deref(),
                    created_at: time(entry.created_at),
                    files: files.iter().map(|kept| kept.line(&id)).collect(),
                };
                event.print()?;
                continue;
            }
            let made = time(entry.created_at).format("%F %R").to_string();
            let cost = entry
                .cost
                .map_or_else(|| "?".to_owned(), |cost| cost.to_string());
            let state = entry.state.name();
            let line = format!("{made}  {state:9}  {cost:>6}  {}", entry.id());
            text += &(screen::one_line(&line) + "\n");
            for kept in files {
                text += &format!(
                    "    {}\n",
                    screen::one_line(&kept.shown().to_string_lossy())
                );
            }
        }
        screen::print(&text)?;
        if !self.json {
            screen::note(&format!("{} submissions, {sum} Buzz", entries.len()));
        }
        Ok(())
    }

    /// The workflows of the account.
    async fn account(self) -> Result<(), Failure> {
        let session = self.remote.open(PATIENCE)?;
        let mut list = session
            .client()
            .workflows()
            .list()
            .page_size(self.limit.clamp(1, 100));
        for tag in self.tag {
            list = list.tag(tag);
        }
        for tag in self.without_tag {
            list = list.without_tag(tag);
        }
        if let Some(text) = self.query {
            list = list.query(text);
        }
        if self.no_failed {
            list = list.exclude_failed();
        }
        if let Some(within) = self.within {
            list = list.since(Utc::now() - within);
        }
        let mut workflows = list.stream();
        for _ in 0..self.limit {
            let Some(workflow) = workflows.next().await else {
                break;
            };
            let workflow = workflow.map_err(|error| Failure::call(&error))?;
            if self.json {
                event(&workflow).print()?;
            } else {
                screen::print(&line(&workflow))?;
            }
        }
        Ok(())
    }
}

/// A workflow in one line.
fn line(workflow: &WorkflowSnapshot) -> String {
    let made = workflow.reply().created_at;
    let made = made.format("%F %R").to_string();
    let id = workflow.id().map(ToString::to_string).unwrap_or_default();
    let steps: Vec<_> = workflow.steps().iter().map(StepSnapshot::kind).collect();
    let tags = workflow.reply().tags.join(", ");
    let line = format!(
        "{made}  {:9}  {:>6}  {id}  {}  {tags}",
        workflow.phase().to_string(),
        workflow.charged().to_string(),
        steps.join(" "),
    );
    screen::one_line(line.trim_end()) + "\n"
}

fn event(workflow: &WorkflowSnapshot) -> Event<'_> {
    Event::Listed {
        id: workflow.id().map(ToString::to_string).unwrap_or_default(),
        state: workflow.phase().to_string(),
        cost: workflow.charged(),
        created_at: workflow.reply().created_at,
        steps: workflow.steps().iter().map(StepSnapshot::kind).collect(),
        tags: workflow.reply().tags.iter().map(String::as_str).collect(),
    }
}

fn time(seconds: u64) -> DateTime<Utc> {
    let seconds = i64::try_from(seconds).unwrap_or_default();
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}
