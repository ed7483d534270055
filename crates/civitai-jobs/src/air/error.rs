//! Why a text is not an AIR, down to the byte.

use std::fmt;

use super::Air;

/// A text is not an AIR.
///
/// The message names the part at fault, its place and what is expected there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseAirError {
    pub(super) offset: usize,
    pub(super) problem: Problem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    Url,
    TooLong,
    /// One word and nothing that hosts it.
    NoSource,
    /// A type and one word more, which is the source.
    NoId,
    /// More words than there are parts.
    Crowded,
    Empty(AirPart),
    Character(AirPart, char),
    /// Built from a part that the parser would cut elsewhere.
    ReadBackOtherwise(AirPart),
}

impl ParseAirError {
    /// Returns where the fault is, in bytes from the start of the text.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Returns the part at fault, unless it is the text as a whole.
    #[must_use]
    pub fn part(&self) -> Option<AirPart> {
        match self.problem {
            Problem::Url | Problem::TooLong | Problem::Crowded => None,
            Problem::NoSource => Some(AirPart::Source),
            Problem::NoId => Some(AirPart::Id),
            Problem::Empty(part)
            | Problem::Character(part, _)
            | Problem::ReadBackOtherwise(part) => Some(part),
        }
    }

    /// Returns whether the text is a URL, which belongs in a field for URLs.
    #[must_use]
    pub fn is_url(&self) -> bool {
        self.problem == Problem::Url
    }
}

impl fmt::Display for ParseAirError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const FORM: &str = "urn:air:{ecosystem}:{type}:{source}:{id}@{version}";
        let at = self.offset;
        match self.problem {
            Problem::Url => write!(f, "a URL is not an AIR; expected {FORM}"),
            Problem::TooLong => {
                write!(
                    f,
                    "too long for an AIR; expected at most {} characters",
                    Air::MAX_CHARS
                )
            }
            Problem::NoSource => write!(f, "no source and id at byte {at}; expected {FORM}"),
            Problem::NoId => write!(f, "no id after the source at byte {at}; expected {FORM}"),
            Problem::Crowded => write!(f, "a part too many at byte {at}; expected {FORM}"),
            Problem::Empty(part) => {
                write!(f, "empty {part} at byte {at}; expected {}", part.alphabet())
            }
            Problem::Character(part, found) => {
                write!(
                    f,
                    "{found:?} in the {part} at byte {at}; expected {}",
                    part.alphabet()
                )
            }
            Problem::ReadBackOtherwise(part) => {
                write!(
                    f,
                    "the {part} cannot stand here; it would be read back as another part"
                )
            }
        }
    }
}

impl std::error::Error for ParseAirError {}

/// A part of an [`Air`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AirPart {
    /// The family of base models.
    Ecosystem,
    /// The type of the resource.
    Kind,
    /// Who hosts the resource.
    Source,
    /// The resource at its source.
    Id,
    /// The version of the resource.
    Version,
    /// One file of the version.
    FileId,
    /// A layer inside the file.
    Layer,
    /// The file format.
    Format,
}

impl AirPart {
    /// What the part is made of, in words.
    fn alphabet(self) -> &'static str {
        match self {
            Self::Ecosystem | Self::Kind | Self::Source => "letters, digits and _ - /",
            Self::Id => "letters, digits and _ - / .",
            Self::Version => "letters, digits and _ - / . = , % + :",
            Self::FileId => "digits",
            Self::Layer => "letters, digits and _ -",
            Self::Format => "a letter, then letters and digits",
        }
    }

    /// Whether the part may hold the character.
    pub(super) fn allows(self, found: char) -> bool {
        found.is_ascii_alphanumeric()
            || match self {
                Self::Ecosystem | Self::Kind | Self::Source => "_-/".contains(found),
                Self::Id => "_-/.".contains(found),
                Self::Version => "_-/.=,%+:".contains(found),
                Self::Layer => "_-".contains(found),
                Self::FileId | Self::Format => false,
            }
    }
}

impl fmt::Display for AirPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ecosystem => "ecosystem",
            Self::Kind => "type",
            Self::Source => "source",
            Self::Id => "id",
            Self::Version => "version",
            Self::FileId => "file id",
            Self::Layer => "layer",
            Self::Format => "format",
        })
    }
}
