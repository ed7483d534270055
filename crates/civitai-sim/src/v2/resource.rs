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
        let weight = u32::from_str_radix(&digest[..6], 16).unwrap_or(0);
        let available = !self.settings.uncovered.contains(air);
        let availability = if available {
            json!({"status": "available", "workers": self.queue.workers()})
        } else {
            json!({"status": "unavailable"})
        };
        let is_lora = air.split(':').any(|part| part == "lora");
        let size = u64::from(weight) * if is_lora { 16 } else { 512 };
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
}
