//! Waiting for a job with news on the screen.

use civitai_jobs::{Batch, BatchSnapshot};

use crate::again::Again;
use crate::failure::Failure;
use crate::progress::Progress;

/// Waits for the job and returns what the last poll showed.
pub(super) async fn wait(
    batch: &Batch,
    again: &Again,
    progress: &mut Progress,
) -> Result<BatchSnapshot, Failure> {
    let mut watch = batch.watch();
    loop {
        match watch.next().await {
            Ok(Some(update)) => progress.update(&update),
            Ok(None) => break,
            Err(error) => return Err(Failure::wait(&error, again)),
        }
    }
    watch.await.map_err(|error| Failure::wait(&error, again))
}
