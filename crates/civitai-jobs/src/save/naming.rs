//! Names of saved files, which never lead out of their folder.

use crate::Output;

/// Bytes of a stem, at most; with seed, number and extension a name stays well below the 255 bytes
/// that file systems take.
const LONGEST: usize = 60;

/// How saved files are named: a stem, then the seed of the image or else its place in the job.
///
/// Whatever the text, a stem holds letters, digits and single hyphens only and is of bounded length.
///
/// ```
/// use civitai_jobs::Naming;
///
/// let naming = Naming::from_prompt("../A lighthouse, in fog!");
/// assert_eq!(naming.to_string(), "a-lighthouse-in-fog");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Naming {
    stem: String,
}

impl Naming {
    /// Names files after a prompt, or after any other text.
    #[must_use]
    pub fn from_prompt(prompt: &str) -> Self {
        let mut stem = String::new();
        for letter in prompt.chars().flat_map(char::to_lowercase) {
            if stem.len() + letter.len_utf8() > LONGEST {
                break;
            }
            if letter.is_alphanumeric() {
                stem.push(letter);
            } else if !stem.is_empty() && !stem.ends_with('-') {
                stem.push('-');
            }
        }
        stem.truncate(stem.trim_end_matches('-').len());
        if stem.is_empty() {
            return Self::default();
        }
        Self { stem }
    }

    /// The name of a file, without number and extension.
    pub(super) fn stem(&self, output: &Output) -> String {
        let stem = &self.stem;
        match output.seed() {
            Some(seed) => format!("{stem}-{}", seed.unsigned_abs()),
            None => format!("{stem}-{}", output.index() + 1),
        }
    }
}

/// The stem alone.
impl std::fmt::Display for Naming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.stem)
    }
}

impl Default for Naming {
    /// Names files `image`.
    fn default() -> Self {
        let stem = "image".to_owned();
        Self { stem }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_text_makes_a_name_that_leaves_the_folder(prompt in ".{0,200}") {
            let stem = Naming::from_prompt(&prompt).to_string();
            prop_assert!((1..=LONGEST).contains(&stem.len()));
            prop_assert!(stem.chars().all(|letter| letter.is_alphanumeric() || letter == '-'));
            prop_assert!(!stem.starts_with('-') && !stem.ends_with('-'));
        }
    }

    #[test]
    fn names_read_like_the_prompt() {
        for (prompt, stem) in [
            ("A lighthouse in fog", "a-lighthouse-in-fog"),
            ("../../etc/passwd\0", "etc-passwd"),
            ("C:\\CON", "c-con"),
            ("  \u{2014} ", "image"),
            ("Leuchtturm \u{fc}ber Nebel", "leuchtturm-\u{fc}ber-nebel"),
            ("\u{706f}\u{53f0}", "\u{706f}\u{53f0}"),
        ] {
            assert_eq!(Naming::from_prompt(prompt).to_string(), stem);
        }
    }
}
