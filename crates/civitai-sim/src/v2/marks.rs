//! Marks: what planned outputs hold in place of links, since each reply signs them anew.

use serde_json::Value;

/// A file, by its id.
pub(super) const BLOB: &str = "@blob";
/// The bare link to a file.
pub(super) const LINK: &str = "@link";
/// The link to the archive of a job.
pub(super) const ARCHIVE: &str = "@archive";
/// When links end.
pub(super) const EXPIRES: &str = "@expires";

/// The ids of all files that a planned output holds.
pub(super) fn files(output: &Value, found: &mut Vec<String>) {
    match output {
        Value::Array(items) => items.iter().for_each(|item| files(item, found)),
        Value::Object(members) => {
            let id = members.get(BLOB).or_else(|| members.get(LINK));
            match id.and_then(Value::as_str) {
                Some(id) => found.push(id.to_owned()),
                None => members.values().for_each(|value| files(value, found)),
            }
        }
        _ => {}
    }
}
