//! Models and other resources: looked up by their AIR, and those that are loaded or about to be.

use civitai_api::v2::operation;
use civitai_api::v2::operations::QueryResourcesOptions;
use civitai_api::v2::types::{ResourceInfo, ResourceView};
use futures_util::TryStreamExt as _;
use futures_util::stream::{self, BoxStream, StreamExt as _};

use super::cursors::Cursors;
use crate::error::Doing;
use crate::{Air, Client, Error};

impl Client {
    /// Looks up a model or another resource: its size, hashes and files, and whether it can be used
    /// to generate.
    ///
    /// # Errors
    ///
    /// There is none of this AIR (status 404), or the call failed.
    pub async fn resource(&self, air: &Air) -> Result<ResourceInfo, Error> {
        let (api, air) = (self.api_v2(), air.to_string());
        let call = || api.get_resource(&air);
        Ok(self
            .ask(operation::GET_RESOURCE, Doing::ReadingResource, call)
            .await?
            .value)
    }

    /// The resources that workers hold, so that work with them starts at once: set filters, then read
    /// the list.
    pub fn loaded_resources(&self) -> ResourceList {
        ResourceList::new(self.clone(), ResourceView::Loaded)
    }

    /// The resources that are being loaded or wait for it: set filters, then read the list.
    pub fn queued_resources(&self) -> ResourceList {
        ResourceList::new(self.clone(), ResourceView::Queue)
    }
}

/// A list of resources that has not been read; a value that can be cloned and shared.
///
/// A service of before September 2026 has no such list (status 404).
#[derive(Clone, Debug)]
#[must_use = "a list does nothing until it is read"]
pub struct ResourceList {
    client: Client,
    view: ResourceView,
    options: QueryResourcesOptions,
}

impl ResourceList {
    fn new(client: Client, view: ResourceView) -> Self {
        let options = QueryResourcesOptions::default();
        Self {
            client,
            view,
            options,
        }
    }

    /// Asks only for resources of this type, such as `checkpoint`, or of those named before.
    pub fn kind(mut self, kind: impl Into<String>) -> Self {
        let kinds = self.options.type_.get_or_insert_default();
        kinds.push(kind.into());
        self
    }

    /// Leaves out resources of this type, beside those named before.
    pub fn without_kind(mut self, kind: impl Into<String>) -> Self {
        let kinds = self.options.exclude_type.get_or_insert_default();
        kinds.push(kind.into());
        self
    }

    /// Asks only for resources from this source, such as `civitai`, or from those named before.
    pub fn source(mut self, source: impl Into<String>) -> Self {
        let sources = self.options.source.get_or_insert_default();
        sources.push(source.into());
        self
    }

    /// Asks only for resources of so many bytes or more.
    pub fn min_size(mut self, bytes: u64) -> Self {
        self.options.min_size_bytes = Some(i64::try_from(bytes).unwrap_or(i64::MAX));
        self
    }

    /// Asks only for resources of so many bytes or fewer.
    pub fn max_size(mut self, bytes: u64) -> Self {
        self.options.max_size_bytes = Some(i64::try_from(bytes).unwrap_or(i64::MAX));
        self
    }

    /// Sets how many resources one request brings, at least 1; the service chooses unless told.
    pub fn page_size(mut self, resources: u32) -> Self {
        let take = i32::try_from(resources.max(1)).unwrap_or(i32::MAX);
        self.options.take = Some(take);
        self
    }

    /// The resources one by one. A page is fetched when the one before has been used up.
    ///
    /// An item is an error where a page could not be read, or the pages do not come to an end;
    /// nothing follows it.
    pub fn stream(&self) -> BoxStream<'static, Result<ResourceInfo, Error>> {
        let first = (self.clone(), Cursors::default());
        let pages = stream::try_unfold(Some(first), turn);
        let resources = pages.map_ok(|page| stream::iter(page).map(Ok));
        resources.try_flatten().boxed()
    }

    /// All the resources at once.
    ///
    /// # Errors
    ///
    /// As for [`stream`](Self::stream).
    pub async fn all(&self) -> Result<Vec<ResourceInfo>, Error> {
        self.stream().try_collect().await
    }
}

/// What is read of a list, and what follows it.
type Turn = (Vec<ResourceInfo>, Option<(ResourceList, Cursors)>);

async fn turn(pages: Option<(ResourceList, Cursors)>) -> Result<Option<Turn>, Error> {
    let Some((list, mut cursors)) = pages else {
        return Ok(None);
    };
    let options = QueryResourcesOptions {
        cursor: cursors.current().map(str::to_owned),
        ..list.options.clone()
    };
    let api = list.client.api_v2();
    let call = || api.query_resources(&list.view, &options);
    let (operation, doing) = (operation::QUERY_RESOURCES, Doing::ListingResources);
    let page = list.client.ask(operation, doing, call).await?.value;
    let next = page.next.filter(|cursor| !cursor.is_empty());
    let more = cursors.turn(next, page.items.is_empty())?;
    Ok(Some((page.items, more.then_some((list, cursors)))))
}
