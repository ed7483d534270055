//! The lines of a file: JSONL, CSV, YAML or JSON, or plain prompts; each an object of words.

use std::path::Path;

use clap::ValueEnum;
use serde_json::{Map, Value};

use crate::document::{contents, unreadable};
use crate::failure::Failure;

/// The largest file, in bytes.
const LARGEST: u64 = 64 << 20;
/// Lines of a file, at most.
pub(crate) const MOST: usize = 100_000;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// An object of JSON in each line.
    Jsonl,
    /// A table with names in its first line.
    Csv,
    /// A list of objects; JSON is YAML as well.
    Yaml,
    /// A prompt in each line.
    Text,
}

/// Words by their names.
pub(crate) type Words = Map<String, Value>;

/// A line as it was read.
#[derive(Debug)]
pub(crate) struct Read {
    /// The line in the file, or the number of the item in a list.
    pub(crate) place: usize,
    /// What it says, or why it says nothing.
    pub(crate) words: Result<Words, String>,
}

/// Reads the lines of a file; `-` is the standard input.
pub(crate) fn read(file: &Path, format: Option<Format>) -> Result<Vec<Read>, Failure> {
    let text = contents(file, LARGEST).map_err(|failure| match failure.parts().0 {
        what if what.contains("is larger") => {
            failure.advise("split it, and run one part after the other")
        }
        _ => failure,
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let lines = match format.or_else(|| told_by(file, text)) {
        Some(Format::Jsonl) => jsonl(text),
        Some(Format::Csv) => csv(file, text)?,
        Some(Format::Yaml) => yaml(file, text)?,
        Some(Format::Text) => prompts(text),
        None => {
            let what = format!("it cannot be told how `{}` is written", file.display());
            let advice = "say it with --format jsonl, csv, yaml or text";
            return Err(Failure::input(what).advise(advice));
        }
    };
    match lines.len() {
        0 => Err(Failure::input(format!("`{}` has no lines", file.display()))),
        many if many > MOST => {
            let what = format!("`{}` has {many} lines; {MOST} are taken", file.display());
            Err(Failure::input(what).advise("split it, and run one part after the other"))
        }
        _ => Ok(lines),
    }
}

/// The format by the name of the file, or else by how it begins.
fn told_by(file: &Path, text: &str) -> Option<Format> {
    let extension = file
        .extension()
        .map(|text| text.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("jsonl" | "ndjson") => Some(Format::Jsonl),
        Some("csv") => Some(Format::Csv),
        Some("yaml" | "yml" | "json") => Some(Format::Yaml),
        Some("txt") => Some(Format::Text),
        _ => match text.trim_start() {
            text if text.starts_with('{') => Some(Format::Jsonl),
            text if text.starts_with("- ") || text.starts_with('[') => Some(Format::Yaml),
            _ => None,
        },
    }
}

fn jsonl(text: &str) -> Vec<Read> {
    let lines = text
        .lines()
        .zip(1..)
        .filter(|(line, _)| !line.trim().is_empty());
    let read = |(line, place): (&str, usize)| {
        let words = serde_json::from_str(line).map_err(|error| {
            // The line is the only one that the parser saw.
            let why = error.to_string();
            why.replace("at line 1 column", "at column")
        });
        Read {
            place,
            words: words.and_then(object),
        }
    };
    lines.map(read).collect()
}

/// An empty field says nothing.
fn csv(file: &Path, text: &str) -> Result<Vec<Read>, Failure> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let names = reader
        .headers()
        .map_err(|error| unreadable(file, &error.to_string()))?;
    let names = names.clone();
    if let Some(place) = names.iter().position(str::is_empty) {
        let what = format!("column {} has no name in the first line", place + 1);
        return Err(unreadable(file, &what));
    }
    let place = |position: Option<&csv::Position>| {
        position.map_or(0, |position| {
            usize::try_from(position.line()).unwrap_or(usize::MAX)
        })
    };
    let read = |record: Result<csv::StringRecord, csv::Error>| match record {
        Ok(record) => {
            let said = names
                .iter()
                .zip(&record)
                .filter(|(_, value)| !value.is_empty());
            Read {
                place: place(record.position()),
                words: Ok(said
                    .map(|(name, value)| (name.to_owned(), value.into()))
                    .collect()),
            }
        }
        Err(error) => Read {
            place: place(error.position()),
            words: Err(match error.kind() {
                csv::ErrorKind::UnequalLengths {
                    expected_len, len, ..
                } => {
                    format!("it has {len} fields, and the first line names {expected_len}")
                }
                _ => error.to_string(),
            }),
        },
    };
    Ok(reader.records().map(read).collect())
}

fn yaml(file: &Path, text: &str) -> Result<Vec<Read>, Failure> {
    let read: Result<Value, String> = match text.trim_start().starts_with('[') {
        true => serde_json::from_str(text).map_err(|error| error.to_string()),
        false => serde_saphyr::from_str(text).map_err(|error| error.to_string()),
    };
    match read.map_err(|why| unreadable(file, &why))? {
        Value::Array(items) => {
            let items = items.into_iter().zip(1..);
            let read = items.map(|(item, place)| Read {
                place,
                words: object(item),
            });
            Ok(read.collect())
        }
        _ => Err(unreadable(file, "it is no list of objects")),
    }
}

fn prompts(text: &str) -> Vec<Read> {
    let lines = text
        .lines()
        .zip(1..)
        .filter(|(line, _)| !line.trim().is_empty());
    let read = |(line, place): (&str, usize)| Read {
        place,
        words: Ok(Words::from_iter([(
            "prompt".to_owned(),
            line.trim().into(),
        )])),
    };
    lines.map(read).collect()
}

fn object(value: Value) -> Result<Words, String> {
    match value {
        Value::Object(words) => Ok(words),
        _ => Err("it is no object, such as {\"prompt\": \"fog\", \"seed\": 7}".to_owned()),
    }
}

#[cfg(test)]
mod tests;
