//! One waiter under test, and what is said against it.

use super::locate::{Place, locate, operation};
use crate::document::Document;
use crate::error::Faults;
use crate::model::{Content, Model, Operation, Waiter};
use crate::notes::Notes;
use crate::pointer::Pointer;

/// One waiter under test.
pub(super) struct Check<'a> {
    pub(super) doc: &'a Document,
    pub(super) model: &'a Model,
    pub(super) waiter: &'a Waiter,
    pub(super) notes: &'a mut Notes,
    pub(super) faults: &'a mut Faults,
}

impl<'a> Check<'a> {
    /// Says what is wrong at a place of the waiter.
    pub(super) fn fault(&mut self, at: &Pointer, what: impl Into<String>) {
        self.faults.push(self.doc.locate(at), what);
    }

    /// Says what the document lacks: a fault, or a note where it is known to lag.
    pub(super) fn lack(&mut self, at: &Pointer, what: impl Into<String>) {
        match self.waiter.lags {
            true => self.notes.fault("waiters", at.clone(), what),
            false => self.fault(at, what),
        }
    }

    pub(super) fn at(&self, key: &str) -> Pointer {
        self.waiter.at.child(key)
    }

    /// Finds an operation, or says that there is none.
    pub(super) fn operation(&mut self, at: &Pointer, id: &str) -> Option<&'a Operation> {
        let found = operation(self.model, id);
        if found.is_none() {
            self.fault(at, format!("there is no operation `{id}`"));
        }
        found
    }

    /// Checks that a path leads somewhere in a message; a message that is not known has every path.
    pub(super) fn path(&mut self, at: &Pointer, content: Option<&Content>, path: &str) {
        let Some(content) = content else { return };
        if let Place::Nowhere(step) = locate(self.model, content, path) {
            let what = format!("`{path}` leads nowhere: there is no `{step}`");
            self.lack(at, what);
        }
    }
}
