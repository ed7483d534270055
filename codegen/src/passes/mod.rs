//! The passes, in order. Each heals one kind of construct; what it guesses or cannot carry it says
//! in the notes.
//!
//! The order is part of the design. `operation_ids` is first, because lifted types are named after
//! operations. `events` makes components of webhooks and callbacks, which all others then treat as their
//! own. `dialect` makes 3.1 and 3.0 one, so that the rest sees a single spelling. `references` then
//! promises every other pass that each reference leads somewhere. `alternatives` says plainly what only
//! looks like a choice, and `nulls` what may be null behind a reference. Inline types
//! are lifted before inheritance is flattened, so that children share what their base declares.
//! Unions come after inheritance, since a variant has all members of its bases, and `choices`
//! before them, since it may find a tag. `chaining` marks members of what is then known to be an
//! input, and `defaults` needs the default tags that `unions` has read. Messages (`parameters`, `bodies`, `replies`) follow, and `aliases` comes when it is
//! known which components are types of their own. `orphans` is last, when nothing leads to what others
//! have merged.

mod aliases;
mod alternatives;
mod bodies;
mod chaining;
mod choices;
mod defaults;
mod dialect;
pub(crate) mod envelope;
mod events;
mod inheritance;
mod inline_types;
mod merge;
mod nulls;
mod operation_ids;
mod orphans;
mod parameters;
mod references;
mod replies;
mod successes;
#[cfg(test)]
mod tests;
mod unions;

use crate::document::Document;
use crate::error::Error;
use crate::notes::Notes;

/// One step of the pipeline.
#[derive(Clone, Copy, Debug)]
pub struct Pass {
    /// The name, as it appears in the notes.
    pub name: &'static str,
    run: Run,
    /// Whether it only fits the document to what a generated type or method can say.
    fits: bool,
}

type Run = fn(&mut Document, &mut Notes) -> Result<(), Error>;

impl Pass {
    const fn new(name: &'static str, run: Run) -> Self {
        let fits = false;
        Self { name, run, fits }
    }

    const fn fitting(name: &'static str, run: Run) -> Self {
        let fits = true;
        Self { name, run, fits }
    }
}

/// From a bundled document to the normal form: one dialect, named types, no inheritance, tagged
/// unions, one body and one reply type for each operation.
pub const PASSES: &[Pass] = &[
    Pass::new("operation-ids", operation_ids::run),
    Pass::fitting("events", events::run),
    Pass::new("dialect", dialect::run),
    Pass::new("references", references::run),
    Pass::new("alternatives", alternatives::run),
    Pass::new("nulls", nulls::run),
    Pass::fitting("successes", successes::run),
    Pass::new("inline-types", inline_types::run),
    Pass::new("inheritance", inheritance::run),
    Pass::new("choices", choices::run),
    Pass::new("unions", unions::run),
    Pass::new("chaining", chaining::run),
    Pass::new("defaults", defaults::run),
    Pass::fitting("parameters", parameters::run),
    Pass::fitting("bodies", bodies::run),
    Pass::fitting("replies", replies::run),
    Pass::fitting("aliases", aliases::run),
    Pass::fitting("orphans", orphans::run),
];

/// Brings a document into the normal form.
///
/// # Errors
///
/// The faults of the first pass that finds any.
pub fn normalise(mut doc: Document, notes: &mut Notes) -> Result<Document, Error> {
    for pass in PASSES {
        (pass.run)(&mut doc, notes)?;
    }
    Ok(doc)
}

/// Brings a document into the normal form with its messages as they are: every media type, every
/// error reply, and components that are no Rust types.
pub(crate) fn normalise_schemas(mut doc: Document, notes: &mut Notes) -> Result<Document, Error> {
    for pass in PASSES.iter().filter(|pass| !pass.fits) {
        (pass.run)(&mut doc, notes)?;
    }
    Ok(doc)
}
