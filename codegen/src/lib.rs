//! From OpenAPI contracts to Rust.
//!
//! [`load()`] bundles the files of a contract into one [`Document`], [`generate`] takes it through
//! the passes, the backend and the emission to a tree of files, and [`reconcile`] writes that tree
//! or says what is stale. Nothing here prints, and nothing touches the network.

mod audit;
mod backend;
mod baseline;
mod builders;
mod cut;
mod docs;
mod document;
pub mod drift;
mod emit;
mod error;
mod extension;
mod facts;
mod limits;
mod load;
mod lower;
mod marks;
mod media;
mod model;
mod names;
mod normalised;
mod notes;
mod overrides;
mod package;
mod passes;
mod pointer;
mod preconditions;
mod readme;
mod reconcile;
mod select;
mod setters;
mod shape;
mod sign;
mod waiters;
mod walk;

pub use audit::{Audit, Count, UNSAID};
pub use baseline::baseline;
pub use builders::builders;
pub use cut::FeaturesBy;
pub use document::Document;
pub use emit::{Files, support, watching};
pub use error::{Error, Fault};
pub use facts::{Facts, Found, Holds, Inputs, Named, Outputs, StepType, Told};
pub use load::{load, load_waiters};
pub use normalised::{Normalised, normalised};
pub use notes::{Note, NoteKind, Notes};
pub use overrides::{Overrides, Paged, Patch, Rename, Tolerated};
pub use package::{Package, package};
pub use passes::{PASSES, Pass, normalise};
pub use pointer::Pointer;
pub use reconcile::{Mode, Outcome, reconcile, reconcile_files};
pub use select::Selection;
pub use setters::{Builders, Setter};

use std::collections::BTreeMap;

use model::{Model, Renames};

/// The modules made from one contract, and what was guessed on the way.
#[derive(Clone, Debug)]
pub struct Generated {
    /// `mod.rs`, `client.rs`, `types/…`, `operations/…`.
    pub files: Files,
    /// What was lost, guessed or lived with.
    pub notes: Notes,
    /// What the contract declares, and how much of it is in the files.
    pub audit: Audit,
    /// How the modules are used, as Markdown: a first call, and what else there is.
    pub guide: String,
    /// Schema → the name of its type in the module `types`, for each that has one of its own.
    pub types: BTreeMap<String, String>,
    /// The features that cut the crate of a contract by the tags of its operations, each with its tag.
    pub features: BTreeMap<String, String>,
    /// Whether the contract says how work is watched: the crate then has the feature `watch`.
    pub watches: bool,
}

/// What the generated modules are called, and how they are cut.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The contract's name, which its overrides and the banner of each file say.
    pub contract: &'a str,
    /// The path of the module that holds the support modules (see [`support()`]), such as
    /// `crate::support`.
    pub support: &'a str,
    /// The cargo features of the crate that cut it. A feature has the name of a folder of the
    /// contract or of one of its modules, and turns on the types that are kept there. What is in
    /// none of them is always on.
    pub features: &'a [String],
}

/// Generates the modules of a contract.
///
/// # Errors
///
/// Faults of the document, each with its file and pointer.
pub fn generate(
    doc: Document,
    overrides: &Overrides,
    options: Options<'_>,
) -> Result<Generated, Error> {
    made(doc, overrides, options, false)
}

/// Generates the modules of a contract, cut by the tags of its operations where that is asked for.
fn made(
    doc: Document,
    overrides: &Overrides,
    options: Options<'_>,
    by_tag: bool,
) -> Result<Generated, Error> {
    let mut doc = doc;
    let mut notes = Notes::default();
    let overrides = overrides.of(options.contract);
    overrides.apply(&mut doc)?;
    for (at, what) in &doc.faults {
        notes.fault("loading", at.clone(), what);
    }
    for (at, what) in &doc.losses {
        notes.loss("loading", at.clone(), what);
    }
    for (at, what) in &doc.guesses {
        notes.guess("loading", at.clone(), what);
    }
    passes::envelope::open(&mut doc, &mut notes);
    let declared = doc.clone();
    let doc = normalise(doc, &mut notes)?;
    let renames = Renames::new(&overrides.renames);
    let mut model = Model::of(&doc, options.features, &renames, &mut notes);
    renames.check(&doc.file)?;
    model.envelope = model::envelope(&doc)?;
    model.waiters = waiters::waiters(&doc, &model, &mut notes)?;
    let features = if by_tag {
        model::by_tag(&mut model)
    } else {
        BTreeMap::new()
    };
    let backend = backend::run(&model, &doc.file)?;
    let settings = emit::Settings {
        contract: options.contract.to_owned(),
        digest: doc.digest.clone(),
        support: options.support.to_owned(),
    };
    let limits = limits::limits(&model);
    notes.relocate(|at| doc.written_at(at));
    // What is counted is not what is written: one need not wait for the other.
    let (emitted, audit) = std::thread::scope(|scope| {
        let audit = scope.spawn(|| audit::audit(&declared, &model, &mut notes));
        let emitted = emit::emit(&model, &limits, &backend, &settings);
        (emitted, audit.join())
    });
    let emit::Emitted { files, call } = emitted?;
    let audit = audit.map_err(|_| Error::file(doc.file.as_str(), "it could not be counted"))?;
    let guide = readme::guide(&model, options.contract, call.as_deref());
    let watches = !model.waiters.is_empty();
    Ok(Generated {
        files,
        notes,
        audit,
        guide,
        types: model.own_types(),
        features,
        watches,
    })
}
