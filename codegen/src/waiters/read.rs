//! Reads waiters from where they stand: beside the operations, or in a file beside a document that
//! belongs to somebody else.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::locate::reply;
use crate::document::Document;
use crate::error::{Error, Faults};
use crate::model::{Model, Start, Target, Waiter};
use crate::pointer::Pointer;

/// The member of a document that holds its waiters, by name.
pub(crate) const MEMBER: &str = "x-waiters";

const KNOWN: [&str; 18] = [
    "about",
    "lags",
    "start",
    "look",
    "state",
    "otherwise",
    "http",
    "missing",
    "refused",
    "reason",
    "progress",
    "result",
    "files",
    "hints",
    "hold",
    "pace",
    "cancel",
    "list",
];

/// Reads every waiter.
pub(super) fn read(doc: &Document) -> Result<Vec<Waiter>, Error> {
    let mut faults = Faults::default();
    let root = Pointer::root().child(MEMBER);
    let waiters = match doc.root.get(MEMBER) {
        None => return Ok(Vec::new()),
        Some(Value::Object(waiters)) => waiters,
        Some(_) => return Err(doc.error(&root, "waiters are an object: name and waiter")),
    };
    let mut found = Vec::new();
    for (name, waiter) in waiters {
        let at = root.child(name);
        let Value::Object(members) = waiter else {
            faults.push(doc.locate(&at), "a waiter is an object");
            continue;
        };
        let mut reader = Reader {
            doc,
            members,
            at: &at,
            faults: &mut faults,
        };
        found.extend(reader.waiter(name));
    }
    faults.into_result()?;
    Ok(found)
}

/// Replaces `*` by the operations that are answered with what a poll brings.
pub(super) fn spread(waiter: &mut Waiter, model: &Model) {
    let Some(index) = waiter.start.iter().position(|start| start.operation == "*") else {
        return;
    };
    let all = waiter.start.remove(index);
    let wanted = target_reply(model, &waiter.look);
    let mut taken: BTreeSet<&str> = waiter
        .start
        .iter()
        .map(|one| one.operation.as_str())
        .collect();
    let others = [Some(&waiter.look), waiter.cancel.as_ref()];
    taken.extend(
        others
            .into_iter()
            .flatten()
            .filter_map(|one| one.operation.as_deref()),
    );
    taken.extend(
        waiter
            .hold
            .iter()
            .filter_map(|hold| hold.operation.as_deref()),
    );
    let alike = model.operations.iter().filter(|operation| {
        let answered = reply(operation).map(|content| &content.ty);
        answered == wanted.as_ref() && !taken.contains(operation.id.as_str())
    });
    let alike: Vec<Start> = alike
        .map(|operation| Start {
            operation: operation.id.clone(),
            ..all.clone()
        })
        .collect();
    waiter.start.extend(alike);
}

fn target_reply(model: &Model, look: &Target) -> Option<crate::model::Ty> {
    let id = look.operation.as_ref().or(look.like.as_ref())?;
    let operation = super::locate::operation(model, id)?;
    reply(operation).map(|content| content.ty.clone())
}

struct Reader<'a> {
    doc: &'a Document,
    members: &'a Map<String, Value>,
    at: &'a Pointer,
    faults: &'a mut Faults,
}

impl Reader<'_> {
    fn waiter(&mut self, name: &str) -> Option<Waiter> {
        for key in self
            .members
            .keys()
            .filter(|key| !KNOWN.contains(&key.as_str()))
        {
            let what = format!("there is no such member; there are {}", KNOWN.join(", "));
            self.faults.push(self.doc.locate(&self.at.child(key)), what);
        }
        let start: Vec<Start> = self.member("start").unwrap_or_default();
        let look: Option<Target> = self.member("look");
        if look.is_none() && !self.members.contains_key("look") {
            let what = "`look` is missing: which operation or address polls the work?";
            self.faults.push(self.doc.locate(self.at), what);
        }
        let http: BTreeMap<String, String> = self.member("http").unwrap_or_default();
        let mut statuses = BTreeMap::new();
        for (status, says) in http {
            match status
                .parse::<u16>()
                .ok()
                .filter(|status| (100..600).contains(status))
            {
                Some(status) => _ = statuses.insert(status, says),
                None => {
                    let at = self.at.child("http").child(&status);
                    self.faults
                        .push(self.doc.locate(&at), "this is no HTTP status");
                }
            }
        }
        Some(Waiter {
            name: name.to_owned(),
            at: self.at.clone(),
            about: self.member("about"),
            lags: self.member("lags").unwrap_or_default(),
            parts: parts(&start, look.as_ref()),
            start,
            state: self.member("state"),
            otherwise: self.member("otherwise"),
            http: statuses,
            missing: self.member("missing").unwrap_or_default(),
            refused: self.member("refused"),
            reason: self.member("reason").unwrap_or_default(),
            progress: self.member("progress").unwrap_or_default(),
            result: self.member("result").unwrap_or_default(),
            files: self.member("files").unwrap_or_default(),
            hints: self.member("hints"),
            hold: self.member("hold"),
            pace: self.member("pace").unwrap_or_default(),
            cancel: self.member("cancel"),
            list: self.member("list"),
            look: look?,
        })
    }

    /// Reads one member; what is wrong with it is told with its place.
    fn member<T: DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        let value = self.members.get(key)?;
        match serde_json::from_value(value.clone()) {
            Ok(read) => Some(read),
            Err(error) => {
                let at = self.at.child(key);
                self.faults.push(self.doc.locate(&at), error.to_string());
                None
            }
        }
    }
}

/// The parts of a handle: `id` first, and addresses last. The first one names the work.
fn parts(start: &[Start], look: Option<&Target>) -> Vec<String> {
    let names: BTreeSet<&String> = start.iter().flat_map(|one| one.handle.keys()).collect();
    let polled = look.and_then(|look| look.url.as_ref());
    let mut names: Vec<String> = names.into_iter().cloned().collect();
    names.sort_by_key(|name| (name != "id", Some(name) == polled));
    names
}
