//! Waiting for work with news on the screen.

use civitai_jobs::WatchError;
use tokio::time::{Instant, sleep_until};

use super::Work;
use crate::event::warn;
use crate::progress::{Progress, STILL_HERE};

/// Waits for the work and returns what the last poll showed.
pub(crate) async fn watch<W: Work>(
    work: &W,
    json: bool,
    progress: &mut Progress,
) -> Result<W::Snapshot, WatchError<W>> {
    let mut watch = work.watch();
    let mut told: Vec<String> = Vec::new();
    let mut shown = Instant::now();
    loop {
        let update = tokio::select! {
            update = watch.next() => update?,
            () = sleep_until(shown + STILL_HERE) => {
                progress.still_here();
                shown = Instant::now();
                continue;
            }
        };
        let Some(update) = update else { break };
        for warning in W::warnings(&update.snapshot) {
            if !told.contains(&warning) {
                // The end of the work is told all the same, and fails where this does.
                let _ = warn(&warning, json);
                told.push(warning);
            }
        }
        let loading = W::loading(&update.snapshot);
        if progress.news(
            update.phase,
            &update.progress,
            loading.as_deref(),
            update.elapsed,
        ) {
            shown = Instant::now();
        }
    }
    watch.await
}
