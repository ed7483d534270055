//! One call of a step: what it means for the step, and what the step gives.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::error::RunError;
use super::event::Happening;
use super::exchange::Called;
use super::frame::Frame;
use super::scope::Here;
use super::session::lock;
use crate::document::{Criterion, Output, Step};

impl Frame {
    /// Calls a step once and judges what came; keeps the outputs where it went well.
    pub(super) async fn attempt(
        self: &Arc<Self>,
        step: &Step,
        visit: u32,
    ) -> Result<(Called, Option<String>), RunError> {
        let called = self.call(step, visit).await?;
        lock(&self.state).last.clone_from(&called.exchange);
        let failure = self.failure(step, visit, &called);
        self.tell(
            step,
            visit,
            Happening::Judged {
                success: failure.is_none(),
            },
        );
        if failure.is_none() {
            let outputs = self.outputs(&step.outputs, &self.here(&called), |what| {
                self.tell(step, visit, Happening::Warned { what });
            });
            lock(&self.state).outputs.insert(step.id.clone(), outputs);
        }
        Ok((called, failure))
    }

    /// Returns which step must have run before this one and has not.
    pub(super) fn lacks(&self, step: &Step) -> Option<String> {
        let state = lock(&self.state);
        // What is not a step of this workflow is a matter of order between workflows.
        let own = step
            .depends_on
            .iter()
            .filter(|needed| self.workflow().step(&needed.name).is_some());
        let mut missing = own.filter(|needed| !state.outputs.contains_key(&needed.name));
        missing
            .next()
            .map(|needed| format!("`{}`, which it depends on, has not run", needed.name))
    }

    /// Returns why a step did not go well.
    fn failure(&self, step: &Step, visit: u32, called: &Called) -> Option<String> {
        if let Some(failure) = &called.failure {
            return Some(failure.clone());
        }
        let exchange = called.exchange.as_ref();
        if let Some(fault) = exchange.and_then(|exchange| exchange.fault.as_ref()) {
            return Some(fault.clone());
        }
        let status = exchange
            .and_then(|exchange| exchange.reply.as_ref())
            .map(|reply| reply.status);
        if step.criteria.is_empty() {
            let good = called.outputs.is_some()
                || status.is_some_and(|status| (200..300).contains(&status));
            return (!good).then(|| format!("status {}", status.unwrap_or_default()));
        }
        let here = self.here(called);
        let unmet = step
            .criteria
            .iter()
            .find(|one| !self.holds(one, &here, step, visit, true))?;
        let status = status
            .map(|status| format!(" (status {status})"))
            .unwrap_or_default();
        Some(
            self.session
                .secrets
                .mask(&format!("does not hold: {}{status}", unmet.text)),
        )
    }

    pub(super) fn holds(
        &self,
        criterion: &Criterion,
        here: &Here<'_>,
        step: &Step,
        visit: u32,
        tell: bool,
    ) -> bool {
        let reading = self.session.runner.reading;
        let judged = criterion
            .condition
            .judge(criterion.context.as_ref(), here, reading);
        if let Some(note) = judged.note {
            let what = self
                .session
                .secrets
                .mask(&format!("{}: {note}", criterion.text));
            self.tell(step, visit, Happening::Warned { what });
        } else if tell && !judged.held {
            self.tell(
                step,
                visit,
                Happening::Unmet {
                    condition: criterion.text.clone(),
                },
            );
        }
        judged.held
    }

    /// Makes outputs; those without a value are left out, and told to `lost`.
    pub(super) fn outputs(
        &self,
        outputs: &[Output],
        here: &Here<'_>,
        mut lost: impl FnMut(String),
    ) -> Map<String, Value> {
        let mut made = Map::new();
        for output in outputs {
            match here.value(&output.value) {
                Ok(Some(value)) => {
                    made.insert(output.name.clone(), value);
                }
                Ok(None) => lost(format!("the output `{}` has no value", output.name)),
                Err(why) => lost(format!("the output `{}` has no value: {why}", output.name)),
            }
        }
        made
    }
}
