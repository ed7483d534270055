//! The way through the steps of a workflow.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::pin::Pin;
use std::sync::Arc;

use super::error::RunError;
use super::frame::{Exit, Frame, Next};
use super::lap::{Turn, wait};
use super::outcome::End;
use crate::contract::Tempo;

type Walking = Pin<Box<dyn Future<Output = Result<Exit, RunError>> + Send>>;

impl Frame {
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
                    Next::Step(target) => return self.repeat(target..=index, loops).await,
                }
            }
        })
    }

    /// Waits for the end of a loop over some steps.
    async fn repeat(
        self: &Arc<Self>,
        steps: RangeInclusive<usize>,
        mut loops: BTreeSet<usize>,
    ) -> Result<Exit, RunError> {
        let target = *steps.start();
        loops.insert(target);
        let tempo = steps.filter_map(|step| self.tempo(step)).next();
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
        wait(
            &self.session,
            &name,
            tempo.unwrap_or_default(),
            self.hint(),
            Arc::new(lap),
        )
        .await
    }

    /// Returns what the contract says of polls by the operation of a step.
    fn tempo(&self, step: usize) -> Option<Tempo> {
        let target = &self.workflow().steps[step].target;
        let found = self.flow().operation(self.address.document, target)?;
        found.ok()?.operation.tempo()
    }
}
