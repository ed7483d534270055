//! News while a job is under way: a spinner on a terminal, plain lines elsewhere, all on stderr.

use std::io::IsTerminal as _;
use std::time::Duration;

use civitai_jobs::{BatchSnapshot, File, Phase, Update};
use indicatif::ProgressBar;

use crate::screen;

/// A plain line repeats after this long, to show that the program still waits.
const STILL_HERE: Duration = Duration::from_secs(15);

/// Shows news of a job.
#[derive(Debug)]
pub(crate) struct Progress {
    spinner: Option<ProgressBar>,
    shown: String,
    shown_at: Duration,
}

impl Progress {
    /// A spinner where somebody looks on; `plain` lines otherwise.
    pub(crate) fn new(plain: bool) -> Self {
        let spinner = (!plain && std::io::stderr().is_terminal()).then(|| {
            let spinner = ProgressBar::new_spinner();
            spinner.enable_steady_tick(Duration::from_millis(100));
            spinner
        });
        Self {
            spinner,
            shown: String::new(),
            shown_at: Duration::ZERO,
        }
    }

    /// Shows what a poll showed.
    pub(crate) fn update(&mut self, update: &Update<BatchSnapshot, File>) {
        self.show(&describe(&update.snapshot), update.elapsed);
    }

    /// Shows a stage that is not one of the job's own.
    pub(crate) fn stage(&mut self, text: &str) {
        let at = self.shown_at;
        self.show(text, at);
    }

    fn show(&mut self, text: &str, at: Duration) {
        if let Some(spinner) = &self.spinner {
            spinner.set_message(text.to_owned());
            return;
        }
        if text != self.shown || at.saturating_sub(self.shown_at) >= STILL_HERE {
            screen::note(&text);
            text.clone_into(&mut self.shown);
            self.shown_at = at;
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(spinner) = &self.spinner {
            spinner.finish_and_clear();
        }
    }
}

fn describe(snapshot: &BatchSnapshot) -> String {
    let files = snapshot.files();
    let ready = files.iter().filter(|file| file.is_available()).count();
    let wanted = files.len();
    let mut text = match snapshot.phase() {
        Phase::Queued => "waiting in the queue".to_owned(),
        Phase::Succeeded => "done".to_owned(),
        _ => "drawing".to_owned(),
    };
    if let Some(place) = snapshot.queue() {
        match place.preceding_jobs {
            Some(0) => text += ", next in line",
            Some(jobs) => text += &format!(", {jobs} ahead"),
            None => {}
        }
        if let Some(wait) = place.starts_in.filter(|wait| wait.as_secs() > 0) {
            text += &format!(", starts in about {} s", wait.as_secs());
        }
    }
    if wanted > 1 {
        text += &format!(", {ready} of {wanted} images ready");
    }
    text
}
