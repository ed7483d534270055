//! What a watch of a line has led to: its files, or why there are none.

use std::borrow::Borrow;

use civitai_jobs::{
    ClientKey, Collision, Error, File, Phase, Pollable, WatchError, Workflow, WorkflowRequest,
    WorkflowSnapshot,
};

use super::crew::Crew;
use super::fate::{Fate, Halt};
use crate::exit;
use crate::failure::chain;
use crate::ledger::{Ended, Entry, Kept, LineState, State};
use crate::substituted::describe;
use crate::work::{self, Work as _};

impl Crew {
    /// What a watch has led to.
    pub(super) async fn outcome<W, E>(
        &self,
        entry: &Entry,
        ended: Result<WorkflowSnapshot, WatchError<W>>,
    ) -> Result<Fate, Halt>
    where
        W: Pollable<Snapshot = WorkflowSnapshot, Error = E>,
        E: Borrow<Error>,
    {
        match ended {
            Ok(done) => self.keep(entry, &done).await,
            Err(error) => self.broken(entry, &error).await,
        }
    }

    /// Saves the files of a line that has ended well.
    async fn keep(&self, entry: &Entry, done: &WorkflowSnapshot) -> Result<Fate, Halt> {
        let (cost, texts) = (Workflow::cost(done), Workflow::texts(done));
        let files = Workflow::files(done);
        if files.is_empty() && texts.is_empty() {
            let mut ended = Ended::failed(
                Some((entry.key, State::Failed)),
                "the work ended well and made no files".to_owned(),
            );
            ended.cost = cost;
            return Ok(Fate::Ended(ended));
        }
        let withheld = files.iter().filter_map(File::blocked_reason).next();
        let withheld = withheld.map(|reason| format!("a file is withheld: {reason}"));
        let asked: WorkflowRequest = entry.read()?;
        let found = done.substitutions(&asked);
        let substituted = (!found.is_empty()).then(|| describe(&found));
        // What the service told once it was paid: the files are kept all the same.
        let state = match &substituted {
            Some(_) if self.row.limits.exact => LineState::Failed,
            _ => LineState::Saved,
        };
        let reason = substituted.or(withheld);
        match self.save(entry, &files).await {
            Ok(files) => Ok(Fate::Ended(Ended {
                state,
                submission: Some((entry.key, State::Saved)),
                cost,
                reason,
                texts,
                files,
            })),
            Err(error) if error.is_retryable() || error.is_unreachable() => {
                Ok(Fate::Later(chain(&error)))
            }
            Err(error) => {
                // What cannot be written for one line cannot be for the next, and that is paid for as well.
                let reason = chain(&error);
                let _ = self.stop(exit::NOT_SAVED, &reason).await?;
                let mut ended = Ended::open(reason);
                ended.submission = Some((entry.key, State::Made));
                ended.cost = cost;
                Ok(Fate::Ended(ended))
            }
        }
    }

    /// A wait that gave no result.
    async fn broken<W, E>(&self, entry: &Entry, error: &WatchError<W>) -> Result<Fate, Halt>
    where
        W: Pollable<Snapshot = WorkflowSnapshot, Error = E>,
        E: Borrow<Error>,
    {
        Ok(match error {
            WatchError::Ended {
                phase,
                reason,
                last,
                ..
            } if phase.is_terminal() => {
                let (state, reached) = match phase {
                    Phase::Canceled => (LineState::Canceled, State::Canceled),
                    _ => (LineState::Failed, State::Failed),
                };
                // What earlier steps have made is paid for, and kept where it can be.
                let files = self.save(entry, &Workflow::files(last)).await;
                Fate::Ended(Ended {
                    state,
                    submission: Some((entry.key, reached)),
                    cost: Workflow::cost(last),
                    reason: Some(reason.clone().unwrap_or_else(|| phase.to_string())),
                    texts: Vec::new(),
                    files: files.unwrap_or_default(),
                })
            }
            WatchError::TimedOut { elapsed, .. } => {
                let reason = format!("it was not done after {} s", elapsed.as_secs());
                Fate::Ended(Ended::open(reason))
            }
            WatchError::Poll { source, .. } if source.borrow().is_gone() => {
                let reason = "the service has no such work any more".to_owned();
                Fate::Ended(Ended::failed(Some((entry.key, State::Failed)), reason))
            }
            WatchError::Poll { source, .. } => Fate::Later(chain(source.borrow())),
            other => Fate::Later(other.to_string()),
        })
    }

    /// Saves files under names that follow from the line alone, so that a second try writes the same ones.
    async fn save(&self, entry: &Entry, files: &[File]) -> Result<Vec<Kept>, Error> {
        let available: Vec<&File> = files.iter().filter(|file| file.is_available()).collect();
        let mut kept = Vec::new();
        let mut rest = &available[..];
        while let Some(first) = rest.first() {
            let same = rest
                .iter()
                .take_while(|file| file.step() == first.step())
                .count();
            let (of_step, behind) = rest.split_at(same);
            let naming = work::naming(entry, first);
            let save = work::writing(&self.run, entry, of_step.iter().copied(), &naming);
            let saved = save.on_collision(Collision::Replace).await?;
            kept.extend(
                of_step
                    .iter()
                    .zip(&saved)
                    .map(|(file, saved)| Kept::new(file, saved)),
            );
            rest = behind;
        }
        Ok(kept)
    }
}

impl Ended {
    /// A line that gave nothing.
    pub(super) fn failed(submission: Option<(ClientKey, State)>, reason: String) -> Self {
        Self {
            state: LineState::Failed,
            submission,
            cost: None,
            reason: Some(reason),
            texts: Vec::new(),
            files: Vec::new(),
        }
    }

    /// A line that is given up for now; how far its submission has come is what the ledger has.
    pub(super) fn open(reason: String) -> Self {
        Self {
            state: LineState::Open,
            ..Self::failed(None, reason)
        }
    }
}
