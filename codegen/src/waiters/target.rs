//! Checks what a waiter asks for: the operation is there and its parameters are complete, or the address
//! is a part of the handle.

use super::faults::Check;
use super::locate::{self, operation};
use crate::model::{Content, Hold, Model, Operation, Place, Target};
use crate::pointer::Pointer;

/// What an answer holds, where the contract says.
pub(crate) fn reply<'a>(model: &'a Model, target: &Target) -> Option<&'a Content> {
    let id = target.operation.as_ref().or(target.like.as_ref())?;
    locate::reply(operation(model, id)?)
}

/// Checks a target under a member of the waiter.
pub(super) fn check(check: &mut Check<'_>, key: &str, target: &Target) {
    let at = check.at(key);
    match (&target.operation, &target.url) {
        (Some(id), None) => {
            let Some(found) = check.operation(&at.child("operation"), id) else {
                return;
            };
            bound(check, &at.child("with"), found, &target.with);
        }
        (None, Some(url)) => {
            value(check, &at.child("url"), url);
            if target.hosts.is_empty() {
                let what = "the credential goes to the host of the API alone";
                check.notes.guess("waiters", at.child("hosts"), what);
            }
        }
        _ => check.fault(&at, "name an `operation` or a `url`, and not both"),
    }
    if let Some(like) = &target.like {
        check.operation(&at.child("like"), like);
    }
    let method = target.method.as_deref().unwrap_or("GET");
    if !["GET", "POST", "PUT", "DELETE", "PATCH"].contains(&method) {
        check.fault(
            &at.child("method"),
            "this is no method that is sent without a body",
        );
    }
}

/// Checks how a poll is kept open.
pub(super) fn hold(check: &mut Check<'_>, hold: &Hold) {
    let at = check.at("hold");
    let id = hold
        .operation
        .as_ref()
        .or(check.waiter.look.operation.as_ref());
    let Some(found) = id.and_then(|id| check.operation(&at, id)) else {
        return;
    };
    if hold.operation.is_some() {
        bound(check, &at.child("with"), found, &hold.with);
    }
    match (&hold.parameter, &hold.header) {
        (Some(name), None) => {
            let mut all = found.parameters.iter();
            if !all.any(|one| one.name == *name && one.place == Place::Query) {
                let what = format!("`{}` has no `{name}` in its query", found.id);
                check.lack(&at.child("parameter"), what);
            }
        }
        (None, Some(_)) => {}
        _ => check.fault(&at, "name a `parameter` of the query or a `header`"),
    }
}

/// Checks that the names given are parameters, and that none is missing.
fn bound(
    check: &mut Check<'_>,
    at: &Pointer,
    operation: &Operation,
    with: &std::collections::BTreeMap<String, String>,
) {
    for (name, given) in with {
        let mut all = operation.parameters.iter();
        if !all.any(|one| one.name == *name) {
            let what = format!("`{}` has no parameter `{name}`", operation.id);
            check.lack(&at.child(name), what);
        }
        let mut all = operation.parameters.iter();
        if all.any(|one| one.name == *name && one.place == Place::Cookie) {
            check.fault(&at.child(name), "a poll sends no cookies");
        }
        value(check, &at.child(name), given);
    }
    for one in operation.parameters.iter().filter(|one| one.required) {
        if !with.contains_key(&one.name) && fixed(&one.content).is_none() {
            let what = format!("`{}` needs the parameter `{}`", operation.id, one.name);
            check.fault(at, what);
        }
    }
}

/// The value of a parameter that has no other.
pub(crate) fn fixed(content: &Content) -> Option<String> {
    match (&content.default, content.listed.as_slice()) {
        (Some(value), _) | (None, [value]) => Some(locate::text(value)),
        _ => None,
    }
}

/// Checks that a value is a part of the handle, something of the poll, or a text.
fn value(check: &mut Check<'_>, at: &Pointer, given: &str) {
    let given = given.strip_prefix('+').unwrap_or(given);
    if given.starts_with('=') {
        return;
    }
    if let Some(path) = given.strip_prefix("look/") {
        let look = reply(check.model, &check.waiter.look);
        check.path(at, look, path);
    } else if !check.waiter.parts.iter().any(|part| part == given) {
        let what = format!("the handle has no part `{given}`");
        check.fault(at, what);
    }
}
