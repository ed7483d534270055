//! Forms of parts (`multipart/form-data`): values as text, objects as JSON, files as they come.

use std::fmt;

use bytes::Bytes;
use reqwest::Body;
use reqwest::multipart::{Form, Part};
use serde::Serialize;
use serde_json::Value;

use super::Error;
use super::style::{self, Style};

/// A file that is sent as a part of a form.
///
/// ```ignore
/// let cat = FilePart::named("cat.png", bytes).media_type("image/png");
/// ```
pub struct FilePart {
    body: Body,
    length: Option<u64>,
    name: Option<String>,
    media_type: Option<String>,
}

impl FilePart {
    /// Takes a file with the name that the service sees: bytes, or a stream of them
    /// ([`reqwest::Body::wrap_stream`], or an open `tokio::fs::File`).
    pub fn named(name: impl Into<String>, body: impl Into<Body>) -> Self {
        let body = body.into();
        Self {
            length: body.as_bytes().map(|bytes| bytes.len() as u64),
            body,
            name: Some(name.into()),
            media_type: None,
        }
    }

    /// Sets the media type, such as `image/png`; without one, it is what the contract says, or any bytes.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// Sets how many bytes a stream has, so that the service is told before they come.
    #[must_use]
    pub fn length(mut self, bytes: u64) -> Self {
        self.length = Some(bytes);
        self
    }

    fn into_part(self, name: &str, usual: Option<&str>) -> Result<Part, Error> {
        // In a browser, a body is there as a whole and has its length.
        #[cfg(target_family = "wasm")]
        let part = Part::stream(self.body);
        #[cfg(not(target_family = "wasm"))]
        let part = match self.length {
            Some(length) => Part::stream_with_length(self.body, length),
            None => Part::stream(self.body),
        };
        // A part without a file name is a value to most services.
        let part = part.file_name(self.name.unwrap_or_else(|| name.to_owned()));
        let media = self.media_type.as_deref().or(usual);
        Ok(part.mime_str(media.unwrap_or("application/octet-stream"))?)
    }
}

impl From<Vec<u8>> for FilePart {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<Bytes> for FilePart {
    fn from(bytes: Bytes) -> Self {
        Self {
            length: Some(bytes.len() as u64),
            body: bytes.into(),
            name: None,
            media_type: None,
        }
    }
}

impl From<&'static [u8]> for FilePart {
    fn from(bytes: &'static [u8]) -> Self {
        Bytes::from_static(bytes).into()
    }
}

impl fmt::Debug for FilePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FilePart")
            .field("name", &self.name)
            .field("media_type", &self.media_type)
            .finish_non_exhaustive()
    }
}

/// A form of parts, in the order in which they are added.
#[derive(Debug, Default)]
pub struct Parts {
    form: Form,
}

impl Parts {
    /// Adds a value: text as it is, an object as JSON.
    ///
    /// # Errors
    ///
    /// A value that cannot be written.
    pub fn value(mut self, name: &str, value: &impl Serialize) -> Result<Self, Error> {
        self.values(name, [value], None)?;
        Ok(self)
    }

    /// Adds a file.
    ///
    /// # Errors
    ///
    /// A media type that is none.
    pub fn file(mut self, name: &str, file: impl Into<FilePart>) -> Result<Self, Error> {
        self.files(name, [file.into()], None)?;
        Ok(self)
    }

    /// Adds a part for each value.
    pub(crate) fn values<T: Serialize>(
        &mut self,
        name: &str,
        values: impl IntoIterator<Item = T>,
        media: Option<&str>,
    ) -> Result<(), Error> {
        for value in values {
            let value = style::json(name, &value)?;
            let (text, usual) = match value {
                Value::Null => continue,
                Value::String(text) => (text, None),
                Value::Array(_) | Value::Object(_) => (value.to_string(), Some("application/json")),
                value => (value.to_string(), None),
            };
            let mut part = Part::text(text);
            if let Some(media) = media.or(usual) {
                part = part.mime_str(media)?;
            }
            self.add(name, part);
        }
        Ok(())
    }

    /// Adds a value in a style of its own.
    pub(crate) fn styled(
        &mut self,
        name: &str,
        value: &impl Serialize,
        style: Style,
    ) -> Result<(), Error> {
        for (name, text) in style::plain_pairs(name, value, style)? {
            self.add(&name, Part::text(text));
        }
        Ok(())
    }

    /// Adds a part for each file.
    pub(crate) fn files(
        &mut self,
        name: &str,
        files: impl IntoIterator<Item = FilePart>,
        media: Option<&str>,
    ) -> Result<(), Error> {
        for file in files {
            self.add(name, file.into_part(name, media)?);
        }
        Ok(())
    }

    pub(crate) fn into_form(self) -> Form {
        self.form
    }

    fn add(&mut self, name: &str, part: Part) {
        self.form = std::mem::take(&mut self.form).part(name.to_owned(), part);
    }
}
