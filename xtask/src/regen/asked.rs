//! The words that `cargo xtask regen` takes for an answer.

use clap::ValueEnum;

/// What the features of a crate turn on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum FeaturesBy {
    /// The operations of a tag, and the types that only they need.
    Tag,
    /// The types of a folder, and the operations that need them.
    Folder,
    /// There are none.
    #[default]
    None,
}

impl FeaturesBy {
    pub(super) fn of_package(self) -> codegen::FeaturesBy {
        match self {
            Self::Tag => codegen::FeaturesBy::Tag,
            Self::Folder => codegen::FeaturesBy::Folder,
            Self::None => codegen::FeaturesBy::Nothing,
        }
    }
}

/// What makes a crate be refused.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Denied {
    /// What of the document does not reach the crate.
    Losses,
}

/// How the notes are printed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Report {
    /// As one JSON object.
    Json,
}
