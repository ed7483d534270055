//! What the service says to a submission.

use civitai_jobs::Error;

use super::Work;
use super::trouble::submission;
use crate::event::Event;
use crate::failure::Failure;
use crate::interrupt::Stage;
use crate::ledger::{Entry, State};
use crate::run::Run;

/// Notes and tells the answer to a submission.
pub(crate) async fn accepted<W: Work>(
    run: &Run,
    entry: &Entry,
    answer: Result<W, Error>,
) -> Result<W, Failure> {
    let work = match answer {
        Ok(work) => work,
        Err(error) => {
            let failure = submission(&error, &run.again);
            // A submission that may have been accepted stays open.
            if !error.is_outcome_unknown() {
                let reason = error.to_string();
                let refused = run
                    .ledger
                    .reached(entry.key, State::Refused, None, Some(&reason));
                refused.await?;
            }
            return Err(failure);
        }
    };
    let (id, cost) = (work.id(), work.price());
    run.standing.set(Stage::Submitted(id.clone()));
    run.ledger.submitted(entry.key, &id, cost).await?;
    if run.json {
        Event::Submitted {
            api: W::API,
            id: &id,
            key: entry.key.to_string(),
            cost,
        }
        .print()?;
    }
    Ok(work)
}
