//! Replies in forms that the contract once had and the generated types refuse.

use civitai_api::v1::types::{JobStatus, JobStatusCollection};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a reply that could not be decoded, where its only fault is a length of time written as an
/// object. Nothing here needs those. A bare job is read as a batch of one.
pub(crate) fn reread(error: &civitai_api::Error) -> Option<JobStatusCollection> {
    error.decode_error()?;
    read(error.body()?)
}

/// The same for a reply of any one type.
pub(crate) fn reread_as<T: DeserializeOwned>(error: &civitai_api::Error) -> Option<T> {
    error.decode_error()?;
    let mut reply: Value = serde_json::from_slice(error.body()?).ok()?;
    drop_long_durations(&mut reply);
    serde_json::from_value(reply).ok()
}

pub(crate) fn read(body: &[u8]) -> Option<JobStatusCollection> {
    let mut reply: Value = serde_json::from_slice(body).ok()?;
    drop_long_durations(&mut reply);
    if reply.get("jobs").is_some() {
        return serde_json::from_value(reply).ok();
    }
    let job: JobStatus = serde_json::from_value(reply).ok()?;
    Some(JobStatusCollection {
        token: None,
        jobs: Some(vec![job]),
    })
}

fn drop_long_durations(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(drop_long_durations),
        Value::Object(members) => {
            members.retain(|name, member| !(name.ends_with("Duration") && member.is_object()));
            members.values_mut().for_each(drop_long_durations);
        }
        _ => {}
    }
}
