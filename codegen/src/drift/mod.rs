//! Contract drift: every difference in meaning between our contract and a vendor's document.
//!
//! Both sides get the contract's patches and are brought into the normal form, so that spelling
//! (dialect, inheritance, file layout, order, words) is no difference. Names of types are compared
//! where both sides have them; any other pair of types is compared by structure.
//!
//! # What counts as breaking
//!
//! A difference is breaking when a client built from *our* contract fails, or is silently not
//! obeyed, at a service that keeps to the *vendor's* document. A type that travels both ways, or
//! that no operation reaches, is judged by both columns.
//!
//! | difference | in a request | in a reply |
//! |---|---|---|
//! | operation, parameter, body, property only ours | breaking | breaking |
//! | … only the vendor's | breaking where required | not |
//! | success status, or type of a reply, only ours | | breaking |
//! | type changed | breaking, unless the vendor takes more | breaking, unless the vendor sends less |
//! | format changed | as the type | as the type |
//! | null no longer allowed / newly allowed | breaking / not | not / breaking |
//! | optional became required / the reverse | breaking / not | not / breaking |
//! | enum value, tag or alternative only ours | breaking | not |
//! | … only the vendor's | not | not: unknown values and tags are kept |
//! | limit narrowed or new | breaking | not: replies are not checked |
//! | tag property or variant type changed | breaking | breaking |
//! | default tag changed | not: requests write their tag | breaking |
//! | became read-only | breaking | not |
//! | default, error status, limit widened | not | not |
//!
//! A default of `null` says nothing, and reply headers are not compared.
//!
//! # Extensions
//!
//! What our contract marks with `x-extension` is known to be missing from the vendor's document and
//! is no difference; neither is what it marks with `x-last-seen`, which the newest document has
//! dropped. The mark covers that the marked thing is missing there, and nothing else: once
//! the vendor's document has it, it is compared like the rest, and the mark is reported as one that
//! can go.
//!
//! # Several documents
//!
//! A contract follows the newest document of its vendor. [`Sources`] knows the dates of those that it
//! was compared with, and [`Report::older`] takes an older one for what it is.

mod compare;
mod detail;
mod differences;
mod extensions;
mod hoist;
mod home;
mod kind;
mod limits;
mod location;
mod members;
mod operation;
mod operations;
mod prepare;
mod propose;
mod render;
mod report;
mod side;
mod sources;
mod tolerance;
mod types;
mod uses;
mod values;
mod yaml;

pub use location::{Location, Subject};
pub use propose::propose;
pub use report::{CaughtUp, Change, Difference, Older, Report};
pub use sources::Sources;

use crate::document::Document;
use crate::error::Error;
use crate::overrides::Overrides;

/// Compares our contract with a vendor's document.
///
/// `overrides` are those of the one contract (see [`Overrides::of`]).
///
/// # Errors
///
/// Faults of either document, a patch whose place is gone, or a `[[tolerate]]` entry with an
/// unknown kind of change.
pub fn compare(ours: Document, vendors: Document, overrides: &Overrides) -> Result<Report, Error> {
    let tolerances = tolerance::Tolerances::of(overrides)?;
    let (mut ours, mut vendors) = (ours, vendors);
    overrides.apply(&mut ours)?;
    overrides.apply(&mut vendors)?;
    let ours = side::Side::new(ours)?;
    let vendors = side::Side::new(vendors)?;
    let mut report = tolerances.sort_out(differences::differences(&ours, &vendors));
    report.caught_up = extensions::caught_up(&ours, &vendors);
    Ok(report)
}
