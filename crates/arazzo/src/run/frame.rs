//! A workflow while it runs: its steps, and the way through them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Map, Value};

use super::call::Called;
use super::error::RunError;
use super::event::Happening;
use super::exchange::Exchange;
use super::lap::{Turn, wait};
use super::outcome::End;
use super::scope::Here;
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

type Walking = Pin<Box<dyn Future<Output = Result<Exit, RunError>> + Send>>;

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

    /// Runs the steps from one on. `loops` are the steps whose loops are being waited for: a way back to
    /// one of them ends a lap, and a way back to any other step begins a loop.
    pub(super) fn walk(self: Arc<Self>, from: usize, loops: BTreeSet<usize>) -> Walking {
        Box::pin(async move {
            let mut index = from;
            loop {
                if index >= self.workflow().steps.len() {
                    return Ok(Exit::End(End::Completed));
                }
                match self.visit(index).await? {
                    Next::On => index += 1,
                    Next::Exit(exit) => return Ok(exit),
                    Next::Step(target) if loops.contains(&target) => return Ok(Exit::Lap(target)),
                    Next::Step(target) if target > index => index = target,
                    Next::Step(target) => return self.repeat(target, loops).await,
                }
            }
        })
    }

    /// Waits for the end of a loop that begins at a step.
    async fn repeat(
        self: &Arc<Self>,
        target: usize,
        mut loops: BTreeSet<usize>,
    ) -> Result<Exit, RunError> {
        loops.insert(target);
        let name = self.workflow().steps[target].id.clone();
        let frame = Arc::clone(self);
        let lap = move || {
            let (frame, loops) = (Arc::clone(&frame), loops.clone());
            let turn = async move {
                Ok(match Arc::clone(&frame).walk(target, loops).await? {
                    Exit::Lap(back) if back == target => Turn::Again(frame.hint()),
                    exit => Turn::Done(exit),
                })
            };
            Box::pin(turn) as Pin<Box<dyn Future<Output = _> + Send>>
        };
        wait(&self.session, &name, self.hint(), Arc::new(lap)).await
    }

    /// Returns how long the last reply asks to wait.
    pub(super) fn hint(&self) -> Option<Duration> {
        let state = lock(&self.state);
        let hint = state.last.as_ref()?.reply.as_ref()?.retry_after()?;
        Some(hint.min(self.session.runner.limits.longest_hint))
    }

    pub(super) fn here<'a>(&'a self, called: &'a Called) -> Here<'a> {
        Here {
            frame: self,
            exchange: called.exchange.as_ref(),
            called: called.outputs.as_ref(),
        }
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame")
            .field("workflow", &self.workflow().id)
            .finish_non_exhaustive()
    }
}
