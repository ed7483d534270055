//! A run that is called off.

use futures_util::StreamExt as _;
use futures_util::stream;

use crate::failure::Failure;
use crate::ledger::{End, Ended, LineState, State};
use crate::run::Run;

/// Lines that are canceled at once.
const AT_ONCE: usize = 8;

/// Lets no more lines of a run begin, and cancels at the service what was submitted; returns the lines for which that
/// failed, which go on.
pub(crate) async fn cancel(run: &Run, name: &str) -> Result<Vec<(u32, Failure)>, Failure> {
    // The tables of the queue may not be there yet.
    let _queue = run.ledger.queue().await?;
    let begun = run.ledger.cancel_run(name).await?;
    let cancels = begun.into_iter().map(|line| async move {
        let canceled = of_line(run, name, line).await;
        canceled.err().map(|failure| (line, failure))
    });
    let cancels = stream::iter(cancels).buffer_unordered(AT_ONCE);
    Ok(cancels.filter_map(std::future::ready).collect().await)
}

/// Cancels a line at the service. Who works on it sees how it ends; where nobody does, this is its end.
async fn of_line(run: &Run, name: &str, line: u32) -> Result<(), Failure> {
    let known = run.ledger.line(name, line).await?;
    let key = known.and_then(|line| line.key);
    let entry = match &key {
        Some(key) => run.ledger.find(key).await?,
        None => None,
    };
    let workflows = run.client().workflows();
    let failed = |error: civitai_jobs::Error| Failure::call(&error);
    let workflow = match &entry {
        Some(entry) => match entry.workflow()? {
            Some(id) => Some(workflows.attach(id)),
            None => workflows.find(entry.key).await.map_err(failed)?,
        },
        None => None,
    };
    let mut cost = None;
    if let Some(workflow) = workflow {
        workflow.cancel().await.map_err(failed)?;
        let seen = workflow.poll().await.map_err(failed)?;
        cost = Some(seen.charged());
    }
    let ended = Ended {
        state: LineState::Canceled,
        submission: entry.map(|entry| (entry.key, State::Canceled)),
        cost,
        reason: None,
        texts: Vec::new(),
        files: Vec::new(),
    };
    let end = End {
        run: name.to_owned(),
        line,
        task: None,
        ended,
    };
    run.ledger.end_line(end).await.map(drop)
}
