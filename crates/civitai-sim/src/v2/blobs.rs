//! The files that there are.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::core::problem::Problem;

use super::blob::{Blob, KEPT};

/// All files by their id, planned and outdated ones included.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct Blobs {
    files: BTreeMap<String, Blob>,
}

impl Blobs {
    /// A file, whether it can be had or not.
    pub(crate) fn get(&self, id: &str) -> Option<&Blob> {
        self.files.get(id)
    }

    /// A file that can be had.
    ///
    /// # Errors
    ///
    /// Fails where there is none.
    pub(crate) fn find(&self, id: &str, now: Duration) -> Result<&Blob, Problem> {
        let found = self.files.get(id);
        found
            .filter(|blob| blob.made.is_some() && blob.kept_until > now)
            .ok_or_else(|| Problem::no_such("blob"))
    }

    /// The file that can be had whose id begins so.
    pub(crate) fn beginning(&self, start: &str, now: Duration) -> Option<&Blob> {
        let mut from = self.files.range(start.to_owned()..);
        let (id, _) = from.next().filter(|(id, _)| id.starts_with(start))?;
        self.find(id, now).ok()
    }

    /// Adds files that a step is going to make.
    pub(super) fn plan(&mut self, blobs: Vec<Blob>) {
        let named = blobs.into_iter().map(|blob| (blob.id.clone(), blob));
        self.files.extend(named);
    }

    /// Keeps a file, unless there is one of its id, which is then kept.
    pub(super) fn keep(&mut self, blob: Blob) -> &Blob {
        self.files.entry(blob.id.clone()).or_insert(blob)
    }

    /// The same, and one that is there is kept for as long and is as public as the new one.
    pub(super) fn keep_anew(&mut self, blob: Blob) -> &Blob {
        let (until, public) = (blob.kept_until, blob.public);
        let kept = self.files.entry(blob.id.clone()).or_insert(blob);
        kept.kept_until = until;
        kept.public |= public;
        kept
    }

    /// Puts off the removal of a file.
    ///
    /// # Errors
    ///
    /// Fails where there is none.
    pub(super) fn refresh(&mut self, id: &str, now: Duration) -> Result<&Blob, Problem> {
        self.find(id, now)?;
        let blob = self.files.get_mut(id);
        let blob = blob.ok_or_else(|| Problem::no_such("blob"))?;
        blob.kept_until = now + KEPT;
        Ok(blob)
    }

    /// Makes planned files available.
    pub(super) fn publish(&mut self, ids: &[String], now: Duration) {
        for id in ids {
            if let Some(blob) = self.files.get_mut(id) {
                blob.made.get_or_insert(now);
                blob.kept_until = now + KEPT;
            }
        }
    }

    /// Forgets the files of a workflow.
    pub(super) fn forget(&mut self, workflow: usize) {
        let is_its = |blob: &Blob| {
            let maker = blob.maker.as_ref();
            maker.is_some_and(|(maker, _)| *maker == workflow)
        };
        self.files.retain(|_, blob| !is_its(blob));
    }
}
