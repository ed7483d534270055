//! AIR: the identifier of a model, a network or any other resource that a job names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use builder::AirBuilder;
pub use error::{AirPart, ParseAirError};
use parse::Parts;

mod builder;
mod error;
mod parse;

/// The identifier of a resource: `urn:air:{ecosystem}:{type}:{source}:{id}@{version}`.
///
/// ```
/// use civitai_jobs::Air;
///
/// let air: Air = "urn:air:sdxl:checkpoint:civitai:827184@2514310".parse()?;
/// assert_eq!(air.ecosystem(), Some("sdxl"));
/// assert_eq!(air.kind(), Some("checkpoint"));
/// assert_eq!((air.source(), air.id()), ("civitai", Some("827184")));
/// assert_eq!(air.version(), Some("2514310"));
///
/// let short: Air = "civitai:120096@135931".parse()?;
/// assert_eq!(short.to_string(), "civitai:120096@135931");
/// assert_eq!(short.canonical().to_string(), "urn:air:civitai:120096@135931");
/// # Ok::<(), civitai_jobs::ParseAirError>(())
/// ```
///
/// # Forms
///
/// - `urn:` and `air:` may be left out, as may the ecosystem, the type and the version.
/// - One word before the source is the ecosystem, unless it is a type that the service is known to
///   use: `lora:civitai:1@2` has a type and no ecosystem.
/// - After a version of digits come `+file`, `:layer` and `.format`, each optional and in that
///   order. After any other version (a tag, a digest, a file name) only `+file`, perhaps with a
///   format, is told apart; `main.tar` is a version. An id of digits takes a `.format` where there
///   is no version.
/// - The older form `@civitai/128713` names a version alone and so has no [`id`](Self::id).
/// - Ecosystems, types, sources and formats are open: words that the service adds later parse too.
///
/// An `Air` keeps the text that it was parsed from. Two are equal when their texts are; compare the
/// [canonical](Self::canonical) forms to see past a missing prefix or capital letters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Air {
    text: Box<str>,
    parts: Parts,
}

impl Air {
    /// The greatest length of an AIR, in characters.
    pub const MAX_CHARS: usize = 512;

    /// One version of a model on civitai.com, in the full form.
    ///
    /// ```
    /// # use civitai_jobs::Air;
    /// let air = Air::civitai("sdxl", "checkpoint", 101055, 128078)?;
    /// assert_eq!(air.as_str(), "urn:air:sdxl:checkpoint:civitai:101055@128078");
    /// # Ok::<(), civitai_jobs::ParseAirError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ParseAirError`] where the ecosystem or the type is not a word.
    pub fn civitai(
        ecosystem: &str,
        kind: &str,
        model_id: u64,
        version_id: u64,
    ) -> Result<Self, ParseAirError> {
        Self::builder("civitai", &model_id.to_string())
            .ecosystem(ecosystem)
            .kind(kind)
            .version(&version_id.to_string())
            .build()
    }

    /// Starts an AIR from the parts that every one has: who hosts the resource, and its id there.
    pub fn builder(source: &str, id: &str) -> AirBuilder {
        AirBuilder::new(source, id)
    }

    /// Returns the family of base models, such as `sdxl` or `flux1`.
    #[must_use]
    pub fn ecosystem(&self) -> Option<&str> {
        self.part(self.parts.ecosystem)
    }

    /// Returns the type of the resource, such as `checkpoint` or `lora`.
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        self.part(self.parts.kind)
    }

    /// Who hosts the resource, such as `civitai` or `huggingface`.
    #[must_use]
    pub fn source(&self) -> &str {
        self.parts.source.of(&self.text)
    }

    /// Returns the resource at its source: a number on Civitai, a path elsewhere. `None` only in the older
    /// form that names a version alone.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.part(self.parts.id)
    }

    /// Returns the version: a number on Civitai, a tag, a digest or a file name elsewhere. `None` leaves the
    /// choice to the service.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.part(self.parts.version)
    }

    /// Returns one file of the version, in digits.
    #[must_use]
    pub fn file_id(&self) -> Option<&str> {
        self.part(self.parts.file_id)
    }

    /// Returns a layer inside the file.
    #[must_use]
    pub fn layer(&self) -> Option<&str> {
        self.part(self.parts.layer)
    }

    /// Returns the wanted file format, such as `safetensors`.
    #[must_use]
    pub fn format(&self) -> Option<&str> {
        self.part(self.parts.format)
    }

    /// Returns the text, as it was parsed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the same identifier with its full prefix, and with prefix, ecosystem, type and source in
    /// small letters. Ids, versions and what follows keep their case, which matters at some sources.
    /// The form that names a version alone has no other spelling and stays as it is, and so does a
    /// text that the prefix would make too long.
    #[must_use]
    pub fn canonical(&self) -> Self {
        let Some(id) = self.parts.id else {
            return self.clone();
        };
        let text = self.as_str();
        let (words, rest) = text.split_at(id.start);
        let words = words
            .get(self.parts.prefix.end..)
            .unwrap_or_default()
            .to_ascii_lowercase();
        format!("urn:air:{words}{rest}")
            .parse()
            .unwrap_or_else(|_| self.clone())
    }

    fn part(&self, span: Option<parse::Span>) -> Option<&str> {
        span.map(|span| span.of(&self.text))
    }
}

impl FromStr for Air {
    type Err = ParseAirError;

    fn from_str(text: &str) -> Result<Self, ParseAirError> {
        Ok(Self {
            parts: parse::parse(text)?,
            text: text.into(),
        })
    }
}

impl TryFrom<&str> for Air {
    type Error = ParseAirError;

    fn try_from(text: &str) -> Result<Self, ParseAirError> {
        text.parse()
    }
}

impl fmt::Display for Air {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for Air {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Air").field(&self.text).finish()
    }
}

impl AsRef<str> for Air {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Serialize for Air {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Air {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
