//! A workflow while it runs.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Map, Value};

use super::event::Happening;
use super::exchange::Exchange;
use super::outcome::End;
use super::session::{Session, lock};
use crate::document::{Step, Workflow};
use crate::flow::{Address, Flow};

/// A workflow while it runs.
pub(super) struct Frame {
    pub(super) session: Arc<Session>,
    pub(super) address: Address,
    pub(super) depth: usize,
    pub(super) inputs: Map<String, Value>,
    pub(super) state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    /// The outputs of the steps that went well; the last visit counts.
    pub(super) outputs: BTreeMap<String, Map<String, Value>>,
    pub(super) visits: BTreeMap<usize, u32>,
    pub(super) last: Option<Exchange>,
}

/// How the way through the steps goes on, or ends.
#[derive(Clone, Debug)]
pub(super) enum Exit {
    End(End),
    /// In another workflow, whose result is the result.
    Workflow(Address, Map<String, Value>),
    /// Back at the start of a loop that is being waited for.
    Lap(usize),
}

/// Where the way goes from a step.
pub(super) enum Next {
    On,
    Step(usize),
    Exit(Exit),
}

impl Frame {
    pub(super) fn flow(&self) -> &Flow {
        &self.session.runner.flow
    }

    pub(super) fn workflow(&self) -> &Workflow {
        self.flow().workflow(self.address)
    }

    pub(super) fn tell(&self, step: &Step, visit: u32, happening: Happening) {
        self.session
            .tell(&self.workflow().id, Some((&step.id, visit)), happening);
    }

    /// Returns how long the last reply asks to wait.
    pub(super) fn hint(&self) -> Option<Duration> {
        let state = lock(&self.state);
        let hint = state.last.as_ref()?.reply.as_ref()?.retry_after()?;
        Some(hint.min(self.session.runner.limits.longest_hint))
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame")
            .field("workflow", &self.workflow().id)
            .finish_non_exhaustive()
    }
}
