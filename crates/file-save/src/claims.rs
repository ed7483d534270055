//! Files that are somebody's already.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The files that [`Collision::Match`](crate::Collision::Match) leaves alone, since they are known to be others', whatever
/// is in them. Every file that is saved or matched becomes one of them, so that two files with the same bytes stay two.
///
/// Cheap to clone; clones are one, and several saves may share them. Paths are compared as they are, so they begin with
/// the folder as the save was told it.
#[derive(Clone, Debug, Default)]
pub struct Claims(Arc<Mutex<HashSet<PathBuf>>>);

impl Claims {
    /// Waits until no other file is being named under them: a name is taken and claimed at once.
    pub(crate) fn lock(&self) -> Held<'_> {
        Held(self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<P: Into<PathBuf>> FromIterator<P> for Claims {
    fn from_iter<I: IntoIterator<Item = P>>(paths: I) -> Self {
        let paths = paths.into_iter().map(Into::into).collect();
        Self(Arc::new(Mutex::new(paths)))
    }
}

/// Claims while a file gets its name.
pub(crate) struct Held<'a>(MutexGuard<'a, HashSet<PathBuf>>);

impl Held<'_> {
    pub(crate) fn has(&self, path: &Path) -> bool {
        self.0.contains(path)
    }

    pub(crate) fn add(&mut self, path: &Path) {
        self.0.insert(path.to_owned());
    }
}
