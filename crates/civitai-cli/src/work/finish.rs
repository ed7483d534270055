//! The second half of every paid command: wait, save, report; each step noted in the ledger.

use civitai_jobs::{Phase, WatchError};

use super::Work;
use super::report::{End, print};
use super::save::save;
use super::trouble::wait;
use super::watch::watch;
use crate::exit;
use crate::failure::{Failure, chain};
use crate::ledger::{Entry, State};
use crate::progress::Progress;
use crate::run::Run;

/// Waits for the work, saves its files and prints what there is.
pub(crate) async fn finish<W: Work>(run: &Run, entry: &Entry, work: &W) -> Result<(), Failure> {
    let mut progress = Progress::new(&work.id(), run.json);
    progress.stage(&format!("waiting for {} {}", W::CALLED, work.id()));
    match watch(work, run.json, &mut progress).await {
        Ok(done) => {
            let cost = W::cost(&done);
            run.ledger
                .reached(entry.key, State::Made, cost, None)
                .await?;
            progress.stage("saving");
            drop(progress);
            save_and_report(run, entry, work, &done).await
        }
        Err(error) => {
            drop(progress);
            failed(run, entry, work, &error).await
        }
    }
}

/// Saves the files of work that has ended well, and prints what there is.
async fn save_and_report<W: Work>(
    run: &Run,
    entry: &Entry,
    work: &W,
    done: &W::Snapshot,
) -> Result<(), Failure> {
    let (cost, texts) = (W::cost(done), W::texts(done));
    let files = W::files(done);
    let saved = save(run, entry, &files).await?;
    if files.is_empty() && texts.is_empty() {
        let what = "the work ended well and made no files";
        run.ledger
            .reached(entry.key, State::Failed, cost, Some(what))
            .await?;
        return Err(Failure::new(exit::REFUSED, what));
    }
    let state = Phase::Succeeded.to_string();
    let end = End {
        state,
        cost,
        reason: None,
        texts,
    };
    print(work, &end, &saved, run.json)?;
    if let Some((error, count)) = &saved.trouble {
        let what = match count {
            1 => chain(error),
            count => format!(
                "{count} files could not be saved, the first because {}",
                chain(error)
            ),
        };
        return Err(Failure::new(exit::NOT_SAVED, what).advise(run.again.fetch(&work.id())));
    }
    run.ledger
        .reached(entry.key, State::Saved, cost, None)
        .await
}

/// Notes and tells how a watch ended without its result. What earlier steps have made is paid for, and kept.
async fn failed<W: Work>(
    run: &Run,
    entry: &Entry,
    work: &W,
    error: &WatchError<W>,
) -> Result<(), Failure> {
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
    if run.json || !saved.kept.is_empty() {
        print(work, &end, &saved, run.json)?;
    }
    Err(failure)
}
