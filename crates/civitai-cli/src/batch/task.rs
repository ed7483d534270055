//! A task of the queue: its line is done as far as it goes, and the ledger has what became of both.

use std::sync::Arc;

use super::crew::Crew;
use super::fate::Fate;
use crate::exit;
use crate::failure::Failure;
use crate::ledger::{End, Ended, LineTask};

/// How often a line is tried before it is given up for now.
const TRIES: usize = 12;
/// The longest pause between two tries, in seconds.
const LONGEST_PAUSE: u32 = 120;

impl Crew {
    /// Does a task, and writes down what became of it. What it leaves undone comes back by the queue.
    pub(super) async fn take(
        self: Arc<Self>,
        task: LineTask,
        id: String,
        worker: String,
        attempt: usize,
    ) {
        self.is_well();
        let stopped = self.stopped();
        let work = {
            let crew = Arc::clone(&self);
            // A panic ends this task alone.
            tokio::spawn(async move { crew.settle(&task, &id, &worker, attempt).await })
        };
        let abort = work.abort_handle();
        tokio::select! {
            () = stopped => abort.abort(),
            done = work => match done {
                Ok(Ok(())) => {}
                Ok(Err(failure)) => self.give_up(failure),
                Err(error) if error.is_panic() => {
                    self.give_up(Failure::new(exit::OPEN, "a line met a fault of this program"));
                }
                Err(_) => {}
            },
        }
    }

    async fn settle(
        &self,
        task: &LineTask,
        id: &str,
        worker: &str,
        attempt: usize,
    ) -> Result<(), Failure> {
        let run = &self.row.name;
        let line = self
            .patiently(|| self.ledger().line(run, task.line))
            .await?;
        let Some(line) = line.filter(|line| line.state.is_live()) else {
            return self.patiently(|| self.ledger().end_task(id)).await;
        };
        let fate = match self.pursue(&line).await? {
            Fate::Later(reason) if attempt >= TRIES => Fate::Ended(Ended::open(reason)),
            fate => fate,
        };
        match fate {
            Fate::Ended(ended) => {
                let end = End {
                    run: run.clone(),
                    line: task.line,
                    task: Some(id.to_owned()),
                    ended,
                };
                let is_end = self.patiently(|| self.ledger().end_line(end.clone()));
                if is_end.await? {
                    self.tell.ended(&line, &end.ended);
                }
                Ok(())
            }
            Fate::Later(reason) => {
                let pause = 1_u32 << attempt.min(8);
                self.tell.later(line.number, &reason);
                let pause = pause.min(LONGEST_PAUSE);
                self.patiently(|| self.ledger().put_back(id, worker, pause))
                    .await
            }
            Fate::Waits => {
                self.patiently(|| self.ledger().put_back(id, worker, 1))
                    .await
            }
        }
    }
}
