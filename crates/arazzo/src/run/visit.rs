//! A visit of a step: its calls with retries, and the action that it ends with.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::error::RunError;
use super::event::Happening;
use super::exchange::{Called, Exchange};
use super::frame::{Exit, Frame, Next};
use super::outcome::End;
use super::scope::Here;
use super::session::lock;
use super::workflow;
use crate::document::{Action, ActionKind, Goal, Step};
use crate::flow::Address;

impl Frame {
    /// Runs a step, with its retries, and takes its action.
    pub(super) async fn visit(self: &Arc<Self>, index: usize) -> Result<Next, RunError> {
        let step = &self.workflow().steps[index];
        let visit = {
            let mut state = lock(&self.state);
            let visits = state.visits.entry(index).or_default();
            *visits += 1;
            *visits
        };
        if let Some(why) = self.lacks(step) {
            return Ok(Next::Exit(Exit::End(End::Failed {
                step: step.id.clone(),
                why,
            })));
        }
        let mut retries = BTreeMap::new();
        loop {
            let (called, failure) = self.attempt(step, visit).await?;
            let success = failure.is_none();
            let actions = self.workflow().actions(step, success);
            let mut again = false;
            for (place, action) in actions.iter().enumerate() {
                let here = self.here(&called);
                if !action
                    .criteria
                    .iter()
                    .all(|criterion| self.holds(criterion, &here, step, visit, false))
                {
                    continue;
                }
                if let ActionKind::Retry { after, limit, goal } = &action.kind {
                    let used: &mut u32 = retries.entry(place).or_default();
                    if *used >= *limit {
                        continue;
                    }
                    *used += 1;
                    self.taken(step, visit, action);
                    self.before_retry(step, visit, *after, goal.as_ref(), action, &called)
                        .await?;
                    again = true;
                    break;
                }
                self.taken(step, visit, action);
                return self.take(step, action, success, &here);
            }
            if !again {
                return Ok(match failure {
                    None => Next::On,
                    Some(why) => Next::Exit(Exit::End(End::Failed {
                        step: step.id.clone(),
                        why,
                    })),
                });
            }
        }
    }

    fn taken(&self, step: &Step, visit: u32, action: &Action) {
        let goal = |goal: &Goal| match goal {
            Goal::Step(step) => format!("step `{step}`"),
            Goal::Workflow(workflow) => format!("workflow `{workflow}`"),
        };
        let does = match &action.kind {
            ActionKind::End => "ends".to_owned(),
            ActionKind::Goto(to) => format!("goes to {}", goal(to)),
            ActionKind::Retry { goal: None, .. } => "tries again".to_owned(),
            ActionKind::Retry { goal: Some(to), .. } => format!("tries again after {}", goal(to)),
        };
        self.tell(
            step,
            visit,
            Happening::Taken {
                action: action.name.clone(),
                does,
            },
        );
    }

    fn take(
        &self,
        step: &Step,
        action: &Action,
        success: bool,
        here: &Here<'_>,
    ) -> Result<Next, RunError> {
        Ok(match &action.kind {
            ActionKind::Goto(Goal::Step(id)) => match self.workflow().step(id) {
                Some(target) => Next::Step(target),
                None => return Err(RunError::request(id, "it is not there")),
            },
            ActionKind::Goto(Goal::Workflow(name)) => {
                let refuse = |what| RunError::request(&step.id, what);
                let address = self.flow().find(self.address.document, name);
                let address =
                    address.ok_or_else(|| refuse(format!("there is no workflow `{name}`")))?;
                let mut inputs = self.given(address);
                inputs.extend(here.arguments(&action.parameters).map_err(refuse)?);
                Next::Exit(Exit::Workflow(address, inputs))
            }
            ActionKind::End | ActionKind::Retry { .. } => Next::Exit(Exit::End(End::ByAction {
                step: step.id.clone(),
                action: action.name.clone(),
                success,
            })),
        })
    }

    /// Returns the inputs that another workflow declares too.
    fn given(&self, address: Address) -> Map<String, Value> {
        let declared = &self.flow().workflow(address).inputs.declared;
        let shared = self
            .inputs
            .iter()
            .filter(|(name, _)| declared.contains_key(*name));
        shared
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    /// Waits as the reply or the action asks for, and runs what is to be run before a retry.
    async fn before_retry(
        self: &Arc<Self>,
        step: &Step,
        visit: u32,
        after: Option<Duration>,
        goal: Option<&Goal>,
        action: &Action,
        called: &Called,
    ) -> Result<(), RunError> {
        let lost = |exchange: &Exchange| exchange.reply.is_none() && exchange.sent.method == "POST";
        if called.exchange.as_ref().is_some_and(lost) {
            let what =
                "what was sent without an answer is sent again, and may be done twice".to_owned();
            self.tell(step, visit, Happening::Warned { what });
        }
        let pause = self.hint().or(after).unwrap_or(PAUSE);
        self.tell(step, visit, Happening::Paused { pause });
        self.session.pause(pause).await?;
        match goal {
            None => Ok(()),
            Some(Goal::Step(id)) => {
                let other = self
                    .workflow()
                    .step(id)
                    .map(|index| &self.workflow().steps[index]);
                match other {
                    Some(other) => self.attempt(other, visit).await.map(|_| ()),
                    None => Ok(()),
                }
            }
            Some(Goal::Workflow(name)) => {
                let Some(address) = self.flow().find(self.address.document, name) else {
                    return Ok(());
                };
                let mut inputs = self.given(address);
                let arguments = self.here(called).arguments(&action.parameters);
                inputs.extend(arguments.map_err(|what| RunError::request(&step.id, what))?);
                workflow::enter(&self.session, address, inputs, self.depth + 1)
                    .await
                    .map(|_| ())
            }
        }
    }
}

/// Where neither the reply nor the document says when to try again.
const PAUSE: Duration = Duration::from_secs(1);
