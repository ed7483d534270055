//! Operations that answer in pages: which parameter asks for the next one, and what tells of it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::messages::ReplyKind;
use super::operations::Operation;
use super::paging::{Next, Pages};
use super::styles::Place;
use super::types::{Kind, Member, Type};
use super::{Ty, text};
use crate::document::Document;
use crate::marks;
use crate::names::NameScope;

/// Parameters that hold a cursor, without case and signs.
const CURSORS: [&str; 9] = [
    "cursor",
    "pagecursor",
    "nextcursor",
    "pagetoken",
    "nextpagetoken",
    "nexttoken",
    "continuationtoken",
    "startcursor",
    "after",
];
/// Members that hold the next cursor, without case and signs.
const NEXTS: [&str; 9] = [
    "nextcursor",
    "nextpagetoken",
    "nexttoken",
    "nextpage",
    "next",
    "continuationtoken",
    "endcursor",
    "lastid",
    "cursor",
];
const OFFSETS: [&str; 2] = ["offset", "skip"];

/// Finds the pages of all operations.
pub(super) fn find(
    doc: &Document,
    operations: &mut [Operation],
    types: &BTreeMap<String, Type>,
    scope: &mut NameScope,
) {
    for operation in operations {
        operation.pages = pages(doc, operation, types, scope);
    }
}

/// Tells how the pages of an operation follow each other, where it has any.
fn pages(
    doc: &Document,
    operation: &Operation,
    types: &BTreeMap<String, Type>,
    scope: &mut NameScope,
) -> Option<Pages> {
    let said = doc
        .root
        .get("paths")?
        .get(&operation.path)?
        .get(operation.method)?;
    let said = said.get(marks::PAGES);
    let word = |key: &str| said.and_then(|said| text(said, key));
    if operation.hand_written || (said.is_none() && operation.method != "get") {
        return None;
    }
    let reply = operation.replies.first()?;
    if reply.kind != ReplyKind::Json {
        return None;
    }
    let members = match &reply.content.ty {
        Ty::List(_) => &[][..],
        Ty::Named(schema) => match &types.get(schema)?.kind {
            Kind::Struct(made) => &made.members,
            _ => return None,
        },
        _ => return None,
    };
    let items = items(members, word("items"));
    if items.is_none() && !matches!(reply.content.ty, Ty::List(_)) {
        return None;
    }
    let parameters = operation.parameters.iter();
    let parameters = parameters.filter(|one| one.place == Place::Query && !one.required);
    let fits = |ty: &Ty| match ty {
        Ty::Text(format) => format.as_deref() != Some("date-time"),
        Ty::Int(format) => *format != "uint64",
        _ => false,
    };
    let parameters = parameters.filter(|one| fits(&one.content.ty));
    let find = |names: &[&str]| {
        parameters.clone().find(|one| match word("parameter") {
            Some(name) => one.name == name,
            None => names.contains(&bare(&one.name).as_str()),
        })
    };
    let next = members.iter().find(|member| match word("next") {
        Some(name) => member.wire == name,
        None if said.is_some() => false,
        None => NEXTS.contains(&bare(&member.wire).as_str()) && fits(&member.content.ty),
    });
    let is_int = |ty: &Ty| matches!(ty, Ty::Int(_));
    let (parameter, next) = if let (Some(parameter), Some(next)) = (find(&CURSORS), next) {
        (parameter, Next::Member(next.wire.clone()))
    } else if let Some(parameter) = find(&["page", "cursor"]).filter(|_| operation.linked) {
        (parameter, Next::Link)
    } else if let Some(parameter) =
        find(&["page"]).filter(|one| is_int(&one.content.ty) && bare(&one.name).contains("page"))
    {
        let first = parameter.content.default.as_ref().and_then(Value::as_i64);
        (parameter, Next::Page(first.unwrap_or(1)))
    } else if let Some(parameter) = find(&OFFSETS).filter(|one| is_int(&one.content.ty)) {
        (parameter, Next::Offset)
    } else {
        return None;
    };
    Some(Pages {
        rust: scope.claim(&format!("{}_all", operation.rust.trim_end_matches('_'))),
        parameter: parameter.name.clone(),
        items,
        next,
    })
}

/// The one list of a reply, or the one that is named.
fn items(members: &[Member], named: Option<&str>) -> Option<String> {
    let is_list = |member: &&Member| match named {
        Some(name) => member.wire == name,
        None => matches!(&member.content.ty, Ty::List(item) if !matches!(item.ty, Ty::Text(_))),
    };
    let mut lists = members.iter().filter(is_list);
    let first = lists
        .next()
        .filter(|member| matches!(member.content.ty, Ty::List(_)))?;
    lists.next().is_none().then(|| first.wire.clone())
}

fn bare(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.collect::<String>().to_lowercase()
}
