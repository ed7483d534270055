//! The comparison as a whole: operations first, since they show which types of different names
//! are one, then every schema that either side names.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::compare::Comparison;
use super::detail::Detail;
use super::home::home;
use super::location::{Location, Subject};
use super::report::Difference;
use super::side::{Side, origin};
use super::{hoist, operations};
use crate::document::operation_pointer;
use crate::pointer::Pointer;

/// Compares two documents.
pub(super) fn differences(ours: &Side, vendors: &Side) -> Vec<Difference> {
    let mut comparison = Comparison {
        ours,
        vendors,
        settled: true,
        renamed: BTreeMap::new(),
        explained_ours: BTreeSet::new(),
        explained_vendors: BTreeSet::new(),
        queue: VecDeque::new(),
        known: BTreeMap::new(),
        walking: BTreeSet::new(),
        found: Vec::new(),
    };
    operations::compare(&mut comparison);
    comparison.schemas();
    comparison.one_sided();
    let found = hoist::run(ours, vendors, comparison.found);
    sorted(
        found
            .into_iter()
            .map(|(at, detail)| difference(ours, vendors, &at, detail))
            .collect(),
    )
}

/// The file and pointer of what a place belongs to.
pub(super) fn file(ours: &Side, subject: &Subject) -> Option<String> {
    let pointer = match subject {
        Subject::Schema(name) => Pointer::schema(name),
        Subject::Operation { path, method } => operation_pointer(path, &method.to_lowercase()),
    };
    origin(&ours.written, &pointer)
}

fn difference(ours: &Side, vendors: &Side, at: &Location, detail: Detail) -> Difference {
    Difference {
        file: file(ours, &at.subject).or_else(|| home(ours, vendors, &at.subject)),
        extension: detail.extension,
        at: at.below(detail.members),
        change: detail.change,
        breaking: detail.breaking,
        ours: detail.ours,
        vendors: detail.vendors,
        message: detail.message,
    }
}

/// By operation and schema, those with something breaking first, and within each alike.
fn sorted(mut all: Vec<Difference>) -> Vec<Difference> {
    let broken: BTreeSet<Subject> = all
        .iter()
        .filter(|found| found.breaking)
        .map(|found| found.at.subject.clone())
        .collect();
    all.sort_by_cached_key(|found| {
        let subject = found.at.subject.clone();
        (
            !broken.contains(&subject),
            subject,
            !found.breaking,
            found.at.clone(),
            found.message.clone(),
        )
    });
    all.dedup();
    all
}
