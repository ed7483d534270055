//! Lists of workflows: filters, and page after page.

use chrono::{DateTime, TimeDelta, Utc};
use civitai_api::v2::operation;
use civitai_api::v2::operations::QueryWorkflowsOptions;

use super::handle::Workflow;
use super::snapshot::WorkflowSnapshot;
use crate::call::{Call, Reply};
use crate::error::Purpose;
use crate::pages::{Items, Page};
use crate::{Client, ClientKey, Error};

/// How far the clocks of a caller and of the service may be apart.
const SKEW: TimeDelta = TimeDelta::minutes(10);
/// The latest workflows that are searched in any case: a page of the list.
const LATEST: usize = 100;

/// A list of workflows that has not been read; a value that can be cloned and shared.
///
/// The service leaves mature content out of a list unless [mature content is asked for](Self::mature), though
/// not when a single workflow is read.
#[derive(Clone, Debug)]
#[must_use = "a list does nothing until it is read"]
pub struct WorkflowList {
    client: Client,
    tags: Vec<String>,
    without: Vec<String>,
    query: Option<String>,
    oldest_first: bool,
    mature: bool,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    exclude_failed: bool,
    page: Option<u32>,
}

impl WorkflowList {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            tags: Vec::new(),
            without: Vec::new(),
            query: None,
            oldest_first: false,
            mature: false,
            since: None,
            until: None,
            exclude_failed: false,
            page: None,
        }
    }

    /// Asks only for workflows with this tag, beside those named before.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// Leaves out workflows with this tag, beside those named before. A service of before September
    /// 2026 ignores it.
    pub fn without_tag(mut self, tag: impl Into<String>) -> Self {
        self.without.push(tag.into());
        self
    }

    /// Asks only for workflows whose metadata fit a text.
    pub fn query(mut self, text: impl Into<String>) -> Self {
        self.query = Some(text.into());
        self
    }

    /// Asks for the oldest first.
    pub fn oldest_first(mut self) -> Self {
        self.oldest_first = true;
        self
    }

    /// Asks for links to mature content, too.
    pub fn mature(mut self) -> Self {
        self.mature = true;
        self
    }

    /// Asks only for workflows made at this time or later.
    pub fn since(mut self, time: DateTime<Utc>) -> Self {
        self.since = Some(time);
        self
    }

    /// Asks only for workflows made before this time.
    pub fn until(mut self, time: DateTime<Utc>) -> Self {
        self.until = Some(time);
        self
    }

    /// Leaves out workflows that did not succeed.
    pub fn exclude_failed(mut self) -> Self {
        self.exclude_failed = true;
        self
    }

    /// Sets how many workflows one request brings, at least 1. Default: 100.
    pub fn page_size(mut self, workflows: u32) -> Self {
        self.page = Some(workflows.max(1));
        self
    }

    /// Returns the workflows one by one; see [`Items`].
    pub fn stream(&self) -> Items<WorkflowSnapshot> {
        let list = self.clone();
        Items::pages(move |cursor| {
            let list = list.clone();
            let call = Call::new(operation::QUERY_WORKFLOWS, Purpose::ListWorkflows);
            async move { Ok(list.page(call, cursor).await?.value) }
        })
    }

    /// Reads all workflows.
    ///
    /// # Errors
    ///
    /// A page could not be read, or the pages do not come to an end.
    pub async fn all(&self) -> Result<Vec<WorkflowSnapshot>, Error> {
        self.stream().all().await
    }

    /// Reads one page.
    pub(super) async fn page(
        &self,
        call: Call,
        cursor: Option<String>,
    ) -> Result<Reply<Page<WorkflowSnapshot>>, Error> {
        let api = self.client.api_v2();
        let take = self
            .page
            .map(|page| i32::try_from(page).unwrap_or(i32::MAX));
        let options = QueryWorkflowsOptions {
            ascending: self.oldest_first.then_some(true),
            cursor,
            exclude_failed: self.exclude_failed.then_some(true),
            exclude_tags: (!self.without.is_empty()).then(|| self.without.clone()),
            from_date: self.since,
            hide_mature_content: self.mature.then_some(false),
            query: self.query.clone(),
            tags: (!self.tags.is_empty()).then(|| self.tags.clone()),
            take,
            to_date: self.until,
        };
        let reply = self
            .client
            .call(call, || api.query_workflows(&options))
            .await?;
        let page = reply.value;
        Ok(Reply {
            value: Page {
                items: page.items.into_iter().map(WorkflowSnapshot::from).collect(),
                next: page.next.filter(|cursor| !cursor.is_empty()),
            },
            retry_after: reply.retry_after,
        })
    }
}

/// Searches the list for the workflow that was submitted under a key.
pub(super) async fn find(client: &Client, key: ClientKey) -> Result<Option<Workflow>, Error> {
    let list = WorkflowList::new(client.clone()).mature();
    let Some(made) = key.made_at() else {
        return find_in(client, key, list.stream(), usize::MAX).await;
    };
    // A submission follows soon after its key was made.
    let since = list.clone().since(made - SKEW).oldest_first();
    match find_in(client, key, since.stream(), usize::MAX).await? {
        Some(workflow) => Ok(Some(workflow)),
        // Where the clocks are further apart than that, it is among the latest all the same.
        None => find_in(client, key, list.stream(), LATEST).await,
    }
}

/// Searches so many workflows at most.
async fn find_in(
    client: &Client,
    key: ClientKey,
    mut workflows: Items<WorkflowSnapshot>,
    most: usize,
) -> Result<Option<Workflow>, Error> {
    for _ in 0..most {
        let Some(workflow) = workflows.next().await else {
            break;
        };
        let workflow = workflow?;
        if workflow.client_key() == Some(key)
            && let Some(id) = workflow.id()
        {
            let ephemeral = workflow.reply().ephemeral == Some(true);
            let found = Workflow::new(client.clone(), id.clone(), ephemeral);
            return Ok(Some(found.submitted(key, workflow)));
        }
    }
    Ok(None)
}
