//! Waiting for a job with news on the screen.

use civitai_jobs::{Job, Snapshot};

use crate::failure::Failure;
use crate::progress::Progress;
use crate::report::Again;

/// Waits for the job and returns what the last look saw.
pub(crate) async fn wait(
    job: &Job,
    again: &Again,
    progress: &mut Progress,
) -> Result<Snapshot, Failure> {
    let mut watch = job.watch();
    let mut last = None;
    loop {
        match watch.next().await {
            Ok(Some(update)) => {
                progress.update(&update);
                last = Some(update.snapshot);
            }
            Ok(None) => break,
            Err(error) => return Err(Failure::wait(&error, again)),
        }
    }
    // A watch ends well only after an update; a look more costs nothing where that ever changes.
    match last {
        Some(last) => Ok(last),
        None => job.status().await.map_err(|error| Failure::call(&error)),
    }
}
