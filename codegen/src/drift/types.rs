//! Compares two schemas where they are used, and decides which names are one type.

use std::rc::Rc;

use serde_json::Value;

use super::compare::Comparison;
use super::detail::{Detail, Way};
use super::kind::{kind, named};
use super::prepare::NAMED;
use super::uses::own;
use super::values::word;
use crate::document::referred;

impl<'a> Comparison<'a> {
    /// Compares two schemas where they are used.
    pub(super) fn used(&mut self, ours: &'a Value, vendors: &'a Value, way: Way) -> Vec<Detail> {
        let mut details = self.site(ours, vendors, way);
        let (our_name, vendors_name) = (word(ours, NAMED), word(vendors, NAMED));
        let (our_target, vendors_target) = (referred(ours), referred(vendors));
        match (our_name, vendors_name) {
            // Differences of the schema itself are told there, not at each of its uses.
            (Some(name), Some(other)) if name == other => {
                if our_target.is_none() && vendors_target.is_none() {
                    let told = self.structure(name, name);
                    if !told.iter().any(|detail| detail.of_type) {
                        details.extend(self.inner(ours, vendors, way));
                    }
                    details.retain(|detail| {
                        !told.iter().any(|told| {
                            told.members == detail.members && told.message == detail.message
                        })
                    });
                }
                return details;
            }
            _ => {}
        }
        match (our_target, vendors_target) {
            (Some(one), Some(two)) => details.extend(self.targets(&one, &two)),
            _ => {
                let mut inner =
                    self.inner(self.ours.target(ours), self.vendors.target(vendors), way);
                for detail in inner.iter_mut().filter(|detail| detail.of_type) {
                    let (before, after) = (named(self.ours, ours), named(self.vendors, vendors));
                    *detail = Detail::retyped(before, after, detail.breaking);
                }
                if inner.is_empty() {
                    self.explain(our_name, vendors_name);
                }
                details.extend(inner);
            }
        }
        details
    }

    /// Compares two components by structure alone, whatever they are called.
    pub(super) fn structure(&mut self, ours: &str, vendors: &str) -> Rc<Vec<Detail>> {
        let key = (ours.to_owned(), vendors.to_owned());
        match self.known.get(&key) {
            Some(Some(details)) => return Rc::clone(details),
            // Two types that contain themselves are the same until something tells them apart.
            Some(None) => return Rc::default(),
            None => {}
        }
        self.known.insert(key.clone(), None);
        let settled = std::mem::replace(&mut self.settled, false);
        let details = Rc::new(self.components(ours, vendors));
        self.settled = settled;
        self.known.insert(key, Some(Rc::clone(&details)));
        details
    }

    /// Compares two components that stand at the same place.
    pub(super) fn walk(&mut self, ours: &str, vendors: &str) -> Vec<Detail> {
        let key = (ours.to_owned(), vendors.to_owned());
        if !self.walking.insert(key.clone()) {
            return Vec::new();
        }
        let details = self.components(ours, vendors);
        self.walking.remove(&key);
        details
    }

    fn components(&mut self, ours: &str, vendors: &str) -> Vec<Detail> {
        let way = self.ours.way(ours).or(self.vendors.way(vendors));
        let way = if way == Way::default() {
            Way::BOTH
        } else {
            way
        };
        let (one, two) = (self.ours.component(ours), self.vendors.component(vendors));
        // Whether it may be null is told where it is used.
        let mut details = own(one, two, way);
        match (referred(one), referred(two)) {
            (Some(one), Some(two)) => details.extend(self.targets(&one, &two)),
            _ => details.extend(self.inner(self.ours.target(one), self.vendors.target(two), way)),
        }
        details
    }

    /// Compares what two references lead to.
    pub(super) fn targets(&mut self, ours: &str, vendors: &str) -> Vec<Detail> {
        let (our_own, vendors_own) = (self.ours.declares(ours), self.vendors.declares(vendors));
        if ours == vendors && our_own && vendors_own {
            return Vec::new();
        }
        if self.renamed.get(ours).is_some_and(|other| other == vendors) {
            return Vec::new();
        }
        let details = self.structure(ours, vendors);
        if !self.settled {
            return details.to_vec();
        }
        let our_lone = our_own && !self.vendors.declares(ours);
        let vendors_lone = vendors_own && !self.ours.declares(vendors);
        let told_elsewhere = our_lone && !self.explained_ours.contains(ours) && {
            let kinds = kind(self.ours.component(ours)) == kind(self.vendors.component(vendors));
            kinds && (!vendors_own || (vendors_lone && !self.explained_vendors.contains(vendors)))
        };
        if details.is_empty() || told_elsewhere || !our_own || !vendors_own {
            self.explain(Some(ours), Some(vendors));
            if told_elsewhere {
                self.renamed.insert(ours.to_owned(), vendors.to_owned());
                self.queue.push_back((ours.to_owned(), vendors.to_owned()));
                return Vec::new();
            }
            return self.walk(ours, vendors);
        }
        vec![Detail::retyped(ours.to_owned(), vendors.to_owned(), true)]
    }

    /// Keeps names of one side from being reported, since the other side says the same otherwise.
    fn explain(&mut self, ours: Option<&str>, vendors: Option<&str>) {
        if self.settled {
            self.explained_ours.extend(ours.map(str::to_owned));
            self.explained_vendors.extend(vendors.map(str::to_owned));
        }
    }
}
