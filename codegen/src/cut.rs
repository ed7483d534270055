//! What the features of a crate of its own turn on.

use std::collections::BTreeSet;
use std::path::Path;

use crate::document::Document;
use crate::names::RESERVED_FEATURES;

/// What the features of a crate of its own turn on, each some of its operations and what they need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FeaturesBy {
    /// There are none: everything is always there.
    #[default]
    Nothing,
    /// The operations of a tag, the first that each has.
    Tag,
    /// The types of a folder of the document, and the operations that need them.
    Folder,
}

impl FeaturesBy {
    /// What a feature turns on, as a comment in one line.
    pub(crate) fn about(self, of: &str) -> String {
        let about = match self {
            Self::Folder => format!("The types of the folder `{of}`."),
            Self::Nothing | Self::Tag => format!("The operations of the tag `{of}`."),
        };
        about.replace(char::is_control, " ")
    }

    /// Why there is no feature, where there should be one.
    pub(crate) fn missing(self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Tag => Some("no operation has a tag, so that nothing can be cut by tag"),
            Self::Folder => {
                Some("no schema is in a folder of its own, so that nothing can be cut by folder")
            }
        }
    }

    /// What the README of a crate says of its features.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Tag => {
                "- Each tag is a feature, all of them on by default: without the default features, a program compiles the \
                 operations of the tags that it names, with the types that they need.\n"
            }
            Self::Folder => {
                "- Each folder of types is a feature, all of them on by default: without the default features, a program \
                 compiles those that it names, and the operations that need no others.\n"
            }
        }
    }
}

/// Returns the first folder below the one that all schemas share, of each that is in one.
pub(crate) fn folders(doc: &Document) -> Vec<String> {
    let parents = doc
        .origins
        .iter()
        .filter(|(at, _)| at.as_str().starts_with("/components/schemas/"));
    let parents: Vec<Vec<&str>> = parents
        .filter_map(|(_, (file, _))| Path::new(file).parent())
        .map(|parent| parent.iter().filter_map(|part| part.to_str()).collect())
        .collect();
    let shared =
        parents
            .iter()
            .skip(1)
            .fold(parents.first().map_or(0, Vec::len), |shared, parent| {
                let same = parents[0].iter().zip(parent);
                same.take_while(|(one, other)| one == other)
                    .count()
                    .min(shared)
            });
    let own: BTreeSet<&str> = parents
        .iter()
        .filter_map(|parent| parent.get(shared).copied())
        .collect();
    let fits = |name: &&str| {
        let letters =
            |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
        name.chars().all(letters) && !RESERVED_FEATURES.contains(name)
    };
    own.into_iter().filter(fits).map(str::to_owned).collect()
}
