//! Models and other resources, made up from their AIR.

use serde_json::{Value, json};

use crate::air::is_air;
use crate::problem::Problem;

use super::state::Orchestrator;
use super::view::put;

impl Orchestrator {
    /// What is known of a resource.
    ///
    /// # Errors
    ///
    /// Fails for what is no AIR, and for a resource that is said not to exist.
    pub(crate) fn resource(&self, air: &str) -> Result<Value, Problem> {
        if !is_air(air) {
            return Err(Problem::field("air", format!("`{air}` is not an AIR.")));
        }
        if self.settings.v2.missing.contains(air) {
            return Err(Problem::no_such("resource"));
        }
        let digest = self.settings.seed.sign(&["resource", air]).to_uppercase();
        let weight = self.weight(air);
        let available = !self.settings.uncovered.contains(air);
        let availability = self.availability(air);
        let size = self.size_of(air);
        let mut view = json!({
            "air": air,
            "size": size,
            "hashes": {"sha256": digest, "autoV2": &digest[..10]},
            "downloadUrls": [format!("{}/files/{}.safetensors", self.api_url, &digest[..16])],
            "resourceName": format!("Resource {}", &digest[..4]),
            "versionName": "v1",
            "checkPermission": false,
            "canGenerate": available,
            "requiresAuthorization": false,
            "fileFormat": "safeTensor",
            "hasMatureContentRestriction": false,
            "hasNSFWContentRestriction": false,
            "popularityRank": f64::from(weight) / f64::from(0xff_ffff),
            "isFeatured": false,
            "payoutEnabled": true,
            "availability": availability,
        });
        put(
            &mut view,
            "publishedAt",
            Some("2025-01-01T00:00:00Z".into()),
        );
        Ok(view)
    }

    /// The size of a resource in bytes, as was told or else made up.
    pub(super) fn size_of(&self, air: &str) -> u64 {
        let is_lora = air.split(':').any(|part| part == "lora");
        let made_up = u64::from(self.weight(air)) * if is_lora { 16 } else { 512 };
        self.shelf.size(air).unwrap_or(made_up)
    }

    /// A number of up to 24 bits that follows from the AIR.
    fn weight(&self, air: &str) -> u32 {
        let digest = self.settings.seed.sign(&["resource", air]);
        u32::from_str_radix(&digest[..6], 16).unwrap_or(0)
    }
}
