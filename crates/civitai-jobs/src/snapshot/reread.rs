//! Replies in forms that the contract once had and the generated types refuse.

use civitai_api::v1::types::JobStatus;
use serde_json::Value;

/// Reads the jobs of a reply that could not be decoded, where its only fault is a length of time
/// written as an object. Nothing here needs those.
pub(crate) fn reread(error: &civitai_api::Error) -> Option<Vec<JobStatus>> {
    error.decode_error()?;
    read(error.body()?)
}

pub(super) fn read(body: &[u8]) -> Option<Vec<JobStatus>> {
    let mut reply: Value = serde_json::from_slice(body).ok()?;
    drop_long_durations(&mut reply);
    let jobs = match reply.get_mut("jobs") {
        Some(jobs) => jobs.take(),
        None => Value::Array(vec![reply]),
    };
    serde_json::from_value(jobs).ok()
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
