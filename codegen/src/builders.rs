//! What a crate of builders needs to know of a contract.

use crate::document::Document;
use crate::emit::{self, Files};
use crate::error::Error;
use crate::facts::{self, Facts};
use crate::model::{Model, Renames};
use crate::notes::Notes;
use crate::overrides::Overrides;
use crate::setters::{Builders, Setter};
use crate::{Options, normalise};

impl Facts {
    /// Writes the modules with the traits of builders: `mod.rs`, and one for each set of cargo features.
    pub fn files(&self) -> Files {
        emit::builders::files(self)
    }

    /// Writes the modules with tables: `mod.rs`, `meanings.rs` and `places.rs`.
    pub fn tables(&self) -> Files {
        emit::builders::tables(self)
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
