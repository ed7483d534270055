//! The section `[builders]` of `contracts.toml`: what no contract can say.

use serde::Deserialize;

/// The section `[builders]` of `contracts.toml`: where the facts come from, and what no contract
/// can say.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Builders {
    /// The contract.
    pub contract: String,
    /// The crate that gets the facts.
    #[serde(rename = "crate")]
    pub package: std::path::PathBuf,
    /// The union of the steps as they are submitted.
    pub template: String,
    /// The union of the steps as the service reports them.
    pub reply: String,
    /// The member of a reported step that holds what it made.
    pub output: String,
    /// The union of the files that steps make.
    pub file: String,
    /// Which members mean what.
    #[serde(rename = "setter")]
    pub setters: Vec<Setter>,
}

/// Something that many inputs can be told, and the members that mean it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setter {
    /// The trait of an input that can be told.
    #[serde(rename = "trait")]
    pub name: String,
    /// What a member holds: `text`, `i32`, `i64`, `f64`, `bool`, `integer` for whole numbers of any
    /// width, `texts`, `weights` for resources with a strength each, or the name of a schema.
    pub kind: String,
    /// Members of which the first that is there is meant.
    #[serde(default)]
    pub any: Vec<String>,
    /// Members that are meant together.
    #[serde(default)]
    pub all: Vec<String>,
    /// The input of whose step types it is said; of all without one.
    pub of: Option<String>,
}
