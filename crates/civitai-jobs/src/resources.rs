//! Models and other resources: looked up by their AIR, and those that are loaded or about to be.

use civitai_api::v2::operation;
use civitai_api::v2::operations::QueryResourcesOptions;
use civitai_api::v2::types::{ResourceInfo, ResourceView};

use crate::call::Call;
use crate::error::Purpose;
use crate::pages::{Items, Page};
use crate::{Air, Client, Error};

/// The models and other resources of the service: what [`Client::resources`] gives.
#[derive(Clone, Debug)]
pub struct Resources {
    client: Client,
}

impl Client {
    /// Returns the models and other resources of the service.
    #[must_use]
    pub fn resources(&self) -> Resources {
        let client = self.clone();
        Resources { client }
    }
}

impl Resources {
    /// Looks up a model or another resource: its size, hashes and files, and whether it can be used
    /// to generate.
    ///
    /// # Errors
    ///
    /// There is none of this AIR (status 404), or the call failed.
    pub async fn get(&self, air: &Air) -> Result<ResourceInfo, Error> {
        let (api, air) = (self.client.api_v2(), air.to_string());
        let call = Call::new(operation::GET_RESOURCE, Purpose::ReadResource);
        Ok(self
            .client
            .call(call, || api.get_resource(&air))
            .await?
            .value)
    }

    /// Lists the resources that workers hold, so that work with them starts at once: set filters, then
    /// read the list.
    pub fn loaded(&self) -> ResourceList {
        ResourceList::new(self.client.clone(), ResourceView::Loaded)
    }

    /// Lists the resources that are being loaded or wait for it: set filters, then read the list.
    pub fn queued(&self) -> ResourceList {
        ResourceList::new(self.client.clone(), ResourceView::Queue)
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

    /// Sets how many resources one request brings, at least 1. Default: the service's choice.
    pub fn page_size(mut self, resources: u32) -> Self {
        let take = i32::try_from(resources.max(1)).unwrap_or(i32::MAX);
        self.options.take = Some(take);
        self
    }

    /// Returns the resources one by one; see [`Items`].
    pub fn stream(&self) -> Items<ResourceInfo> {
        let list = self.clone();
        Items::pages(move |cursor| {
            let list = list.clone();
            async move {
                let options = QueryResourcesOptions {
                    cursor,
                    ..list.options
                };
                let api = list.client.api_v2();
                let call = Call::new(operation::QUERY_RESOURCES, Purpose::ListResources);
                let send = || api.query_resources(&list.view, &options);
                let page = list.client.call(call, send).await?.value;
                Ok(Page {
                    items: page.items,
                    next: page.next,
                })
            }
        })
    }

    /// Reads all resources.
    ///
    /// # Errors
    ///
    /// A page could not be read, or the pages do not come to an end.
    pub async fn all(&self) -> Result<Vec<ResourceInfo>, Error> {
        self.stream().all().await
    }
}
