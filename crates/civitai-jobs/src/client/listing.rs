//! Lists of workflows: filters, and page after page.

use civitai_api::v2::operation;
use civitai_api::v2::operations::QueryWorkflowsOptions;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use chrono::{DateTime, Utc};
use civitai_api::ResponseValue;
use civitai_api::v2::types::WorkflowPage as RawPage;
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};

use super::call::Reply;
use super::cursors::Cursors;
use crate::error::Doing;
use crate::{Client, Error, WorkflowSnapshot};

/// A list of workflows that has not been read; a value that can be cloned and shared.
///
/// The service leaves mature content out of a list unless [told otherwise](Self::mature), though
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

    /// Sets how many workflows one request brings, at least 1; 100 unless told.
    pub fn page_size(mut self, workflows: u32) -> Self {
        self.page = Some(workflows.max(1));
        self
    }

    /// The workflows one by one. A page is fetched when the one before has been used up, and
    /// nothing is sent before the first is asked for.
    ///
    /// An item is an error where a page could not be read, or the pages do not come to an end;
    /// nothing follows it.
    pub fn stream(&self) -> WorkflowStream {
        let first = (self.clone(), Cursors::default());
        let pages = stream::try_unfold(Some(first), turn);
        let workflows = pages
            .map_ok(|page| stream::iter(page).map(Ok))
            .try_flatten();
        WorkflowStream {
            workflows: workflows.boxed(),
        }
    }

    /// All the workflows at once.
    ///
    /// # Errors
    ///
    /// As for [`stream`](Self::stream).
    pub async fn all(&self) -> Result<Vec<WorkflowSnapshot>, Error> {
        self.stream().try_collect().await
    }

    async fn page(&self, cursor: Option<&str>) -> Result<Page, Error> {
        let call = || self.call(cursor);
        let (client, doing) = (&self.client, Doing::Listing);
        let page = client.ask(operation::QUERY_WORKFLOWS, doing, call).await?;
        Ok(read(page.value))
    }

    /// One page, without retries, for those who look again anyway.
    pub(crate) async fn look(&self, cursor: Option<&str>) -> Result<Reply<Page>, Error> {
        let call = self.call(cursor);
        let (client, doing) = (&self.client, Doing::Listing);
        let page = client.look(operation::QUERY_WORKFLOWS, doing, call).await?;
        Ok(Reply {
            value: read(page.value),
            retry_after: page.retry_after,
        })
    }

    async fn call(
        &self,
        cursor: Option<&str>,
    ) -> Result<ResponseValue<RawPage>, civitai_api::Error> {
        let api = self.client.api_v2();
        let take = self
            .page
            .map(|page| i32::try_from(page).unwrap_or(i32::MAX));
        api.query_workflows(&QueryWorkflowsOptions {
            ascending: self.oldest_first.then_some(true),
            cursor: cursor.map(str::to_owned),
            exclude_failed: self.exclude_failed.then_some(true),
            exclude_tags: (!self.without.is_empty()).then(|| self.without.clone()),
            from_date: self.since,
            hide_mature_content: self.mature.then_some(false),
            query: self.query.clone(),
            tags: (!self.tags.is_empty()).then(|| self.tags.clone()),
            take,
            to_date: self.until,
        })
        .await
    }
}

/// A page, and the cursor of the one that follows.
pub(crate) type Page = (Vec<WorkflowSnapshot>, Option<String>);

fn read(page: RawPage) -> Page {
    let workflows = page.items.into_iter().map(WorkflowSnapshot::new);
    let next = page.next.filter(|cursor| !cursor.is_empty());
    (workflows.collect(), next)
}

/// Reads a page; also returns what follows it.
async fn turn(
    pages: Option<(WorkflowList, Cursors)>,
) -> Result<Option<(Vec<WorkflowSnapshot>, Option<(WorkflowList, Cursors)>)>, Error> {
    let Some((list, mut cursors)) = pages else {
        return Ok(None);
    };
    let (page, next) = list.page(cursors.current()).await?;
    let more = cursors.turn(next, page.is_empty())?;
    Ok(Some((page, more.then_some((list, cursors)))))
}

/// The workflows of a [list](WorkflowList), as a [`Stream`]; [`next`](Self::next) takes one without
/// further imports.
#[must_use = "a stream does nothing until it is read"]
pub struct WorkflowStream {
    workflows: BoxStream<'static, Result<WorkflowSnapshot, Error>>,
}

impl WorkflowStream {
    /// The next workflow; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<WorkflowSnapshot, Error>> {
        self.workflows.next().await
    }
}

impl Stream for WorkflowStream {
    type Item = Result<WorkflowSnapshot, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.workflows.poll_next_unpin(cx)
    }
}

impl fmt::Debug for WorkflowStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WorkflowStream")
    }
}
