//! Ctrl-C, which ends the program and leaves the work alone; pressed again, it ends the program at once.

use std::sync::{Mutex, PoisonError};

use crate::again::Again;
use crate::exit;
use crate::failure::Failure;

/// How far things have come, for what is said when Ctrl-C is pressed.
#[derive(Debug, Default)]
pub(crate) struct Standing(Mutex<Stage>);

/// How far the work has come, with what leads back to it.
#[derive(Clone, Debug, Default)]
pub(crate) enum Stage {
    /// Nothing that costs was sent.
    #[default]
    Before,
    /// The submission is under way.
    Submitting(String),
    /// The service has the work.
    Submitted(String),
    /// Several pieces of work are taken up.
    Several,
}

impl Standing {
    pub(crate) fn set(&self, stage: Stage) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = stage;
    }

    fn get(&self) -> Stage {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Does something until it ends or Ctrl-C is pressed; then what is left of it is dropped, which takes
/// half-written files away.
pub(crate) async fn or_interrupt<T>(
    work: impl Future<Output = Result<T, Failure>>,
    standing: &Standing,
    again: &Again,
) -> Result<T, Failure> {
    tokio::select! {
        biased;
        () = pressed() => {
            tokio::spawn(async {
                pressed().await;
                std::process::exit(exit::INTERRUPTED.into());
            });
            Err(interrupted(&standing.get(), again))
        }
        done = work => done,
    }
}

/// Completes when Ctrl-C is pressed.
pub(crate) async fn pressed() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Without the handler the system's own way of ending the program is left.
        std::future::pending::<()>().await;
    }
}

/// Completes when Ctrl-C is pressed, or the system asks the program to end.
pub(crate) async fn asked_to_end() {
    #[cfg(unix)]
    if let Ok(mut terminate) =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    {
        tokio::select! {
            () = pressed() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    pressed().await;
}

fn interrupted(stage: &Stage, again: &Again) -> Failure {
    let what = match stage {
        Stage::Before => "interrupted; nothing was submitted".to_owned(),
        _ if again.is_local() => "the local simulator's work is gone".to_owned(),
        Stage::Submitting(id) => {
            let command = again.command(Some(id));
            format!("the work may have been accepted; see what became of it with: {command}")
        }
        Stage::Submitted(id) => {
            let command = again.command(Some(id));
            format!("the work goes on; pick it up with: {command}")
        }
        Stage::Several => {
            let command = again.command(None);
            format!("the work goes on; pick it up with: {command}")
        }
    };
    Failure::new(exit::INTERRUPTED, what)
}
