//! What stands beside the types of an area in place of derives: a line for each type that says how it
//! is read and shown. It is text from the start, since a formatter leaves the calls of macros alone.

use std::collections::BTreeSet;
use std::fmt::{Debug, Write as _};

use serde_json::Value;

use super::{gates, lines, rust_types};
use crate::docs;
use crate::facts::{Lifted, shared};
use crate::model::{Choice, Enum, Kind, Model, Numbers, Struct, Ty, Type, Union};
use crate::sign::Sign;

/// Writes the lines of an area, and says which types they name that its types do not.
pub(super) fn lines(
    model: &Model,
    ways: &[Lifted],
    types: &[(&String, &Type)],
) -> (String, BTreeSet<String>) {
    let (mut body, mut named) = (String::new(), BTreeSet::new());
    for (schema, found) in types {
        match &found.kind {
            Kind::Struct(made) => structure(&mut body, model, schema, found, made),
            Kind::Enum(listed) => enumeration(&mut body, found, listed),
            Kind::Numbers(listed) => numbers(&mut body, found, listed),
            Kind::Union(union) => {
                tagged(&mut body, model, ways, schema, found, union);
                accessors(&mut body, model, schema, found, &mut named);
            }
            Kind::Choice(choice) => self::choice(&mut body, model, found, choice),
            Kind::Alias(_) => {}
        }
        above(&mut body, model, ways, schema, found, &mut named);
    }
    (body, named)
}

/// Puts the lines of an area into a file.
pub(super) fn file(area: &str, support: &str, imports: &str, body: &str) -> String {
    let macros: Vec<&str> = [
        "choice",
        "lifted",
        "object",
        "open_enum",
        "open_number",
        "shared",
        "tagged",
    ]
    .into_iter()
    .filter(|name| body.contains(&format!("{name}!")))
    .collect();
    // Not every set of features has what a line leads to.
    let allowed = if imports.contains("#[cfg") {
        "#![allow(unused_imports, reason = \"some lines need several features\")]\n\n"
    } else {
        ""
    };
    format!(
        "//! How the types of the area `{area}` are read and shown.\n\n\
         {allowed}use super::*;\n{imports}use {support}::wiring::{{self, {}}};\n\n{body}",
        macros.join(", ")
    )
}

fn structure(out: &mut String, model: &Model, schema: &str, found: &Type, made: &Struct) {
    let members = made.members.iter().map(|member| {
        let mut line = member.field.clone();
        if member.field != member.wire {
            let _infallible = write!(line, ": {:?}", member.wire);
        }
        match &member.fixed {
            Some(Value::String(text)) => {
                let _infallible = write!(line, " = text {text:?}");
            }
            Some(Value::Bool(truth)) => {
                let _infallible = write!(line, " = bool {truth}");
            }
            Some(number) => {
                let _infallible = write!(line, " = int {number}");
            }
            None => {}
        }
        // The tag is its union's to miss.
        let fixed = member.fixed.is_some() && !member.is_tag;
        if fixed || rust_types::is_required(model, schema, member) {
            line.push_str(" must");
        }
        line
    });
    let rest = made.rest.iter().map(|_| "..additional".to_owned());
    lines::list(
        out,
        &format!("object!({} {{ ", found.rust),
        members.chain(rest),
        " });",
    );
}

fn enumeration(out: &mut String, found: &Type, listed: &Enum) {
    let head = format!("open_enum!({} else {} {{ ", found.rust, listed.unknown);
    values(out, &head, &listed.variants);
}

fn numbers(out: &mut String, found: &Type, listed: &Numbers) {
    let head = format!("open_number!({} else {} {{ ", found.rust, listed.unknown);
    values(out, &head, &listed.variants);
}

/// The values of an open enum with their variants.
fn values<T: Debug>(out: &mut String, head: &str, listed: &[(T, String)]) {
    let variants = listed.iter();
    let variants = variants.map(|(wire, name)| format!("{wire:?} => {name}"));
    lines::list(out, head, variants, " });");
}

fn tagged(
    out: &mut String,
    model: &Model,
    ways: &[Lifted],
    schema: &str,
    found: &Type,
    union: &Union,
) {
    let default = union.default.as_ref().map(|tag| format!(" or {tag:?}"));
    let head = format!(
        "tagged!({} by {:?}{}, else {} {{ ",
        found.rust,
        union.tag,
        default.unwrap_or_default(),
        union.raw
    );
    let variants = union.variants.iter().map(|variant| {
        let cut = gates::text(&model.gate_seen_from(&variant.schema, &found.area));
        let direct = ways
            .iter()
            .any(|one| one.holds == variant.schema && one.union == schema && one.way.is_none());
        let holds = if direct {
            format!("({})", model.rust(&variant.schema))
        } else {
            String::new()
        };
        format!("{cut}{:?} => {}{holds}", variant.tag, variant.name)
    });
    lines::list(out, &head, variants, " });");
}

