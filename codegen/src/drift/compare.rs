//! A comparison under way.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use super::detail::{Detail, Way};
use super::location::Location;
use super::side::Side;
use crate::extension;

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
    pub(super) found: Vec<(Location, Detail)>,
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
    pub(super) fn schemas(&mut self) {
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
    pub(super) fn one_sided(&mut self) {
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
