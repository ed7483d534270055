//! Ctrl-C, which ends the program and leaves the job alone.

use crate::again::Again;
use crate::exit;
use crate::failure::Failure;
use civitai_jobs::Token;

/// How far the job had come when Ctrl-C was pressed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stage {
    /// The submission was under way.
    Submitting,
    /// The service has the job.
    Submitted,
}

/// Runs `work` until it ends or Ctrl-C is pressed; then what is left of it is dropped, which takes
/// half-written files away.
pub(crate) async fn or_interrupt<T>(
    work: impl Future<Output = Result<T, Failure>>,
    stage: Stage,
    token: &Token,
    again: &Again,
) -> Result<T, Failure> {
    tokio::select! {
        biased;
        () = pressed() => Err(interrupted(stage, token, again)),
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

fn interrupted(stage: Stage, token: &Token, again: &Again) -> Failure {
    let command = again.command(token);
    let what = match stage {
        _ if again.local => "the local simulator's job is gone".to_owned(),
        Stage::Submitting => {
            format!("the job may have been accepted; see what became of it with: {command}")
        }
        Stage::Submitted => format!("the job goes on; pick it up with: {command}"),
    };
    Failure::new(exit::INTERRUPTED, what)
}
