//! Whole workflows: what they need first, their inputs, and what they give.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value};

use super::error::RunError;
use super::event::Happening;
use super::exchange::Exchange;
use super::frame::{Exit, Frame, State};
use super::inputs::prepare;
use super::lap::{Turn, wait};
use super::limits::DEEPEST;
use super::outcome::{End, Outcome};
use super::scope::Here;
use super::session::{Record, Session, lock};
use crate::contract::Tempo;
use crate::flow::Address;

/// What a workflow has given.
#[derive(Clone, Debug)]
pub(super) struct Done {
    pub(super) end: End,
    pub(super) outputs: Map<String, Value>,
    missing: Vec<String>,
    /// Its last call.
    pub(super) last: Option<Exchange>,
}

/// Runs the workflow that the caller has asked for.
pub(super) async fn run(session: &Arc<Session>, address: Address) -> Result<Outcome, RunError> {
    let done = enter(session, address, session.inputs.clone(), 0).await?;
    let outputs = session.secrets.mask_value(Value::Object(done.outputs));
    Ok(Outcome {
        end: done.end,
        outputs: outputs.as_object().cloned().unwrap_or_default(),
        missing: done.missing,
    })
}

type Running<T> = Pin<Box<dyn Future<Output = Result<T, RunError>> + Send>>;

/// A workflow that is to be run next, and its inputs.
type Entry = (Address, Map<String, Value>);

/// Runs a workflow and those that it goes on in.
pub(super) fn enter(
    session: &Arc<Session>,
    address: Address,
    inputs: Map<String, Value>,
    depth: usize,
) -> Running<Done> {
    let session = Arc::clone(session);
    Box::pin(async move {
        if depth > DEEPEST {
            let what = format!("workflows call each other more than {DEEPEST} deep");
            return Err(RunError::too_much(what));
        }
        let mut entry = (address, inputs);
        let mut seen = BTreeSet::new();
        loop {
            seen.insert(entry.0);
            match once(&session, entry, depth).await? {
                Passed::Done(done) => return Ok(*done),
                Passed::On(next) if seen.contains(&next.0) => {
                    return repeat(&session, next, depth).await;
                }
                Passed::On(next) => entry = next,
            }
        }
    })
}

/// Waits for the end of a loop of workflows that go to each other.
async fn repeat(session: &Arc<Session>, start: Entry, depth: usize) -> Result<Done, RunError> {
    let name = session.runner.flow.workflow(start.0).id.clone();
    let next = Arc::new(Mutex::new(start));
    let shared = Arc::clone(session);
    let lap = move || {
        let (session, next) = (Arc::clone(&shared), Arc::clone(&next));
        let turn = async move {
            let mut entry = lock(&next).clone();
            let head = entry.0;
            loop {
                match once(&session, entry, depth).await? {
                    Passed::Done(done) => return Ok(Turn::Done(*done)),
                    Passed::On(again) if again.0 == head => {
                        *lock(&next) = again;
                        return Ok(Turn::Again(None));
                    }
                    Passed::On(other) => entry = other,
                }
            }
        };
        Box::pin(turn) as Running<Turn<Done>>
    };
    wait(session, &name, Tempo::default(), None, Arc::new(lap)).await
}

enum Passed {
    Done(Box<Done>),
    On(Entry),
}

async fn once(session: &Arc<Session>, entry: Entry, depth: usize) -> Result<Passed, RunError> {
    let (address, inputs) = entry;
    let workflow = session.runner.flow.workflow(address);
    let inputs = prepare(workflow, inputs, &session.secrets)?;
    if let Some(done) = before(session, address, &inputs, depth).await? {
        return Ok(Passed::Done(Box::new(done)));
    }
    let frame = Arc::new(Frame {
        session: Arc::clone(session),
        address,
        depth,
        inputs,
        state: Mutex::new(State::default()),
    });
    match Arc::clone(&frame).walk(0, BTreeSet::new()).await? {
        Exit::Workflow(next, inputs) => Ok(Passed::On((next, inputs))),
        Exit::End(end) => Ok(Passed::Done(Box::new(finish(&frame, end)))),
        // No loop is being waited for at the outset.
        Exit::Lap(_) => Ok(Passed::Done(Box::new(finish(&frame, End::Completed)))),
    }
}

/// Runs the workflows that another one depends on, each once in a run.
async fn before(
    session: &Arc<Session>,
    address: Address,
    inputs: &Map<String, Value>,
    depth: usize,
) -> Result<Option<Done>, RunError> {
    let flow = &session.runner.flow;
    let workflow = flow.workflow(address);
    for needed in &workflow.depends_on {
        let Some(other) = flow.find(address.document, &needed.name) else {
            continue;
        };
        if session.result(other).is_none() {
            // Workflows that are not called have no inputs of their own but the caller's.
            let declared = &flow.workflow(other).inputs.declared;
            let shared = inputs.iter().chain(&session.inputs);
            let shared = shared.filter(|(name, _)| declared.contains_key(*name));
            let shared = shared
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            enter(session, other, shared, depth + 1).await?;
        }
        if session.result(other).is_none_or(|result| result.failed) {
            let why = format!("`{}`, which it depends on, has failed", needed.name);
            let first = workflow.steps.first().map(|step| step.id.clone());
            let end = End::Failed {
                step: first.unwrap_or_default(),
                why,
            };
            return Ok(Some(Done {
                end,
                outputs: Map::new(),
                missing: names(workflow),
                last: None,
            }));
        }
    }
    Ok(None)
}

fn names(workflow: &crate::document::Workflow) -> Vec<String> {
    workflow
        .outputs
        .iter()
        .map(|output| output.name.clone())
        .collect()
}

fn finish(frame: &Arc<Frame>, end: End) -> Done {
    let workflow = frame.workflow();
    let last = lock(&frame.state).last.clone();
    let here = Here {
        frame,
        exchange: last.as_ref(),
        called: None,
    };
    let tell = |what| {
        frame
            .session
            .tell(&workflow.id, None, Happening::Warned { what });
    };
    let outputs = frame.outputs(&workflow.outputs, &here, tell);
    let missing = names(workflow)
        .into_iter()
        .filter(|name| !outputs.contains_key(name))
        .collect();
    frame.session.store(
        frame.address,
        Record {
            inputs: frame.inputs.clone(),
            outputs: outputs.clone(),
            failed: !end.is_success(),
        },
    );
    Done {
        end,
        outputs,
        missing,
        last,
    }
}
