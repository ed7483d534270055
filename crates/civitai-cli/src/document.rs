//! Documents that a user gives as files: workflows, and the members in them.

use std::path::Path;

use serde_json::Value;

use crate::failure::{Failure, chain};
use crate::source::Links;
use crate::told;

/// The largest file of a workflow, in bytes.
const LARGEST: u64 = 16 << 20;

/// Reads a file as JSON or YAML; `-` is the standard input.
pub(crate) fn read(file: &Path) -> Result<Value, Failure> {
    let text = contents(file, LARGEST)?;
    // YAML is read by its own rules, and JSON by those of JSON, so that a message fits the file.
    let is_json = text.trim_start().starts_with(['{', '[']);
    let read = match is_json {
        true => serde_json::from_str(&text).map_err(|error| error.to_string()),
        false => serde_saphyr::from_str(&text).map_err(|error| error.to_string()),
    };
    read.map_err(|why| unreadable(file, &why))
}

/// What files are called after that a document leads to.
pub(crate) fn title(file: &Path, otherwise: &str) -> String {
    let stem = file
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    stem.filter(|stem| stem != "-")
        .unwrap_or_else(|| otherwise.to_owned())
}

/// Sets a member at a path; text is what JSON makes of it, or itself.
pub(crate) fn set(within: &mut Value, path: &[&str], value: &told::Value, links: &Links) {
    let value = match value {
        told::Value::Text(text) => {
            serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into())
        }
        told::Value::Json(value) => value.clone(),
        told::Value::File(source) => links.of(source),
    };
    put(within, path, value);
}

/// A document that cannot be read, by the first line of the reason.
pub(crate) fn unreadable(file: &Path, why: &str) -> Failure {
    let why = why.lines().next().unwrap_or_default();
    Failure::input(format!("`{}` cannot be read: {why}", file.display()))
}

/// Sets a value at a path of names and, in lists, numbers; objects are made where they are missing.
fn put(within: &mut Value, path: &[&str], value: Value) {
    let Some((first, rest)) = path.split_first() else {
        *within = value;
        return;
    };
    let place = match within {
        Value::Array(items) => first
            .parse()
            .ok()
            .and_then(|index: usize| items.get_mut(index)),
        Value::Object(object) => Some(object.entry(*first).or_insert(Value::Null)),
        other => {
            *other = Value::Object(serde_json::Map::new());
            return put(other, path, value);
        }
    };
    if let Some(place) = place {
        put(place, rest, value);
    }
}

/// The text of a file of so many bytes at most.
pub(crate) fn contents(file: &Path, largest: u64) -> Result<String, Failure> {
    use std::io::Read as _;

    let unreadable = |error: &std::io::Error| {
        Failure::input(format!(
            "`{}` cannot be read: {}",
            file.display(),
            chain(error)
        ))
    };
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().take(largest + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|file| file.take(largest + 1).read_to_end(&mut bytes))
    };
    let read = read.map_err(|error| unreadable(&error))?;
    if read as u64 > largest {
        let what = format!("`{}` is larger than {} MiB", file.display(), largest >> 20);
        return Err(Failure::input(what));
    }
    let text = String::from_utf8(bytes);
    text.map_err(|_| Failure::input(format!("`{}` is no text in UTF-8", file.display())))
}
