//! The second half of every paid command: wait, save, report; each step noted in the ledger.

use civitai_jobs::{Phase, WatchError};

use super::Work;
use super::report::{End, print};
use super::save::{Saved, save};
use super::trouble::wait;
use super::watch::watch;
use crate::exit;
use crate::failure::{Failure, chain};
use crate::ledger::{Entry, State};
use crate::progress::Progress;
use crate::run::Run;

/// What became of work that was waited for.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) end: End,
    pub(crate) saved: Saved,
    /// What is wrong with it.
    pub(crate) failure: Option<Failure>,
}

/// Waits for the work, saves its files and prints what there is.
pub(crate) async fn finish<W: Work>(run: &Run, entry: &Entry, work: &W) -> Result<(), Failure> {
    let mut progress = Progress::new(&work.id(), run.json);
    progress.stage(&format!("waiting for {} {}", W::CALLED, work.id()));
    let ended = watch(work, run.json, &mut progress).await;
    if ended.is_ok() {
        progress.stage("saving");
    }
    drop(progress);
    let outcome = settle(run, entry, ended).await?;
    let is_told = outcome.failure.is_none() || run.json || !outcome.saved.kept.is_empty();
    if is_told {
        print(work, &outcome.end, &outcome.saved, run.json)?;
        run.drawing.draw(&outcome.saved.kept, run.json)?;
    }
    outcome.failure.map_or(Ok(()), Err)
}

/// Saves the files of work whose watch has ended, and notes how.
///
/// # Errors
///
/// The watch broke off before the end, the service does not have the work, or the ledger cannot be written.
pub(crate) async fn settle<W: Work>(
    run: &Run,
    entry: &Entry,
    ended: Result<W::Snapshot, WatchError<W>>,
) -> Result<Outcome, Failure> {
    match ended {
        Ok(done) => {
            let cost = W::cost(&done);
            run.ledger
                .reached(entry.key, State::Made, cost, None)
                .await?;
            succeeded::<W>(run, entry, &done).await
        }
        Err(error) => failed(run, entry, &error).await,
    }
}

/// Saves the files of work that has ended well.
async fn succeeded<W: Work>(
    run: &Run,
    entry: &Entry,
    done: &W::Snapshot,
) -> Result<Outcome, Failure> {
    let (cost, texts) = (W::cost(done), W::texts(done));
    let files = W::files(done);
    let saved = save(run, entry, &files).await?;
    let failure = if files.is_empty() && texts.is_empty() {
        let what = "the work ended well and made no files";
        run.ledger
            .reached(entry.key, State::Failed, cost, Some(what))
            .await?;
        Some(Failure::new(exit::REFUSED, what))
    } else if let Some((error, count)) = &saved.trouble {
        let what = match count {
            1 => chain(error),
            count => format!(
                "{count} files could not be saved, the first because {}",
                chain(error)
            ),
        };
        let advice = run.again.fetch(&entry.id());
        Some(Failure::new(exit::NOT_SAVED, what).advise(advice))
    } else {
        run.ledger
            .reached(entry.key, State::Saved, cost, None)
            .await?;
        None
    };
    let end = End {
        state: Phase::Succeeded.to_string(),
        cost,
        reason: None,
        texts,
    };
    Ok(Outcome {
        end,
        saved,
        failure,
    })
}

/// Notes how a watch ended without its result. What earlier steps have made is paid for, and kept.
async fn failed<W: Work>(
    run: &Run,
    entry: &Entry,
    error: &WatchError<W>,
) -> Result<Outcome, Failure> {
    let failure = wait(error, &run.again);
    let WatchError::Ended {
        phase,
        reason,
        last,
        ..
    } = error
    else {
        return Err(failure);
    };
    if !W::is_known(last) {
        run.ledger
            .reached(entry.key, State::Refused, None, None)
            .await?;
        return Err(failure);
    }
    let saved = save(run, entry, &W::files(last)).await?;
    let cost = W::cost(last);
    if phase.is_terminal() {
        let state = match phase {
            Phase::Canceled => State::Canceled,
            _ => State::Failed,
        };
        run.ledger
            .reached(entry.key, state, cost, reason.as_deref())
            .await?;
    }
    let end = End {
        state: phase.to_string(),
        cost,
        reason: reason.clone(),
        texts: Vec::new(),
    };
    Ok(Outcome {
        end,
        saved,
        failure: Some(failure),
    })
}
