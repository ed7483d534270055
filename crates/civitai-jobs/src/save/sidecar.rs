//! What is written beside a file: where it came from and what it was made with.

use civitai_api::v1::types::JobRequest;
use file_save::Facts;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{File, TextToImage};

/// Members of a request that stay out of a sidecar: an address for callbacks may hold a secret.
const PRIVATE: [&str; 1] = ["callbackUrl"];

/// The JSON file beside each saved file, named like it with `.json` behind: `fog-7.png.json`.
///
/// | member | what |
/// |---|---|
/// | `workId`, `step` | the id of the job or workflow, the name of the step |
/// | `blobId`, `index` | the file's name at the service, its place in the job or step from 0 |
/// | `bytes`, `mediaType` | size and type of the file |
/// | `seed` | the seed of the image, where the service told it |
/// | `jobCost` | the price of the whole job in Buzz, where the service told it |
/// | `createdAt` | when the service wrote the file, where the storage told it |
/// | `model`, `request` | the model and the whole request, where it was given |
///
/// It never holds a link to the file, a token, or the address for callbacks.
#[derive(Clone, Debug, Default)]
#[must_use = "a sidecar is written once it is given to `Save::sidecar`"]
pub struct Sidecar {
    request: Option<Value>,
}

impl Sidecar {
    /// Creates a sidecar with what the service told.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a sidecar with the request that the files were made by; one that does not pass its check can
    /// have made none, and is left out.
    pub fn of(request: &TextToImage) -> Self {
        match JobRequest::try_from(request) {
            Ok(request) => Self::new().request(request),
            Err(_) => Self::new(),
        }
    }

    /// Adds the request that the files were made by, in the service's own words: a low-level
    /// request, or any other value that serialises to a JSON object. One that does not is left out.
    pub fn request(mut self, request: impl Serialize) -> Self {
        let request = serde_json::to_value(request).ok();
        self.request = request.filter(Value::is_object).map(without_secrets);
        self
    }

    pub(super) fn text(&self, file: &File, facts: &Facts) -> Vec<u8> {
        let mut members = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                members.insert(name.to_owned(), value);
            }
        };
        put("workId", Some(file.work_id().into()));
        put("step", file.step().map(Value::from));
        put("blobId", file.blob_id().map(Value::from));
        put("index", Some(file.index().into()));
        put("bytes", Some(facts.bytes.into()));
        put("mediaType", Some(facts.kind.media_type.into()));
        put("seed", file.seed().map(Value::from));
        put(
            "jobCost",
            file.job_cost().map(|cost| serde_json::json!(cost)),
        );
        put(
            "createdAt",
            facts.modified.as_deref().and_then(date).map(Value::from),
        );
        let model = self
            .request
            .as_ref()
            .and_then(|request| request.get("model"));
        put("model", model.cloned());
        put("request", self.request.clone());
        let mut text = format!("{:#}", Value::Object(members)).into_bytes();
        text.push(b'\n');
        text
    }
}

/// An HTTP date as JSON writes dates.
fn date(text: &str) -> Option<String> {
    let date = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    Some(
        date.to_utc()
            .to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
    )
}

fn without_secrets(mut value: Value) -> Value {
    match &mut value {
        Value::Object(members) => {
            members.retain(|name, _| !PRIVATE.contains(&name.as_str()));
            for member in members.values_mut() {
                *member = without_secrets(member.take());
            }
        }
        Value::Array(items) => {
            for item in items {
                *item = without_secrets(item.take());
            }
        }
        _ => {}
    }
    value
}
