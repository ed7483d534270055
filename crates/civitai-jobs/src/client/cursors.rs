//! The cursors of a list, page after page, up to an end that is sure to come.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::Error;

/// Pages that are read, at most; a page holds some hundred items.
const MOST_PAGES: usize = 10_000;
/// Pages without any item that are borne in a row.
const MOST_EMPTY: usize = 20;

/// The cursors that a list has gone through.
#[derive(Clone, Debug, Default)]
pub(super) struct Cursors {
    current: Option<String>,
    /// Hashes of the cursors so far, one for each page.
    seen: HashSet<u64>,
    empty: usize,
}

impl Cursors {
    /// What to ask for the next page with; none for the first.
    pub(super) fn current(&self) -> Option<&str> {
        self.current.as_deref()
    }

    /// Takes the cursor of a page; says whether there is another page.
    ///
    /// # Errors
    ///
    /// The cursor came before, or the pages are too many: they would not come to an end.
    pub(super) fn turn(&mut self, next: Option<String>, was_empty: bool) -> Result<bool, Error> {
        self.current = next.filter(|cursor| !cursor.is_empty());
        let Some(cursor) = &self.current else {
            return Ok(false);
        };
        self.empty = if was_empty { self.empty + 1 } else { 0 };
        let mut hasher = DefaultHasher::new();
        cursor.hash(&mut hasher);
        let is_new = self.seen.insert(hasher.finish());
        if !is_new || self.seen.len() >= MOST_PAGES || self.empty > MOST_EMPTY {
            return Err(Error::endless_search());
        }
        Ok(true)
    }
}
