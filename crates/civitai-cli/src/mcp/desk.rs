//! What the tools do: paid work under the budget of the session, exactly once, and questions that cost nothing.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use civitai_jobs::{
    Air, Budget, ClientKey, StepSnapshot, WatchError, Workflow, WorkflowList, WorkflowRequest,
    WorkflowSnapshot,
};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::answer::{Found, line};
use super::asked::{self, Generate, Listed, Model, Price, RunWorkflow, Waiting};
use super::news::News;
use crate::common::NAME;
use crate::failure::Failure;
use crate::ledger::{Entry, Place, State};
use crate::run::Run;
use crate::take_up::{Found as AtService, Wanted, written_down};
use crate::work::{Work as _, accepted, settle};

/// The longest that a tool waits.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// As many workflows are listed by default, and at most.
const LISTED: (u32, u32) = (10, 100);

/// The service, the ledger and the budget of a session.
#[derive(Debug)]
pub(super) struct Desk {
    run: Run,
    budget: Option<Budget>,
    folder: PathBuf,
    /// What was begun here: a request that is made twice in one session is meant twice.
    begun: Mutex<HashSet<ClientKey>>,
}

impl Desk {
    pub(super) fn new(run: Run, budget: Option<Budget>, folder: PathBuf) -> Self {
        Self {
            run,
            budget,
            folder,
            begun: Mutex::default(),
        }
    }

    pub(super) async fn generate(&self, asked: Generate, news: &News) -> Result<Found, Failure> {
        let request = asked.request().map_err(Failure::input)?;
        self.paid(&request, &asked.prompt, asked.wait_seconds, news)
            .await
    }

    pub(super) async fn run(&self, asked: RunWorkflow, news: &News) -> Result<Found, Failure> {
        let request = asked.request().map_err(Failure::input)?;
        self.paid(&request, "workflow", asked.wait_seconds, news)
            .await
    }

    pub(super) async fn price(&self, asked: Price) -> Result<Found, Failure> {
        let request = asked.request().map_err(Failure::input)?;
        let preview = self.run.client().workflows().preview(&request).await;
        let preview = preview.map_err(|error| Failure::call(&error))?;
        let price = preview.price();
        let is_within = self
            .budget
            .as_ref()
            .is_none_or(|budget| price <= budget.left());
        let document = json!({
            "cost": price,
            "isCeiling": preview.is_price_ceiling(),
            "isAffordable": preview.is_affordable(),
            "isWithinBudget": is_within,
            "budget": self.account(),
        });
        Ok(document.into())
    }

    pub(super) async fn get(&self, asked: Waiting, news: &News) -> Result<Found, Failure> {
        let (entry, workflow) = self.known(&asked.id).await?;
        self.wait(&entry, &workflow, asked.wait_seconds, news).await
    }

    pub(super) async fn status(&self, asked: asked::Work) -> Result<Found, Failure> {
        let workflow = self.workflow(&asked.id).await?;
        let snapshot = workflow.poll().await;
        let snapshot = snapshot.map_err(|error| Failure::call(&error))?;
        let steps: Vec<Value> = snapshot.steps().iter().map(step).collect();
        let document = json!({
            "id": workflow.id().to_string(),
            "state": snapshot.phase().to_string(),
            "percent": snapshot.percent(),
            "jobsAhead": snapshot.preceding_jobs(),
            "cost": snapshot.charged(),
            "reason": snapshot.failure().map(|failure| failure.to_string()),
            "steps": steps,
            "budget": self.account(),
        });
        Ok(document.into())
    }

    pub(super) async fn list(&self, asked: Listed) -> Result<Found, Failure> {
        let limit = asked.limit.unwrap_or(LISTED.0).clamp(1, LISTED.1);
        let list = self.run.client().workflows().list().page_size(limit);
        let list = asked.tags.into_iter().fold(list, WorkflowList::tag);
        let mut workflows = list.stream();
        let mut found = Vec::new();
        while found.len() < limit as usize
            && let Some(workflow) = workflows.next().await
        {
            let workflow = workflow.map_err(|error| Failure::call(&error))?;
            let kinds: Vec<_> = workflow.steps().iter().map(StepSnapshot::kind).collect();
            found.push(json!({
                "id": workflow.id().map(ToString::to_string),
                "state": workflow.phase().to_string(),
                "cost": workflow.charged(),
                "createdAt": workflow.reply().created_at,
                "steps": kinds,
                "tags": workflow.reply().tags,
            }));
        }
        Ok(json!({ "workflows": found }).into())
    }

    pub(super) async fn cancel(&self, asked: asked::Work) -> Result<Found, Failure> {
        let workflow = self.workflow(&asked.id).await?;
        let cancelled = workflow.cancel().await;
        cancelled.map_err(|error| Failure::call(&error))?;
        if let Some(entry) = self.run.ledger.find(&asked.id).await? {
            let reached = self
                .run
                .ledger
                .reached(entry.key, State::Canceled, None, None);
            reached.await?;
        }
        // The poll tells the budget what came back.
        let polled = workflow.poll().await.ok();
        let state = polled.map(|snapshot| snapshot.phase().to_string());
        let document = json!({ "id": asked.id, "state": state, "budget": self.account() });
        Ok(document.into())
    }

