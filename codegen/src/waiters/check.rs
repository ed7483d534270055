//! Checks waiters against the model: what they speak of is there, and every wait ends.

use serde_json::Value;

use super::ends;
use super::faults::Check;
use super::locate::{self, Place, locate};
use super::target;
use crate::document::Document;
use crate::error::{Error, Faults};
use crate::model::{Content, Model, Place as ParameterPlace, Waiter};
use crate::notes::Notes;
use crate::pointer::Pointer;

/// Checks every waiter; all faults come together.
pub(super) fn check(
    doc: &Document,
    model: &Model,
    waiters: &[Waiter],
    notes: &mut Notes,
) -> Result<(), Error> {
    let mut faults = Faults::default();
    for waiter in waiters {
        let mut check = Check {
            doc,
            model,
            waiter,
            notes,
            faults: &mut faults,
        };
        check.starts();
        check.state();
        check.places();
        check.calls();
        check.list();
        ends::check(&mut check);
    }
    faults.into_result()
}

impl<'a> Check<'a> {
    /// What a poll brings, where the contract says.
    fn look(&self) -> Option<&'a Content> {
        target::reply(self.model, &self.waiter.look)
    }

    fn starts(&mut self) {
        let waiter = self.waiter;
        if waiter.start.is_empty() {
            let what = "nothing starts the work; name an operation under `start`";
            self.fault(&self.at("start"), what);
        }
        for (index, start) in waiter.start.iter().enumerate() {
            let at = self.at("start").index(index);
            let Some(operation) = self.operation(&at.child("operation"), &start.operation) else {
                continue;
            };
            for part in waiter
                .parts
                .iter()
                .filter(|part| !start.handle.contains_key(*part))
            {
                let what = format!("`{part}` is part of the handle elsewhere and not bound here");
                self.fault(&at.child("handle"), what);
            }
            if waiter.parts.is_empty() {
                self.fault(&at.child("handle"), "nothing names the work");
            }
            for (part, source) in &start.handle {
                let at = at.child("handle").child(part);
                let (kind, rest) = source.split_once('/').unwrap_or((source, ""));
                let has = |kind: &str| {
                    let mut all = operation.parameters.iter();
                    let place = match kind {
                        "path" => ParameterPlace::Path,
                        _ => ParameterPlace::Query,
                    };
                    all.any(|one| one.name == rest && one.place == place)
                };
                match kind {
                    "body" => self.path(&at, locate::reply(operation), rest),
                    "request" => self.path(&at, locate::body(operation), rest),
                    "header" if !rest.is_empty() => {}
                    "path" | "query" if has(kind) => {}
                    "path" | "query" => {
                        let what = format!("`{}` has no such parameter", operation.id);
                        self.fault(&at, what);
                    }
                    _ => {
                        let what = "a part comes from `body/…`, `header/…`, `request/…`, `path/…` or `query/…`";
                        self.fault(&at, what);
                    }
                }
            }
        }
    }

    fn state(&mut self) {
        let (waiter, at) = (self.waiter, self.at("state"));
        let Some(state) = &waiter.state else { return };
        let look = self.look();
        match (&state.path, &state.done) {
            (Some(path), None) => {
                self.path(&at.child("path"), look, path);
                let place = look.map(|look| locate(self.model, look, path));
                let listed = match &place {
                    Some(Place::Known(content)) => locate::listed(self.model, content),
                    _ => None,
                };
                if let Some(listed) = listed {
                    self.words(&at.child("words"), &state.words, &listed, state.ignore_case);
                }
                let mut seen = std::collections::BTreeSet::new();
                for (phase, words) in &state.words {
                    for word in words.iter().map(locate::text) {
                        let folded = match state.ignore_case {
                            true => word.to_ascii_lowercase(),
                            false => word.clone(),
                        };
                        if !seen.insert(folded) {
                            let what = format!("`{word}` is listed twice");
                            self.fault(&at.child("words").child(phase), what);
                        }
                    }
                }
            }
            (None, Some(done)) => {
                let more = [&state.succeeded, &state.failed].into_iter().flatten();
                let more = more.chain(state.canceled.as_ref().map(|one| &one.path));
                for path in std::iter::once(done).chain(more) {
                    self.path(&at, look, path);
                }
            }
            _ => self.fault(
                &at,
                "the state is at a `path` with `words`, or a flag `done`",
            ),
        }
    }

    /// Words and the enum that they come from.
    fn words(
        &mut self,
        at: &Pointer,
        words: &std::collections::BTreeMap<String, Vec<Value>>,
        listed: &[String],
        ignore_case: bool,
    ) {
        let same = |a: &str, b: &str| match ignore_case {
            true => a.eq_ignore_ascii_case(b),
            false => a == b,
        };
        for (phase, words) in words {
            for word in words.iter().map(locate::text) {
                if !listed.iter().any(|known| same(known, &word)) {
                    let known = listed.join("`, `");
                    let what = format!("the contract has no `{word}`; it has `{known}`");
                    self.lack(&at.child(phase), what);
                }
            }
        }
        let placed: Vec<String> = words.values().flatten().map(locate::text).collect();
        for word in listed
            .iter()
            .filter(|word| !placed.iter().any(|one| same(one, word)))
        {
            if self.waiter.otherwise.is_none() {
                let what = format!("`{word}` is not listed; list it, or write `otherwise`");
                self.lack(at, what);
            }
        }
    }

    fn places(&mut self) {
        let waiter = self.waiter;
        let look = self.look();
        let (reason, progress) = (&waiter.reason, &waiter.progress);
        for (key, path) in [("message", &reason.message), ("code", &reason.code)] {
            // Without a state in the body, the reason stands in that of a refusal.
            if let Some(path) = path.as_ref().filter(|_| waiter.state.is_some()) {
                self.path(&self.at("reason").child(key), look, path);
            }
        }
        for (key, path) in [
            ("percent", &progress.percent),
            ("done", &progress.done),
            ("total", &progress.total),
            ("queue", &progress.queue),
            ("starts", &progress.starts),
            ("ends", &progress.ends),
        ] {
            if let Some(path) = path {
                self.path(&self.at("progress").child(key), look, path);
            }
        }
        if let Some(refused) = &waiter.refused {
            self.path(&self.at("refused").child("path"), look, &refused.path);
        }
        let result = waiter.result.target();
        let held = match &result {
            Some(target) => target::reply(self.model, target),
            None => look,
        };
        if let (Some(path), false) = (&waiter.result.path, waiter.result.is_bytes()) {
            self.path(&self.at("result").child("path"), held, path);
        }
        for (index, path) in waiter.files.iter().enumerate() {
            let at = self.at("files").index(index);
            let in_look = look.map(|look| locate(self.model, look, path));
            if result.is_none() || matches!(in_look, Some(Place::Nowhere(_))) {
                self.path(&at, held, path);
            }
        }
        for (index, hint) in waiter.hints.iter().flatten().enumerate() {
            let at = self.at("hints").index(index);
            match (&hint.header, &hint.path) {
                (Some(_), None) => {}
                (None, Some(path)) => self.path(&at, look, path),
                _ => self.fault(&at, "a hint is a `header` or a `path`"),
            }
        }
    }

    fn calls(&mut self) {
        let waiter = self.waiter;
        target::check(self, "look", &waiter.look);
        if let Some(cancel) = &waiter.cancel {
            target::check(self, "cancel", cancel);
        }
        if let Some(result) = waiter.result.target() {
            target::check(self, "result", &result);
        }
        if let Some(hold) = &waiter.hold {
            target::hold(self, hold);
        }
    }

    fn list(&mut self) {
        let Some(list) = &self.waiter.list else {
            return;
        };
        let at = self.at("list");
        let Some(operation) = self.operation(&at.child("operation"), &list.operation) else {
            return;
        };
        let items = locate::reply(operation);
        self.path(&at.child("items"), items, &list.items);
        for part in self
            .waiter
            .parts
            .iter()
            .filter(|part| !list.handle.contains_key(*part))
        {
            self.fault(&at.child("handle"), format!("`{part}` is not bound"));
        }
        for (part, path) in &list.handle {
            let whole = format!("{}/*/{path}", list.items);
            self.path(&at.child("handle").child(part), items, &whole);
        }
    }
}
