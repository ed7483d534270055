//! Finds what is asked of each schema.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToShoutySnakeCase as _;
use serde_json::Value;

use super::{Limited, Rule, TagLimits};
use crate::model::{Content, Kind, Model, Ty, Union, written_tags};
use crate::names::NameScope;

/// An alias of an alias of an alias … ends here.
const DEEPEST_ALIAS: usize = 16;

/// Finds the rules of schemas.
pub(super) struct Finder<'a> {
    pub(super) model: &'a Model,
    /// Schema → the members that the unions around it write.
    tags: BTreeMap<String, BTreeSet<String>>,
    /// Schema → the name of its static.
    pub(super) names: BTreeMap<&'a str, String>,
    /// The schemas that are known to limit something.
    pub(super) limited: BTreeSet<String>,
}

impl<'a> Finder<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        let mut scope = NameScope::default();
        let names = model.sent.iter().map(|name| {
            let rust = model.rust(name);
            (name.as_str(), scope.claim(&rust.to_shouty_snake_case()))
        });
        Self {
            names: names.collect(),
            tags: written_tags(model),
            model,
            limited: BTreeSet::new(),
        }
    }

    /// Schemas may refer to each other in circles: one counts once it is seen to limit something.
    pub(super) fn find_limited(&mut self) {
        loop {
            let found: Vec<String> = self
                .model
                .sent
                .iter()
                .filter(|name| !self.limited.contains(*name) && self.is_limited(name))
                .cloned()
                .collect();
            if found.is_empty() {
                return;
            }
            self.limited.extend(found);
        }
    }

    fn is_limited(&self, name: &str) -> bool {
        match self.model.kind(name) {
            Some(Kind::Enum(_) | Kind::Union(_)) => true,
            Some(Kind::Struct(_)) => !self.members(name).is_empty(),
            Some(Kind::Choice(_) | Kind::Alias(_) | Kind::Numbers(_)) | None => false,
        }
    }

    /// The members of a struct that have a type or must be there. The tags that unions around it
    /// write are theirs to look at.
    pub(super) fn members(&self, name: &str) -> Vec<Limited> {
        let Some(structure) = self.model.structure(name) else {
            return Vec::new();
        };
        let tags = self.tags.get(name);
        structure
            .members
            .iter()
            .filter(|member| !tags.is_some_and(|tags| tags.contains(&member.wire)))
            .map(|member| Limited {
                wire: member.wire.clone(),
                // What only the service sets is not asked of a request; null counts as absent.
                required: (member.required || (member.fixed.is_some() && !member.is_tag))
                    && !member.content.read_only
                    && !member.content.nullable,
                rule: self.rule(&member.content, 0),
            })
            .filter(|member| member.required || member.rule != Rule::Any)
            .collect()
    }

    fn rule(&self, content: &Content, depth: usize) -> Rule {
        if !content.listed.is_empty() {
            return listed(&content.listed);
        }
        let (least, most) = content.counts;
        match &content.ty {
            Ty::Named(name) => self.named(name, depth),
            ty @ (Ty::Int(_) | Ty::Number) => Rule::Number {
                whole: matches!(ty, Ty::Int(_)),
                bounds: content.bounds.clone(),
            },
            Ty::Text(_) => Rule::Text(least, most),
            Ty::Bool => Rule::Flag,
            Ty::List(item) => Rule::List {
                least,
                most,
                unique: content.unique,
                item: Box::new(self.part(item, depth)),
            },
            Ty::Map(entry) => Rule::Map(Box::new(self.part(entry, depth))),
            Ty::Any => Rule::Any,
        }
    }

    /// The rule of an item or an entry; unlike a member, one that is null counts as one.
    fn part(&self, content: &Content, depth: usize) -> Rule {
        if content.nullable {
            return Rule::Any;
        }
        self.rule(content, depth)
    }

    fn named(&self, name: &str, depth: usize) -> Rule {
        let known = self.names.get(name).cloned();
        let known = known.filter(|_| self.limited.contains(name));
        match (self.model.kind(name), known) {
            (Some(Kind::Alias(content)), _) if depth < DEEPEST_ALIAS => {
                self.rule(content, depth + 1)
            }
            (Some(Kind::Numbers(listed)), _) => {
                #[allow(clippy::cast_precision_loss, reason = "a rule compares floats")]
                let values = listed.variants.iter().map(|(value, _)| *value as f64);
                Rule::Numbers(values.collect())
            }
            (Some(Kind::Enum(_)), Some(name)) => Rule::Enum(name),
            (Some(Kind::Struct(_) | Kind::Union(_)), Some(name)) => Rule::Object(name),
            // One without members that anything is asked of is an object all the same.
            (Some(Kind::Struct(_)), None) => Rule::Map(Box::new(Rule::Any)),
            _ => Rule::Any,
        }
    }

    pub(super) fn tag(&self, union: &Union) -> TagLimits {
        let limited = |target: &str| {
            let name = self.names.get(target).cloned();
            name.filter(|_| self.limited.contains(target))
        };
        let variants = union.variants.iter();
        TagLimits {
            name: union.tag.clone(),
            default: union.default.clone(),
            variants: variants
                .map(|variant| (variant.tag.clone(), limited(&variant.schema)))
                .collect(),
        }
    }
}

fn listed(values: &[Value]) -> Rule {
    let numbers: Vec<f64> = values.iter().filter_map(Value::as_f64).collect();
    let words: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
    if words.len() == values.len() {
        Rule::Values(words.into_iter().map(str::to_owned).collect())
    } else if numbers.len() == values.len() {
        Rule::Numbers(numbers)
    } else {
        Rule::Any
    }
}
