//! Makes an AIR from its parts.

use super::Air;
use super::error::{AirPart, ParseAirError, Problem};

/// Collects the parts of an [`Air`]; made by [`Air::builder`].
///
/// ```
/// use civitai_jobs::Air;
///
/// let air = Air::builder("huggingface", "Civitai/Qwen-Image-Bench-FP8")
///     .ecosystem("qwen3")
///     .kind("repository")
///     .version("main.tar")
///     .build()?;
/// let full = "urn:air:qwen3:repository:huggingface:Civitai/Qwen-Image-Bench-FP8@main.tar";
/// assert_eq!(air.as_str(), full);
/// # Ok::<(), civitai_jobs::ParseAirError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "parts do nothing until they are built"]
pub struct AirBuilder {
    source: String,
    id: String,
    ecosystem: Option<String>,
    kind: Option<String>,
    version: Option<String>,
    file_id: Option<u64>,
    layer: Option<String>,
    format: Option<String>,
}

impl AirBuilder {
    pub(super) fn new(source: &str, id: &str) -> Self {
        Self {
            source: source.to_owned(),
            id: id.to_owned(),
            ecosystem: None,
            kind: None,
            version: None,
            file_id: None,
            layer: None,
            format: None,
        }
    }

    /// Sets the family of base models.
    pub fn ecosystem(mut self, ecosystem: &str) -> Self {
        self.ecosystem = Some(ecosystem.to_owned());
        self
    }

    /// Sets the type. Without an ecosystem it must be one that the service is known to use.
    pub fn kind(mut self, kind: &str) -> Self {
        self.kind = Some(kind.to_owned());
        self
    }

    /// Sets the version.
    pub fn version(mut self, version: &str) -> Self {
        self.version = Some(version.to_owned());
        self
    }

    /// Sets the file of the version, which must be set too.
    pub fn file_id(mut self, file_id: u64) -> Self {
        self.file_id = Some(file_id);
        self
    }

    /// Sets the layer, which only a version of digits can have.
    pub fn layer(mut self, layer: &str) -> Self {
        self.layer = Some(layer.to_owned());
        self
    }

    /// Sets the format, which only a version of digits, or one with a file id, can have; or an id
    /// of digits without a version.
    pub fn format(mut self, format: &str) -> Self {
        self.format = Some(format.to_owned());
        self
    }

    /// Puts the parts together in the full form.
    ///
    /// # Errors
    ///
    /// [`ParseAirError`] where a part is not of its alphabet, or would be read back as another part
    /// from where it stands. Its offset counts in the text put together.
    pub fn build(self) -> Result<Air, ParseAirError> {
        let air: Air = self.text().parse()?;
        let file_id = self.file_id.map(|file_id| file_id.to_string());
        // What hangs on another part goes first: it is the likelier mistake.
        for (part, read, given) in [
            (AirPart::Format, air.format(), self.format),
            (AirPart::Layer, air.layer(), self.layer),
            (AirPart::FileId, air.file_id(), file_id),
            (AirPart::Kind, air.kind(), self.kind),
            (AirPart::Ecosystem, air.ecosystem(), self.ecosystem),
            (AirPart::Version, air.version(), self.version),
            (AirPart::Id, air.id(), Some(self.id)),
            (AirPart::Source, Some(air.source()), Some(self.source)),
        ] {
            if let Some(given) = given
                && read != Some(given.as_str())
            {
                let offset = air.as_str().find(&given).unwrap_or_default();
                return Err(ParseAirError {
                    offset,
                    problem: Problem::ReadBackOtherwise(part),
                });
            }
        }
        Ok(air)
    }

    fn text(&self) -> String {
        let file_id = self.file_id.map(|file_id| file_id.to_string());
        let mut text = String::from("urn:air:");
        for word in [&self.ecosystem, &self.kind].into_iter().flatten() {
            text.push_str(word);
            text.push(':');
        }
        text.push_str(&self.source);
        text.push(':');
        text.push_str(&self.id);
        for (mark, part) in [
            ('@', &self.version),
            ('+', &file_id),
            (':', &self.layer),
            ('.', &self.format),
        ] {
            if let Some(part) = part {
                text.push(mark);
                text.push_str(part);
            }
        }
        text
    }
}
