//! Checks that a wait ends, well or badly, and that what a waiter says is something that can be said.

use super::faults::Check;
use crate::model::Waiter;
use crate::names::snake;

/// Names of phases, other spellings among them.
const PHASES: [&str; 10] = [
    "queued",
    "waiting",
    "running",
    "unknown",
    "undecided",
    "succeeded",
    "failed",
    "expired",
    "canceled",
    "cancelled",
];
/// Names that generated code has beside a waiter, as methods or as types.
const RESERVED: [&str; 9] = [
    "client",
    "headers",
    "http",
    "into_inner",
    "response_value",
    "sent",
    "status",
    "types",
    "watch",
];
/// Names of what is no phase.
const OTHERS: [&str; 4] = ["missing", "passing", "lasting", "read"];

/// Checks one waiter.
pub(super) fn check(check: &mut Check<'_>) {
    let waiter = check.waiter;
    let mut said = Vec::new();
    let mut say = |at: crate::pointer::Pointer, word: &str, more: bool| {
        let known = PHASES.contains(&word) || (more && OTHERS.contains(&word));
        said.push((at, word.to_owned(), known));
    };
    let state = waiter.at.child("state").child("words");
    for phase in waiter.state.iter().flat_map(|state| state.words.keys()) {
        say(state.child(phase), phase, true);
    }
    for (status, says) in &waiter.http {
        say(
            waiter.at.child("http").child(&status.to_string()),
            says,
            true,
        );
    }
    let missing = waiter.at.child("missing");
    for (key, says) in [
        ("before", &waiter.missing.before),
        ("after", &waiter.missing.after),
    ] {
        if let Some(says) = says {
            say(missing.child(key), says, true);
        }
    }
    if let Some(otherwise) = &waiter.otherwise {
        say(waiter.at.child("otherwise"), otherwise, false);
    }
    if let Some(refused) = &waiter.refused {
        let at = waiter.at.child("refused");
        for says in refused.codes.keys() {
            say(at.child("codes").child(says), says, true);
        }
        if let Some(says) = &refused.otherwise {
            say(at.child("otherwise"), says, true);
        }
    }
    let units = waiter.hints.iter().flatten().map(|hint| &hint.unit);
    let units = units.chain(waiter.hold.iter().map(|hold| &hold.unit));
    let odd: Vec<String> = units
        .flatten()
        .filter(|unit| !["s", "ms", "duration"].contains(&unit.as_str()))
        .cloned()
        .collect();
    for unit in odd {
        check.fault(
            &waiter.at,
            format!("`{unit}` is no unit; there are s, ms and duration"),
        );
    }
    for (at, word, known) in &said {
        if !known {
            let all = PHASES.join(", ");
            let what = format!(
                "`{word}` is no phase; there are {all}, {}",
                OTHERS.join(", ")
            );
            check.fault(at, what);
        }
    }
    let says = |phases: &[&str]| {
        said.iter()
            .any(|(_, word, _)| phases.contains(&word.as_str()))
    };
    let done = waiter.state.as_ref().filter(|state| state.done.is_some());
    if !says(&["succeeded"]) && done.is_none() {
        check.fault(
            &waiter.at,
            "nothing says that the work succeeded, so no wait ends well",
        );
    }
    let fails = says(&["failed", "expired", "canceled", "cancelled"])
        || done.is_some_and(|state| state.failed.is_some())
        || waiter.result.decides;
    if !fails {
        check.fault(
            &waiter.at,
            "nothing says that the work failed, so a failure is waited for",
        );
    }
    kinds(check, waiter);
}

fn kinds(check: &mut Check<'_>, waiter: &Waiter) {
    let method = snake(&waiter.name);
    if RESERVED.contains(&method.as_str()) {
        check.fault(
            &waiter.at,
            "generated code has this name already; take another",
        );
    }
    let kind = waiter.result.kind.as_deref();
    if kind.is_some_and(|kind| !["value", "url", "bytes"].contains(&kind)) {
        let at = waiter.at.child("result").child("kind");
        check.fault(&at, "a result is a `value`, a `url` or `bytes`");
    }
    if waiter.result.decides && waiter.result.target().is_none() {
        let at = waiter.at.child("result").child("decides");
        check.fault(&at, "only a result behind a call of its own can decide");
    }
}
