//! Models and other resources, looked up by their AIR.

use civitai_api::v2::types::ResourceInfo;

use super::call::Operation;
use crate::error::Doing;
use crate::{Air, Client, Error};

const GET: Operation = Operation::new("GET", "/v2/resources/{air}");

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
        Ok(self.ask(GET, Doing::ReadingResource, call).await?.value)
    }
}
