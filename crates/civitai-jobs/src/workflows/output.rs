//! The files of a step: found where the contract puts them, whether they can be fetched or not.

use chrono::{DateTime, Utc};
use civitai_api::v2::operation;
use civitai_api::v2::types::NsfwLevel;
use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use crate::WorkflowId;
use crate::file::{File, FileKind, Origin};
use crate::places::{Holds, Place, each};
use crate::tables::places::PLACES;

/// Returns the files in the output of a step of this type.
pub(super) fn files(
    kind: &str,
    workflow: Option<&WorkflowId>,
    step: &str,
    output: &Value,
) -> Vec<File> {
    let places = PLACES.iter().find(|(name, _)| *name == kind);
    let origin = Origin::Step {
        workflow: workflow.cloned(),
        step: step.into(),
    };
    let mut found = Vec::new();
    for place in places.into_iter().flat_map(|(_, places)| *places) {
        each(output, place.path, "", &mut |value, path| {
            let empty = File::new(origin.clone(), found.len(), path, FileKind::Other);
            found.extend(read(place, value, empty, output));
        });
    }
    found
}

/// Reads member by member, so that one of an unknown form costs no file.
fn read(place: &Place, value: &Value, empty: File, output: &Value) -> Option<File> {
    let text = |value: &Value, name: &str| value.get(name)?.as_str().map(str::to_owned);
    let date = |value: &Value, name: &str| {
        let is_date = |text: &String| text.parse::<DateTime<Utc>>().is_ok();
        text(value, name).filter(is_date).map(Into::into)
    };
    let link = |text: Option<String>| text.filter(|url| !url.is_empty()).map(SecretString::from);
    let kind = match place.holds {
        Holds::Link(kind) => {
            let url = value.as_str()?.to_owned();
            // A few outputs are a blob without being called one: its members stand beside the link.
            let path = empty.path();
            let beside = (!path.contains('[') && !path.contains('.')).then_some(output);
            let member = |name: &str| beside.and_then(|output| output.get(name));
            let available = member("available").and_then(Value::as_bool).unwrap_or(true);
            let expires = ["urlExpiresAt", "expiresAt"];
            let named = beside.and_then(|output| text(output, "id"));
            return Some(File {
                kind,
                blob_id: named.or_else(|| blob_id(&url)),
                url_expires: beside
                    .and_then(|output| expires.iter().find_map(|name| date(output, name))),
                available: available && !url.is_empty(),
                url: link(Some(url)),
                ..empty
            });
        }
        // What is neither seen nor heard, such as a trained model, is what its place says.
        Holds::Blob(kind @ (FileKind::Image | FileKind::Video | FileKind::Audio)) => {
            told(value).unwrap_or(kind)
        }
        Holds::Blob(kind) => kind,
        Holds::AnyBlob => told(value).unwrap_or(FileKind::Other),
    };
    value.as_object()?;
    let pixels = |name: &str| u32::try_from(value.get(name)?.as_u64()?).ok();
    let url = link(text(value, "url"));
    let available = value.get("available").and_then(Value::as_bool) == Some(true);
    Some(File {
        kind,
        blob_id: text(value, "id"),
        available: available && url.is_some(),
        url,
        url_expires: date(value, "urlExpiresAt"),
        blocked_reason: text(value, "blockedReason").filter(|reason| !reason.is_empty()),
        nsfw_level: text(value, "nsfwLevel").map(NsfwLevel::from),
        size: pixels("width").zip(pixels("height")),
        seconds: value.get("duration").and_then(Value::as_f64),
        ..empty
    })
}

/// The id in a link to a blob of the service.
fn blob_id(link: &str) -> Option<String> {
    let url = Url::parse(link).ok()?;
    let (folder, _) = operation::GET_BLOB.path.split_once('{')?;
    let id = url.path().strip_prefix(folder)?;
    (!id.is_empty() && !id.contains('/')).then(|| id.to_owned())
}

/// What a blob says of itself.
fn told(blob: &Value) -> Option<FileKind> {
    match blob.get("type")?.as_str()? {
        "image" => Some(FileKind::Image),
        "video" => Some(FileKind::Video),
        "audio" => Some(FileKind::Audio),
        "model3d" => Some(FileKind::Model3d),
        _ => None,
    }
}
