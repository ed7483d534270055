//! Models and other resources, looked up by their AIR.

use civitai_api::v2::operation;
use civitai_api::v2::types::ResourceInfo;

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
}
