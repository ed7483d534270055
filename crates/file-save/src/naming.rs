//! Names of saved files, which never lead out of their folder.

use std::collections::HashSet;
use std::fmt;

pub use parse::ParseNamingError;
use parse::{Piece, parse};

use crate::Named;

mod parse;

/// Bytes of a prompt in a name, at most.
const PROMPT: usize = 60;
/// Bytes of a stem, at most; with number, extension and the ending of a sidecar a name stays below
/// the 255 bytes that file systems take.
const STEM: usize = 180;
/// Names that one system keeps for devices, whatever the extension.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// How saved files are named, without the extension, which follows from the content.
///
/// A template holds text and placeholders:
///
/// | placeholder | stands for |
/// |---|---|
/// | `{prompt}` | the prompt, in lower case and with hyphens, cut to 60 bytes |
/// | `{seed}` | the seed of the image; where that is not known, its place in the job |
/// | `{index}` | the place of the file in its job, from 1 |
/// | `{job}` | the id of the job or workflow |
///
/// Whatever the values, a name is one name: it holds no separator, does not begin with a dot and
/// is of bounded length. Files that would get the same name are numbered, so that a template need
/// not tell them apart.
///
/// ```
/// use file_save::Naming;
///
/// let naming: Naming = "{job} {prompt} no. {index}".parse()?;
/// let naming = naming.prompt("../A lighthouse, in fog!");
/// assert_eq!(naming.to_string(), "{job} a-lighthouse-in-fog no. {index}");
///
/// let error = "{sed}".parse::<Naming>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "there is no placeholder {sed}; there are {prompt}, {seed}, {index} and {job}",
/// );
/// assert!("../{seed}".parse::<Naming>().is_err());
/// # Ok::<(), file_save::ParseNamingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Naming {
    pieces: Vec<Piece>,
    prompt: String,
}

impl Naming {
    /// Names files after a prompt, or after any other text, and their seed: `{prompt}-{seed}`.
    #[must_use]
    pub fn from_prompt(prompt: &str) -> Self {
        Self::default().prompt(prompt)
    }

    /// Sets what `{prompt}` stands for. Default: `image`.
    #[must_use]
    pub fn prompt(mut self, prompt: &str) -> Self {
        self.prompt = slug(&prompt.to_lowercase(), "image");
        self
    }

    /// Returns the stems for files that are saved together: no two alike, also to a system that does not
    /// tell capitals apart.
    ///
    /// They follow from the files and their order alone, so that a repetition finds the same ones.
    pub fn stems(&self, files: impl Iterator<Item = impl Named>) -> Vec<String> {
        let mut taken = HashSet::new();
        let free = |stem: String| {
            let mut numbered = stem.clone();
            let mut number = 1_u32;
            while !taken.insert(numbered.to_lowercase()) {
                number += 1;
                numbered = format!("{stem}-{number}");
            }
            numbered
        };
        files.map(|file| self.stem(&file)).map(free).collect()
    }

    /// The stem of a file of which nothing is known.
    #[cfg(feature = "disk")]
    pub(crate) fn plain(&self) -> String {
        self.prompt.clone()
    }

    fn stem(&self, file: &impl Named) -> String {
        let index = (file.index() + 1).to_string();
        let mut stem = String::new();
        for piece in &self.pieces {
            stem += &match piece {
                Piece::Text(text) => text.clone(),
                Piece::Prompt => self.prompt.clone(),
                Piece::Seed => match file.seed() {
                    Some(seed) => seed.unsigned_abs().to_string(),
                    None => index.clone(),
                },
                Piece::Index => index.clone(),
                Piece::Job => slug(file.work(), "job"),
            };
        }
        let fits = |end: &usize| stem.is_char_boundary(*end);
        stem.truncate((0..=STEM.min(stem.len())).rev().find(fits).unwrap_or(0));
        stem.truncate(stem.trim_end_matches(['.', ' ']).len());
        let first = stem.split('.').next().unwrap_or_default();
        if is_device(first) {
            stem.insert_str(0, "image-");
        }
        stem
    }
}

/// Letters and digits of a text, with single hyphens for what is between them.
fn slug(text: &str, otherwise: &str) -> String {
    let mut slug = String::new();
    for letter in text.chars() {
        if slug.len() + letter.len_utf8() > PROMPT {
            break;
        }
        if letter.is_alphanumeric() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    if slug.is_empty() {
        otherwise.clone_into(&mut slug);
    }
    slug
}

/// Whether a name is that of a device: one of the four, or a port such as `com1`.
fn is_device(name: &str) -> bool {
    let name = name.trim_end().to_lowercase();
    let port = name
        .strip_prefix("com")
        .or_else(|| name.strip_prefix("lpt"));
    DEVICES.contains(&name.as_str()) || port.is_some_and(|rest| rest.chars().count() == 1)
}

/// The template, with the prompt in its place.
impl fmt::Display for Naming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces.iter().try_for_each(|piece| match piece {
            Piece::Text(text) => f.write_str(text),
            Piece::Prompt => f.write_str(&self.prompt),
            Piece::Seed | Piece::Index | Piece::Job => piece.fmt(f),
        })
    }
}

impl std::str::FromStr for Naming {
    type Err = ParseNamingError;

    /// Reads a template.
    fn from_str(template: &str) -> Result<Self, ParseNamingError> {
        let pieces = parse(template)?;
        Ok(Self {
            pieces,
            ..Self::default()
        })
    }
}

impl Default for Naming {
    /// `{prompt}-{seed}`, where the prompt is `image`.
    fn default() -> Self {
        Self {
            pieces: vec![Piece::Prompt, Piece::Text("-".to_owned()), Piece::Seed],
            prompt: "image".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