fn choice(out: &mut String, model: &Model, found: &Type, choice: &Choice) {
    let mut held = BTreeSet::new();
    let variants = choice.branches.iter().map(|branch| {
        let kind = branch.kind.name();
        let mut line = format!("{}: {kind}", branch.name);
        if !branch.signs.is_empty() {
            let signs = branch
                .signs
                .iter()
                .map(|(member, sign)| known_by(member, sign));
            let signs: Vec<String> = signs.collect();
            let _infallible = write!(line, " [{}]", signs.join(", "));
        }
        let holds = rust_types::plain(model, &branch.content)
            .to_string()
            .replace(' ', "");
        // What two variants hold is made into neither by itself.
        if holds != "String" && held.insert(holds.clone()) {
            let _infallible = write!(line, " as {holds}");
        }
        line
    });
    let head = format!("choice!({} else {} {{ ", found.rust, choice.raw);
    lines::list(out, &head, variants, " });");
}

/// A member and what it tells, as the lines of wiring write it.
fn known_by(member: &str, sign: &Sign) -> String {
    match sign {
        Sign::There => format!("{member:?}"),
        Sign::Kind(kind) => format!("{member:?} {}", kind.name()),
        Sign::Is(values) => {
            let texts: Option<Vec<String>> = values
                .iter()
                .map(|value| value.as_str().map(|text| format!("{text:?}")))
                .collect();
            match texts {
                Some(texts) => format!("{member:?} is {}", texts.join(" ")),
                // As JSON, since a pattern cannot hold every number.
                None => {
                    let values = values
                        .iter()
                        .map(|value| format!("{:?}", value.to_string()));
                    let values: Vec<String> = values.collect();
                    format!("{member:?} json {}", values.join(" "))
                }
            }
        }
    }
}

/// The accessors of what all variants of a union share.
fn accessors(
    out: &mut String,
    model: &Model,
    schema: &str,
    found: &Type,
    named: &mut BTreeSet<String>,
) {
    let members = shared(model, schema);
    if members.is_empty() {
        return;
    }
    let _infallible = writeln!(out, "shared!({} {{", found.rust);
    for member in members {
        let about = docs::of_member(model, member);
        let about = about.lines().next().filter(|line| !line.is_empty());
        let about = about.map_or_else(
            || format!("Returns the member `{}`.", member.wire),
            str::to_owned,
        );
        let ty = rust_types::plain(model, &member.content).to_string();
        named.extend(ty.split(' ').map(str::to_owned));
        let ty = ty.replace(' ', "");
        let kind = match &member.content.ty {
            Ty::Text(format) if format.as_deref() != Some("date-time") => "text".to_owned(),
            Ty::Bool | Ty::Int(_) | Ty::Number | Ty::Text(_) => format!("copy<{ty}>"),
            _ => format!("value<{ty}>"),
        };
        let _infallible = writeln!(
            out,
            "    /// {about}\n    {}: {kind} = {:?};",
            member.field, member.wire
        );
    }
    out.push_str("});\n");
}

/// The unions further up that a type becomes by itself: a line for each way that leads there.
fn above(
    out: &mut String,
    model: &Model,
    ways: &[Lifted],
    schema: &str,
    found: &Type,
    named: &mut BTreeSet<String>,
) {
    let mut led: Vec<(String, Vec<&str>)> = Vec::new();
    for one in ways.iter().filter(|one| one.holds == schema) {
        let Some(way) = &one.way else { continue };
        let mut cuts = vec![gates::text(&model.gate_seen_from(way, &found.area))];
        cuts.push(gates::text(&model.gate_seen_from(&one.union, &found.area)));
        cuts.dedup();
        let (cuts, holds, way) = (cuts.concat(), &found.rust, model.rust(way));
        named.extend([way, model.rust(&one.union)].map(str::to_owned));
        let head = format!("{cuts}lifted!({holds} by {way} => ");
        match led.iter_mut().find(|(known, _)| *known == head) {
            Some((_, unions)) => unions.push(model.rust(&one.union)),
            None => led.push((head, vec![model.rust(&one.union)])),
        }
    }
    for (head, unions) in led {
        let unions = unions.into_iter().map(str::to_owned);
        lines::list(out, &head, unions, ");");
    }
}
