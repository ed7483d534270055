//! Reads one file as JSON or YAML and keeps the parser's own words when it fails.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::error::Error;

/// One parsed file.
#[derive(Debug)]
pub(super) struct Source {
    /// The path it was read from.
    pub(super) path: PathBuf,
    /// The path as it appears in messages, with forward slashes.
    pub(super) name: String,
    pub(super) value: Value,
}

/// Reads and parses a file; its ending decides the format.
pub(super) fn read(path: &Path) -> Result<Source, Error> {
    let name = path.display().to_string().replace('\\', "/");
    let bytes =
        fs::read(path).map_err(|error| Error::file(&name, format!("cannot be read: {error}")))?;
    // A byte order mark says nothing in UTF-8.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let value = match path.extension().and_then(|ending| ending.to_str()) {
        Some("json") => serde_json::from_slice(bytes)
            .map_err(|error| Error::file(&name, format!("is no valid JSON: {error}")))?,
        Some("yaml" | "yml") => {
            yaml(bytes).map_err(|error| Error::file(&name, format!("is no valid YAML: {error}")))?
        }
        _ => {
            let what = "the format is told by the ending: name the file .json, .yaml or .yml";
            return Err(Error::file(&name, what));
        }
    };
    Ok(Source {
        path: path.to_owned(),
        name,
        value,
    })
}

fn yaml(bytes: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    // OpenAPI is YAML 1.2: `y`, `no` and `on` are words, not truth values.
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let words = error.to_string();
        words
            .strip_prefix("error: ")
            .map_or(words.clone(), str::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn words_that_were_truth_values_in_older_yaml_stay_words() {
        let text = "enum: [y, n, yes, NO, on, off, true]\nproperties: { y: {}, no: {} }";
        let wanted = json!({
            "enum": ["y", "n", "yes", "NO", "on", "off", true],
            "properties": { "y": {}, "no": {} },
        });
        assert_eq!(super::yaml(text.as_bytes()), Ok(wanted));
    }
}
