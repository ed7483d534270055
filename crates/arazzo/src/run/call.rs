//! The call of a step: an operation or another workflow.

use std::sync::Arc;

use super::error::RunError;
use super::event::Happening;
use super::exchange::Called;
use super::frame::Frame;
use super::outcome::End;
use super::request::build;
use super::scope::Here;
use super::send::exchange;
use super::workflow;
use crate::document::{Step, Target};

impl Frame {
    /// Calls what a step names.
    pub(super) async fn call(
        self: &Arc<Self>,
        step: &Step,
        visit: u32,
    ) -> Result<Called, RunError> {
        match &step.target {
            Target::Workflow(named) => self.call_workflow(step, &named.name).await,
            target => {
                let found = self.flow().operation(self.address.document, target);
                let refused = |what: String| RunError::request(&step.id, what);
                let found = found.ok_or_else(|| refused("it calls nothing".to_owned()))?;
                let found = found.map_err(|(_, what)| refused(what))?;
                self.session.count(&step.id)?;
                let request = {
                    let here = Here {
                        frame: self,
                        exchange: None,
                        called: None,
                    };
                    build(&here, self.workflow(), step, found.source, found.operation)?
                };
                let secrets = &self.session.secrets;
                let (method, url) = (request.sent.method.clone(), secrets.mask(&request.sent.url));
                self.tell(step, visit, Happening::Sent { method, url });
                let limits = self.session.runner.limits;
                let limit = step.timeout.unwrap_or(limits.call).min(limits.call);
                let exchange =
                    exchange(&self.session, request, limit.min(self.session.left()?)).await;
                self.tell(
                    step,
                    visit,
                    match (&exchange.reply, &exchange.fault) {
                        (Some(reply), _) => Happening::Answered {
                            status: reply.status,
                            took: exchange.took,
                        },
                        (None, fault) => Happening::Unanswered {
                            why: fault.clone().unwrap_or_default(),
                        },
                    },
                );
                Ok(Called {
                    exchange: Some(exchange),
                    ..Called::default()
                })
            }
        }
    }

    async fn call_workflow(self: &Arc<Self>, step: &Step, name: &str) -> Result<Called, RunError> {
        let address = self.flow().find(self.address.document, name);
        let address = address
            .ok_or_else(|| RunError::request(&step.id, format!("there is no workflow `{name}`")))?;
        let arguments = {
            let here = Here {
                frame: self,
                exchange: None,
                called: None,
            };
            here.arguments(&step.parameters)
                .map_err(|what| RunError::request(&step.id, what))?
        };
        let done = workflow::enter(&self.session, address, arguments, self.depth + 1).await?;
        let failure = match &done.end {
            End::Failed { .. } | End::ByAction { success: false, .. } => Some(done.end.to_string()),
            _ => None,
        };
        Ok(Called {
            exchange: done.last,
            outputs: Some(done.outputs),
            failure,
        })
    }
}
