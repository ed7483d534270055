//! The comparison as a whole: operations first, since they show which types of different names
//! are one, then every schema that either side names.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use super::detail::{Detail, Way};
use super::home::home;
use super::location::{Location, Subject};
use super::report::Difference;
use super::side::{Side, origin};
use super::{hoist, operations};
use crate::document::operation_pointer;
use crate::extension;
use crate::pointer::Pointer;

/// A comparison under way.
pub(super) struct Comparison<'a> {
    pub(super) ours: &'a Side,
    pub(super) vendors: &'a Side,
    /// Whether what is compared is really at the same place on both sides. While alternatives are
    /// tried, it may not be, and nothing is learned about names.
    pub(super) settled: bool,
    /// Our name → the vendor's, for types that stand at the same places under other names.
    pub(super) renamed: BTreeMap<String, String>,
    /// Names of one side only that turned out to be something the other side says otherwise.
    pub(super) explained_ours: BTreeSet<String>,
    pub(super) explained_vendors: BTreeSet<String>,
    /// Pairs of components still to be compared.
    pub(super) queue: VecDeque<(String, String)>,
    /// What comparing two components by structure gave, or nothing yet while it is under way.
    pub(super) known: BTreeMap<(String, String), Option<Rc<Vec<Detail>>>>,
    /// The pairs being walked at this moment.
    pub(super) walking: BTreeSet<(String, String)>,
    found: Vec<(Location, Detail)>,
}

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

impl Comparison<'_> {
    pub(super) fn push(&mut self, at: &Location, detail: Detail) {
        self.found.push((at.clone(), detail));
    }

    pub(super) fn extend(&mut self, at: &Location, details: impl IntoIterator<Item = Detail>) {
        self.found
            .extend(details.into_iter().map(|detail| (at.clone(), detail)));
    }

    /// Compares the types of two messages.
    pub(super) fn message(&mut self, at: &Location, ours: &str, vendors: &str, way: Way) {
        let (ours, vendors) = (self.ours.component(ours), self.vendors.component(vendors));
        let details = self.used(ours, vendors, way);
        self.extend(at, details);
    }

    /// Compares the schemas that both sides name, and those found to be one under two names.
    fn schemas(&mut self) {
        let both = self
            .ours
            .declared()
            .filter(|name| self.vendors.declares(name));
        self.queue.extend(
            both.map(|name| (name.clone(), name.clone()))
                .collect::<Vec<_>>(),
        );
        while let Some((ours, vendors)) = self.queue.pop_front() {
            let details = self.walk(&ours, &vendors);
            self.extend(&Location::schema(&ours), details);
        }
    }

    /// Reports the schemas that only one side has.
    fn one_sided(&mut self) {
        for name in self.ours.declared().collect::<Vec<_>>() {
            let known = self.vendors.declares(name)
                || self.explained_ours.contains(name)
                || self.ours.is_only_base(name);
            if !known {
                let source = self.ours.written.schema(name).and_then(extension::source);
                let detail = Detail::extra("schema", false).known(source);
                self.push(&Location::schema(name), detail);
            }
        }
        for name in self.vendors.declared().collect::<Vec<_>>() {
            let known = self.ours.declares(name)
                || self.explained_vendors.contains(name)
                || self.vendors.is_only_base(name);
            if !known {
                self.push(&Location::schema(name), Detail::missing("schema", false));
            }
        }
    }
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