    pub(super) async fn resource(&self, asked: Model) -> Result<Found, Failure> {
        let air: Result<Air, _> = asked.air.parse();
        let air = air.map_err(|error| Failure::input(format!("air: {error}")))?;
        let found = self.run.client().resources().get(&air).await;
        let found = found.map_err(|error| Failure::call(&error))?;
        Ok(json!(found).into())
    }

    /// Submits a workflow, unless the ledger has the same from a session that was cut off, and waits for it.
    async fn paid(
        &self,
        request: &WorkflowRequest,
        title: &str,
        wait_seconds: u64,
        news: &News,
    ) -> Result<Found, Failure> {
        let place = Place {
            folder: self.folder.clone(),
            naming: NAME.to_owned(),
            prompt: title.to_owned(),
            recipe: true,
        };
        let run = &self.run;
        let mut entry = Entry::new(Workflow::API, run.service(), json!(request), place);
        let left = run.ledger.open_same(&entry).await?;
        let left = left.into_iter().find(|entry| self.begin(entry.key));
        let workflows = run.client().workflows();
        let mut submission = workflows.submit(request);
        if let Some(left) = left {
            entry = left;
            if let Some(id) = entry.workflow()? {
                return self
                    .wait(&entry, &workflows.attach(id), wait_seconds, news)
                    .await;
            }
            submission = submission.resume(entry.key);
        } else {
            self.begin(entry.key);
            run.ledger.prepare(&entry, None).await?;
            submission = submission.key(entry.key);
        }
        if let Some(budget) = &self.budget {
            submission = submission.budget(budget);
        }
        let workflow = accepted(run, &entry, submission.await).await?;
        self.wait(&entry, &workflow, wait_seconds, news).await
    }

    /// Notes that something was begun here; not so where it was before.
    fn begin(&self, key: ClientKey) -> bool {
        let begun = self.begun.lock();
        begun.unwrap_or_else(PoisonError::into_inner).insert(key)
    }

    /// Waits for work and saves its files; says where it stands where it takes longer.
    async fn wait(
        &self,
        entry: &Entry,
        workflow: &Workflow,
        wait_seconds: u64,
        news: &News,
    ) -> Result<Found, Failure> {
        let patience = Duration::from_secs(wait_seconds).min(LONGEST);
        let id = workflow.id().to_string();
        let Ok(ended) = timeout(patience, watch(workflow, news)).await else {
            let document = json!({
                "id": id,
                "state": "running",
                "next": "the work goes on: call `get` with the id",
                "budget": self.account(),
            });
            return Ok(document.into());
        };
        let outcome = settle(&self.run, entry, ended).await?;
        let files = outcome.saved.kept;
        let lines: Vec<Value> = files.iter().map(|kept| line(kept, &id)).collect();
        if let Some(failure) = outcome.failure {
            return Err(failure);
        }
        let document = json!({
            "id": id,
            "state": outcome.end.state,
            "cost": outcome.end.cost,
            "files": lines,
            "texts": outcome.end.texts,
            "budget": self.account(),
        });
        Ok(Found { document, files })
    }

    /// What the ledger has of work, and its handle. Work that others began is written down.
    async fn known(&self, id: &str) -> Result<(Entry, Workflow), Failure> {
        let workflow = self.workflow(id).await?;
        if let Some(entry) = self.run.ledger.find(id).await? {
            return Ok((entry, workflow));
        }
        let entry = written_down(&self.run, &workflow, self.folder.clone()).await?;
        Ok((entry, workflow))
    }

    async fn workflow(&self, id: &str) -> Result<Workflow, Failure> {
        let found = Wanted::find(&self.run, id).await?;
        match found.at_service(&self.run).await? {
            AtService::Workflow(workflow) => Ok(match &self.budget {
                // What was paid before this session is none of its budget's.
                Some(budget) if self.is_begun(id).await? => workflow.budget(budget),
                _ => workflow,
            }),
            AtService::Batch(_) => Err(Failure::input(format!("`{id}` is no workflow"))),
        }
    }

    async fn is_begun(&self, id: &str) -> Result<bool, Failure> {
        let entry = self.run.ledger.find(id).await?;
        let begun = self.begun.lock();
        let begun = begun.unwrap_or_else(PoisonError::into_inner);
        Ok(entry.is_some_and(|entry| begun.contains(&entry.key)))
    }

    /// The budget of the session; nothing where there is none.
    fn account(&self) -> Value {
        self.budget.as_ref().map_or(Value::Null, |budget| {
            json!({
                "limit": budget.limit(),
                "spent": budget.spent(),
                "reserved": budget.reserved(),
                "left": budget.left(),
            })
        })
    }
}

/// Watches a workflow, with news for the agent.
async fn watch(workflow: &Workflow, news: &News) -> Result<WorkflowSnapshot, WatchError<Workflow>> {
    let mut watch = workflow.watch();
    while let Some(update) = watch.next().await? {
        let percent = update.progress.percent.unwrap_or_default();
        news.tell(f64::from(percent), update.phase.to_string())
            .await;
    }
    watch.await
}

fn step(step: &StepSnapshot) -> Value {
    json!({ "name": step.name(), "kind": step.kind(), "state": step.phase().to_string() })
}
