//! News while work is under way: a spinner on a terminal, plain lines elsewhere, events with `--json`.

use std::io::IsTerminal as _;
use std::time::Duration;

use civitai_jobs::Phase;
use indicatif::ProgressBar;

use crate::event::Event;
use crate::screen;

/// A plain line repeats after this long, to show that the program still waits.
pub(crate) const STILL_HERE: Duration = Duration::from_secs(15);

/// Shows news of one piece of work.
#[derive(Debug)]
pub(crate) struct Progress {
    id: String,
    json: bool,
    spinner: Option<ProgressBar>,
    shown: String,
}

/// Where the work stands.
#[derive(Debug)]
struct News<'a> {
    phase: Phase,
    progress: &'a civitai_jobs::Progress,
    /// A model that is being loaded.
    loading: Option<&'a str>,
    elapsed: Duration,
}

impl Progress {
    /// Events for `json`; else a spinner where somebody looks on.
    pub(crate) fn new(id: &str, json: bool) -> Self {
        let spinner = (!json && std::io::stderr().is_terminal()).then(|| {
            let spinner = ProgressBar::new_spinner();
            spinner.enable_steady_tick(Duration::from_millis(100));
            spinner
        });
        Self {
            id: id.to_owned(),
            json,
            spinner,
            shown: String::new(),
        }
    }

    /// Shows what a poll showed, and the model that is being loaded; returns whether there was anything to
    /// show.
    pub(crate) fn news(
        &mut self,
        phase: Phase,
        progress: &civitai_jobs::Progress,
        loading: Option<&str>,
        elapsed: Duration,
    ) -> bool {
        let news = News {
            phase,
            progress,
            loading,
            elapsed,
        };
        if self.json {
            self.tell(&news);
            return true;
        }
        self.show(&news.describe())
    }

    /// Shows a stage that is not one of the work's own.
    pub(crate) fn stage(&mut self, text: &str) {
        self.show(text);
    }

    /// Shows that nothing has changed for [`STILL_HERE`].
    pub(crate) fn still_here(&self) {
        if self.spinner.is_none() && !self.json && !self.shown.is_empty() {
            screen::note(&self.shown);
        }
    }

    fn tell(&self, news: &News<'_>) {
        let progress = news.progress;
        let seconds = |time: Option<Duration>| time.map(|time| time.as_secs());
        let event = Event::Progress {
            id: &self.id,
            phase: news.phase.to_string(),
            percent: progress.percent,
            loading: news.loading,
            loaded_percent: progress.prepared,
            jobs_ahead: progress.queue_position,
            starts_in_seconds: seconds(progress.starts_in),
            ends_in_seconds: seconds(progress.ends_in),
            elapsed_seconds: news.elapsed.as_secs(),
            finished: progress.finished,
            items: progress.items,
        };
        // The end of the work is told all the same, and fails where this does.
        let _ = event.print();
    }

    fn show(&mut self, text: &str) -> bool {
        let is_new = text != self.shown;
        match &self.spinner {
            Some(spinner) => spinner.set_message(screen::one_line(text)),
            None if !self.json && is_new => screen::note(&text),
            None => {}
        }
        text.clone_into(&mut self.shown);
        is_new
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(spinner) = &self.spinner {
            spinner.finish_and_clear();
        }
    }
}

impl News<'_> {
    fn describe(&self) -> String {
        let progress = self.progress;
        let mut text = match (self.phase, self.loading) {
            (Phase::Queued, Some(model)) => format!("loading {model}"),
            (Phase::Queued, None) => "waiting in the queue".to_owned(),
            (Phase::Succeeded, _) => "done".to_owned(),
            (phase, _) if phase.is_terminal() => phase.to_string(),
            _ => "working".to_owned(),
        };
        if self.phase == Phase::Queued {
            match progress.queue_position {
                Some(0) => text += ", next in line",
                Some(jobs) => text += &format!(", {jobs} ahead"),
                None => {}
            }
            if let Some(loaded) = progress.prepared {
                text += &format!(", {loaded:.0} % loaded");
            }
            text += &about(", starts in", progress.starts_in);
        } else if !self.phase.is_terminal() {
            if let Some(percent) = progress.percent {
                text += &format!(", {percent:.0} %");
            }
            text += &about(", done in", progress.ends_in);
        }
        if let Some(items) = progress.items.filter(|items| *items > 1) {
            text += &format!(", {} of {items} files ready", progress.finished);
        }
        text
    }
}

fn about(what: &str, time: Option<Duration>) -> String {
    match time
        .map(|time| time.as_secs())
        .filter(|seconds| *seconds > 0)
    {
        Some(seconds) if seconds >= 120 => format!("{what} about {} min", seconds.div_ceil(60)),
        Some(seconds) => format!("{what} about {seconds} s"),
        None => String::new(),
    }
}
