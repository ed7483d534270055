//! The state behind its lock, with the texts of workflows that have ended: most polls ask for one of
//! these, and to write it costs more than all else of a reply.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;

use crate::core::lock::lock;

use super::link::link_end;
use super::run::advance;
use super::state::State;
use super::view::view;

/// Texts that are kept at once, at most.
const TEXTS: usize = 4_096;

/// The state of version 2, for one request at a time.
#[derive(Debug)]
pub(crate) struct Shown(Mutex<Kept>);

#[derive(Debug)]
struct Kept {
    state: State,
    texts: Texts,
}

/// The texts of workflows by their number, with and without mature content.
#[derive(Debug, Default)]
struct Texts {
    texts: BTreeMap<(usize, bool), Bytes>,
    /// The second in which the links of all texts end.
    links_end: i64,
}

/// The state, held; whoever changes it makes all texts worthless.
#[derive(Debug)]
pub(crate) struct Held<'a>(MutexGuard<'a, Kept>);

impl Shown {
    pub(crate) fn new(state: State) -> Self {
        Self(Mutex::new(Kept {
            state,
            texts: Texts::default(),
        }))
    }

    /// The state as it is at an instant.
    pub(crate) fn at(&self, now: Duration) -> Held<'_> {
        let mut kept = lock(&self.0);
        if kept.state.next_change().is_some_and(|next| next <= now) {
            kept.texts.forget();
        }
        advance(&mut kept.state, now);
        Held(kept)
    }
}

impl Held<'_> {
    /// The view of a workflow as JSON; with `hide`, mature content is withheld.
    pub(crate) fn text(&mut self, number: usize, hide: bool) -> Bytes {
        let Kept { state, texts } = &mut *self.0;
        let workflow = state.store.workflow(number);
        let write = || Bytes::from(view(state, workflow, hide).to_string());
        if !workflow.is_over() {
            return write();
        }
        // Nothing of it changes by itself but its links, which each reply signs anew.
        let links_end = link_end(state).timestamp();
        if texts.links_end != links_end || texts.texts.len() >= TEXTS {
            texts.forget();
            texts.links_end = links_end;
        }
        let text = texts.texts.entry((number, hide)).or_insert_with(write);
        text.clone()
    }
}

impl Texts {
    fn forget(&mut self) {
        self.texts.clear();
    }
}

impl Deref for Held<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.0.state
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut State {
        let Kept { state, texts } = &mut *self.0;
        texts.forget();
        state
    }
}
