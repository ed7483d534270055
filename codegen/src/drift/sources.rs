//! The published documents of each contract and their dates, as `sources.toml` lists them: tells a
//! document that is older than the newest one.

use std::path::Path;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::error::Error;

/// The documents that contracts are compared with.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Sources {
    #[serde(default, rename = "source")]
    all: Vec<Source>,
}

/// One document. What else the file says of it is for its readers.
#[derive(Clone, Debug, Deserialize)]
struct Source {
    /// The contract's name.
    name: String,
    sha256: String,
    /// The day or the month, such as `2026-09-30` or `2026-09`.
    taken: String,
}

impl Sources {
    /// Reads the list.
    ///
    /// # Errors
    ///
    /// The file cannot be read, is no TOML of this form, or a date is none.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string().replace('\\', "/");
        let text = std::fs::read_to_string(path)
            .map_err(|error| Error::file(&name, format!("cannot be read: {error}")))?;
        Self::parse(&name, &text)
    }

    /// Takes the list from its text; `name` is for messages.
    ///
    /// # Errors
    ///
    /// The text is no TOML of this form, or a date is none.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        let sources: Self = toml::from_str(text)
            .map_err(|error| Error::file(name, format!("is no list of sources: {error}")))?;
        match sources.all.iter().find(|source| !is_date(&source.taken)) {
            None => Ok(sources),
            Some(source) => {
                let taken = &source.taken;
                let what = format!("has the date `{taken}`; write 2026-09 or 2026-09-30");
                Err(Error::file(name, what))
            }
        }
    }

    /// Returns the date of this document and that of the newest one of the contract, if the document
    /// is known and older. One that nobody knows counts as newest.
    #[must_use]
    pub fn older(&self, contract: &str, document: &[u8]) -> Option<(&str, &str)> {
        let digest: String = Sha256::digest(document)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let known = self.all.iter().filter(|source| source.name == contract);
        let newest = known.clone().map(|source| source.taken.as_str()).max()?;
        let this = known.clone().find(|source| source.sha256 == digest)?;
        (this.taken.as_str() < newest).then_some((&this.taken, newest))
    }
}

/// Whether text is a year, a month and perhaps a day, so that dates compare as text.
fn is_date(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    matches!(lengths[..], [4, 2] | [4, 2, 2])
        && text
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_digit())
}
