//! Compares two types of one kind, member by member.

use std::collections::BTreeSet;

use serde_json::Value;

use super::compare::Comparison;
use super::detail::{Detail, Way};
use super::kind::{Kind, items, kind, map_values, members, named, required};
use super::limits;
use super::operations::{missing, obligation};
use super::values::{flag, text};
use crate::document::schema_name;
use crate::extension;
use crate::marks::DEFAULT_TAG;

impl<'a> Comparison<'a> {
    /// Compares two types.
    pub(super) fn inner(&mut self, ours: &'a Value, vendors: &'a Value, way: Way) -> Vec<Detail> {
        let (before, after) = (kind(ours), kind(vendors));
        if before != after {
            let breaking = match (before, after) {
                (Kind::Scalar("integer"), Kind::Scalar("number")) | (_, Kind::Any) => {
                    way.breaks(false, true)
                }
                (Kind::Scalar("number"), Kind::Scalar("integer")) | (Kind::Any, _) => {
                    way.breaks(true, false)
                }
                _ => true,
            };
            let (before, after) = (named(self.ours, ours), named(self.vendors, vendors));
            return vec![Detail::retyped(before, after, breaking)];
        }
        let mut details = limits::compare(ours, vendors, way);
        match before {
            Kind::Any | Kind::Scalar(_) => {}
            Kind::List => {
                let (ours, vendors) = (items(ours), items(vendors));
                let inner = self.used(ours, vendors, way);
                details.extend(inner.into_iter().map(|detail| detail.inside("items")));
            }
            Kind::Map => details.extend(self.map(ours, vendors, way)),
            Kind::Object => {
                details.extend(self.properties(ours, vendors, way));
                details.extend(self.map(ours, vendors, way));
            }
            Kind::Union => details.extend(self.union(ours, vendors, way)),
            Kind::Choice => details.extend(self.choice(ours, vendors, way)),
        }
        details
    }

    fn map(&mut self, ours: &'a Value, vendors: &'a Value, way: Way) -> Vec<Detail> {
        match (map_values(ours), map_values(vendors)) {
            (None, None) => Vec::new(),
            (ours, vendors) => {
                let inner = self.used(
                    ours.unwrap_or(&Value::Null),
                    vendors.unwrap_or(&Value::Null),
                    way,
                );
                inner
                    .into_iter()
                    .map(|detail| detail.inside("values"))
                    .collect()
            }
        }
    }

    fn properties(&mut self, ours: &'a Value, vendors: &'a Value, way: Way) -> Vec<Detail> {
        let mut details = Vec::new();
        let (our_required, vendors_required) = (required(ours), required(vendors));
        let names = members(ours).chain(members(vendors));
        let names = names
            .chain(our_required.iter().copied())
            .chain(vendors_required.iter().copied());
        for name in names.collect::<BTreeSet<_>>() {
            let property =
                |schema: &'a Value| schema.get("properties").and_then(|all| all.get(name));
            let must = vendors_required.contains(name);
            match (property(ours), property(vendors)) {
                (Some(ours), None) => {
                    let detail = Detail::extra("property", true).known(extension::source(ours));
                    details.push(detail.below(name));
                }
                (None, Some(vendors)) => {
                    let sent = way.request && !flag(vendors, "readOnly");
                    details.push(missing("property", must && sent).below(name));
                }
                (ours, vendors) => {
                    let required = obligation(our_required.contains(name), must, way);
                    details.extend(required.map(|detail| detail.below(name)));
                    if let (Some(ours), Some(vendors)) = (ours, vendors) {
                        let inner = self.used(ours, vendors, way);
                        details.extend(inner.into_iter().map(|detail| detail.below(name)));
                    }
                }
            }
        }
        details
    }

    fn union(&mut self, ours: &'a Value, vendors: &'a Value, way: Way) -> Vec<Detail> {
        let property = |schema: &Value| schema.pointer("/discriminator/propertyName").map(text);
        if property(ours) != property(vendors) {
            // Values of another member are other tags, so they are not compared one by one.
            return vec![Detail::changed(
                "tag property",
                property(ours),
                property(vendors),
                true,
            )];
        }
        let mut details = Vec::new();
        let default = |schema: &Value| schema.get(DEFAULT_TAG).map(text);
        if default(ours) != default(vendors) {
            let breaking = way.breaks(false, true);
            details.push(Detail::changed(
                "default tag",
                default(ours),
                default(vendors),
                breaking,
            ));
        }
        let mapping = |schema: &'a Value| {
            schema
                .pointer("/discriminator/mapping")
                .and_then(Value::as_object)
        };
        let (ours, vendors) = (mapping(ours), mapping(vendors));
        let tags = ours
            .into_iter()
            .chain(vendors)
            .flat_map(serde_json::Map::keys);
        for tag in tags.collect::<BTreeSet<_>>() {
            let target = |mapping: Option<&serde_json::Map<String, Value>>| {
                mapping?.get(tag)?.as_str().and_then(schema_name)
            };
            let what = format!("tag `{tag}`");
            match (target(ours), target(vendors)) {
                (Some(one), Some(two)) => {
                    let inner = self.targets(&one, &two);
                    details.extend(inner.into_iter().map(|detail| detail.inside(&what)));
                }
                (Some(one), None) => {
                    // A tag is as well known as what it leads to.
                    let source = self.ours.written.schema(&one).and_then(extension::source);
                    details.push(Detail::extra(&what, way.request).known(source));
                }
                (None, Some(_)) => details.push(Detail::missing(&what, false)),
                (None, None) => {}
            }
        }
        details
    }

    /// Compares alternatives that nothing tags: each needs one on the other side that is the same.
    fn choice(&mut self, ours: &'a Value, vendors: &'a Value, way: Way) -> Vec<Detail> {
        let mut left = self.vendors.choices(vendors);
        let mut details = Vec::new();
        for one in self.ours.choices(ours) {
            let settled = std::mem::replace(&mut self.settled, false);
            let same = left
                .iter()
                .position(|two| self.used(one, two, way).is_empty());
            self.settled = settled;
            match same {
                Some(index) => {
                    // Once more, now that it is known to be the same, for what the names tell.
                    let two = left.swap_remove(index);
                    details.extend(self.used(one, two, way));
                }
                None => {
                    let what = format!("alternative {}", named(self.ours, one));
                    details.push(Detail::extra(&what, way.request));
                }
            }
        }
        details.extend(left.into_iter().map(|two| {
            Detail::missing(&format!("alternative {}", named(self.vendors, two)), false)
        }));
        details
    }
}
