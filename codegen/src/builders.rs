//! What a crate of builders needs to know of a contract: its settings, and the facts that follow.

use serde::Deserialize;

use crate::document::Document;
use crate::emit::{self, Files};
use crate::error::Error;
use crate::facts::{self, Inputs, Outputs, StepType};
use crate::model::{Model, Renames};
use crate::notes::Notes;
use crate::overrides::Overrides;
use crate::{Options, normalise};

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

/// What follows from a contract for builders.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The step types, by their tags.
    pub steps: Vec<StepType>,
    /// What each input can be told.
    pub inputs: Inputs,
    /// What each step type makes.
    pub outputs: Outputs,
    /// The members that mean the same in any input, by the trait that says so.
    pub meanings: Vec<(String, Vec<String>)>,
    /// What could not be carried.
    pub notes: Notes,
    pub(crate) contract: String,
}

impl Facts {
    /// Writes the modules: `mod.rs`, `places.rs`, and one for each set of cargo features.
    pub fn files(&self) -> Files {
        emit::builders::files(self)
    }
}

/// Finds what builders need to know of a contract.
///
/// # Errors
///
/// Faults of the document, and settings that name what is not there.
pub fn builders(
    doc: Document,
    overrides: &Overrides,
    options: Options<'_>,
    settings: &Builders,
) -> Result<Facts, Error> {
    let (mut doc, mut ignored) = (doc, Notes::default());
    let overrides = overrides.of(options.contract);
    overrides.apply(&mut doc)?;
    let doc = normalise(doc, &mut ignored)?;
    let renames = Renames::new(&overrides.renames);
    let model = Model::of(&doc, options.features, &renames, &mut ignored);
    let mut notes = Notes::default();
    let steps = facts::steps(&model, settings, &mut notes)?;
    Ok(Facts {
        inputs: facts::inputs(&model, settings, &steps, &mut notes)?,
        outputs: facts::outputs(&model, settings, &steps, &mut notes)?,
        meanings: meanings(settings),
        steps,
        notes,
        contract: options.contract.to_owned(),
    })
}

/// The setters that are said of all inputs.
fn meanings(settings: &Builders) -> Vec<(String, Vec<String>)> {
    let setters = settings.setters.iter().filter(|setter| setter.of.is_none());
    let members = |setter: &Setter| [setter.any.as_slice(), &setter.all].concat();
    setters
        .map(|setter| (setter.name.clone(), members(setter)))
        .collect()
}
