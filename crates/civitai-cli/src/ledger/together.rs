//! Notes that are written together: those that come while a transaction is under way are all in the next one. A commit
//! costs the same for one as for thirty, and the lines of a run tend to end at the same time, by one poll.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use crate::failure::Failure;

/// Notes of a transaction, at most.
const MOST: usize = 64;

/// Notes that wait to be written, and what is answered to each.
#[derive(Debug)]
pub(super) struct Together<N, A>(Arc<Inner<N, A>>);

#[derive(Debug)]
struct Inner<N, A> {
    waiting: Mutex<Vec<Waiting<N, A>>>,
    /// Held by whoever writes.
    turn: tokio::sync::Mutex<()>,
}

type Waiting<N, A> = (Arc<N>, oneshot::Sender<A>);

impl<N, A> Together<N, A> {
    /// Has a note written, with others that wait; returns once it is committed. `write` gives an answer for each note,
    /// in order.
    ///
    /// # Errors
    ///
    /// The note cannot be written by itself either: one that others stand in the way of is written alone.
    pub(super) async fn write<F>(
        &self,
        note: N,
        write: impl Fn(Vec<Arc<N>>) -> F,
    ) -> Result<A, Failure>
    where
        F: Future<Output = Result<Vec<A>, Failure>>,
    {
        let note = Arc::new(note);
        loop {
            let (sender, mut receiver) = oneshot::channel();
            self.waiting().push((Arc::clone(&note), sender));
            let turn = self.0.turn.lock().await;
            if let Ok(answer) = receiver.try_recv() {
                return Ok(answer);
            }
            let (group, answers) = self.next();
            let is_alone = group.len() == 1;
            let is_mine = group.iter().any(|other| Arc::ptr_eq(other, &note));
            match write(group).await {
                Ok(given) => {
                    for (sender, answer) in answers.into_iter().zip(given) {
                        // Whoever does not wait any more has no use for it.
                        let _ = sender.send(answer);
                    }
                    if let Ok(answer) = receiver.try_recv() {
                        return Ok(answer);
                    }
                }
                Err(failure) if is_alone && is_mine => return Err(failure),
                Err(_) if is_mine => {
                    let mut answers = write(vec![Arc::clone(&note)]).await?;
                    if let Some(answer) = answers.pop() {
                        return Ok(answer);
                    }
                }
                Err(_) => {}
            }
            // Whoever wrote this note was stopped, or failed by another one: it is written again.
            drop(turn);
        }
    }

    fn next(&self) -> (Vec<Arc<N>>, Vec<oneshot::Sender<A>>) {
        let mut waiting = self.waiting();
        // What nobody waits for any more was dropped before it was written, or is waiting anew.
        waiting.retain(|(_, sender)| !sender.is_closed());
        let first = waiting.len().min(MOST);
        let behind = waiting.split_off(first);
        mem::replace(&mut *waiting, behind).into_iter().unzip()
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Waiting<N, A>>> {
        let waiting = self.0.waiting.lock();
        waiting.unwrap_or_else(PoisonError::into_inner)
    }
}

impl<N, A> Clone for Together<N, A> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<N, A> Default for Together<N, A> {
    fn default() -> Self {
        Self(Arc::new(Inner {
            waiting: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn notes_that_come_during_a_commit_share_the_next_one() {
        let together = Together::<usize, usize>::default();
        let (commits, gate) = (AtomicUsize::new(0), Notify::new());
        let write = |group: Vec<Arc<usize>>| {
            let is_first = commits.fetch_add(1, Ordering::Relaxed) == 0;
            let gate = &gate;
            async move {
                if is_first {
                    gate.notified().await;
                }
                Ok(group.iter().map(|note| **note * 2).collect())
            }
        };
        let notes = (0..10).map(|note| together.write(note, write));
        let open = async { gate.notify_one() };
        let (answers, ()) = tokio::join!(futures_util::future::join_all(notes), open);
        let answers: Vec<usize> = answers.into_iter().map(Result::unwrap).collect();
        assert_eq!(answers, (0..10).map(|note| note * 2).collect::<Vec<_>>());
        assert_eq!(commits.into_inner(), 2);
    }

    #[tokio::test]
    async fn one_note_that_cannot_be_written_stands_in_the_way_of_no_other() {
        let together = Together::<usize, usize>::default();
        let write = |group: Vec<Arc<usize>>| async move {
            tokio::task::yield_now().await;
            match group.iter().any(|note| **note == 3) {
                true => Err(Failure::input("three")),
                false => Ok(group.iter().map(|note| **note).collect()),
            }
        };
        let notes = (0..6).map(|note| together.write(note, write));
        let answers = futures_util::future::join_all(notes).await;
        let written: Vec<Option<usize>> = answers.into_iter().map(Result::ok).collect();
        assert_eq!(written, [Some(0), Some(1), Some(2), None, Some(4), Some(5)]);
    }

    #[tokio::test]
    async fn a_writer_that_is_stopped_leaves_nothing_unwritten() {
        let together = Together::<usize, usize>::default();
        let gate = Notify::new();
        let held = |_: Vec<Arc<usize>>| async {
            gate.notified().await;
            Ok(vec![0])
        };
        let never = |_: Vec<Arc<usize>>| std::future::pending::<Result<Vec<usize>, Failure>>();
        let write =
            |group: Vec<Arc<usize>>| async move { Ok(group.iter().map(|note| **note).collect()) };
        let mut first = Box::pin(together.write(0, held));
        let mut second = Box::pin(together.write(1, never));
        let mut third = Box::pin(together.write(2, write));
        assert!(futures_util::poll!(&mut first).is_pending());
        assert!(futures_util::poll!(&mut second).is_pending());
        assert!(futures_util::poll!(&mut third).is_pending());
        gate.notify_one();
        assert_eq!(first.await.unwrap(), 0);
        // It writes both notes that wait, and is stopped in the middle.
        assert!(futures_util::poll!(&mut second).is_pending());
        drop(second);
        assert_eq!(third.await.unwrap(), 2);
    }
}
