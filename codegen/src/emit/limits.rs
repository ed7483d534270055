//! The `limits` module: one static for each schema that a request may hold. It is text from the
//! start, since it is data: the formatter would give every tag and every value a line of its own.

mod terms;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::lines::{self, list};
use super::{Files, Settings};
use crate::limits::{Limits, LimitsKind, TagLimits};

const ROOT: &str = "//! The limits of everything that a request may hold, each by the name of its schema.

#![allow(missing_docs, reason = \"their names say it all\")]
#![allow(unused_imports, reason = \"no contract needs every word, and each area takes them from here\")]

";

type Area<'a> = Vec<(&'a String, &'a Limits)>;

/// Writes `limits/mod.rs` and a file for each area.
pub(super) fn files(limits: &BTreeMap<String, Limits>, banner: &str, settings: &Settings) -> Files {
    let mut areas: BTreeMap<&str, Area<'_>> = BTreeMap::new();
    for (name, limits) in limits {
        areas.entry(&limits.area).or_default().push((name, limits));
    }
    let mut root = format!("{banner}{ROOT}");
    for area in areas.keys() {
        let _infallible = writeln!(root, "mod {area};");
    }
    if !areas.is_empty() {
        root.push('\n');
    }
    let homes: BTreeMap<&str, &str> = areas
        .iter()
        .flat_map(|(area, limits)| limits.iter().map(|(name, _)| (name.as_str(), *area)))
        .collect();
    let (open, closed): (Vec<_>, Vec<_>) = areas
        .iter()
        .partition(|(_, limits)| limits.iter().any(|(_, limits)| !is_enum(limits)));
    for (head, areas) in [("use self::{", closed), ("pub use self::{", open)] {
        if !areas.is_empty() {
            let globs = areas.iter().map(|(area, _)| format!("{area}::*"));
            list(&mut root, head, globs, "};");
        }
    }
    let mut files = Files::new();
    for (area, limits) in areas {
        let (mut text, mut body) = (banner.to_owned(), String::new());
        let mut names = BTreeSet::new();
        for (name, limits) in limits {
            item(&mut body, name, limits);
            named(limits, &mut names);
        }
        names.retain(|name| homes.get(name).is_some_and(|home| *home != area));
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        lines::import(&mut text, "super", &names);
        let _infallible = writeln!(text, "use {}::terms::*;\n\n{body}", settings.support);
        text.truncate(text.trim_end().len() + 1);
        files.insert(format!("limits/{area}.rs"), text);
    }
    files.insert("limits/mod.rs".to_owned(), root);
    files
}

/// The limits that others name.
fn named<'a>(limits: &'a Limits, names: &mut BTreeSet<&'a str>) {
    if let LimitsKind::Object { base, members, tag } = &limits.kind {
        names.extend(base.as_deref());
        let variants = tag.iter().flat_map(|tag| &tag.variants);
        names.extend(variants.filter_map(|(_, name)| name.as_deref()));
        members
            .iter()
            .for_each(|member| terms::named(&member.rule, names));
    }
}

fn is_enum(limits: &Limits) -> bool {
    matches!(limits.kind, LimitsKind::Values(_))
}

fn item(out: &mut String, name: &str, limits: &Limits) {
    match &limits.kind {
        LimitsKind::Values(values) => {
            let values = values.iter().map(|value| format!("{value:?}"));
            let head = format!("pub(super) const {name}: Rule = one_of(&[");
            list(out, &head, values, "]);");
        }
        LimitsKind::Object { base, members, tag } => {
            let schema = &limits.schema;
            let head = format!("pub static {name}: Limits = limits({schema:?}, &[");
            let base = base.as_ref().map(|base| format!(".within(&{base})"));
            let base = base.unwrap_or_default();
            let members: Vec<String> = members.iter().map(terms::member).collect();
            match tag {
                None => list(out, &head, members.into_iter(), &format!("]){base};")),
                Some(tag) => {
                    let head = union(out, &head, members, &format!("]){base}"), tag);
                    list(out, &head, variants(tag), "]);");
                }
            }
        }
    }
}

/// Writes the members of a union, and gives the line on which its variants begin.
fn union(out: &mut String, head: &str, members: Vec<String>, end: &str, tag: &TagLimits) -> String {
    let by = match &tag.default {
        Some(default) => format!(".by_or({:?}, {default:?}, &[", tag.name),
        None => format!(".by({:?}, &[", tag.name),
    };
    if members.is_empty() {
        return format!("{head}{end}{by}");
    }
    list(out, head, members.into_iter(), end);
    out.truncate(out.trim_end().len());
    let start = out.rfind('\n').map_or(0, |at| at + 1);
    let line = out.split_off(start);
    format!("{line}{by}")
}

fn variants(tag: &TagLimits) -> impl Iterator<Item = String> {
    tag.variants.iter().map(|(tag, name)| {
        let name = name.as_deref().unwrap_or("FREE");
        format!("({tag:?}, &{name})")
    })
}
