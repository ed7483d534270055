//! News of a run: a bar on a terminal, plain lines elsewhere, events with `--json`; paths of files go to stdout.

use std::io::IsTerminal as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use civitai_jobs::Buzz;
use indicatif::{ProgressBar, ProgressStyle};

use crate::event::{Event, RunProgress};
use crate::ledger::{Counts, Ended, Kept, Line, LineState};
use crate::screen;

/// A plain line comes after this long, and an event as well.
const EVERY: Duration = Duration::from_secs(15);

/// Tells of a run.
#[derive(Debug)]
pub(crate) struct Tell {
    run: String,
    json: bool,
    bar: Option<ProgressBar>,
    seen: Mutex<Seen>,
}

#[derive(Debug)]
struct Seen {
    /// When this process began with it, and how many lines had ended by then.
    since: Instant,
    before: Option<u32>,
    told: Instant,
}

impl Tell {
    pub(crate) fn new(run: &str, json: bool) -> Self {
        let bar = (!json && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::new(0);
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        let now = Instant::now();
        let seen = Seen {
            since: now,
            before: None,
            told: now,
        };
        Self {
            run: run.to_owned(),
            json,
            bar,
            seen: Mutex::new(seen),
        }
    }

    /// The service has the work of a line.
    pub(super) fn submitted(&self, line: u32, id: &str, cost: Option<Buzz>) {
        if self.json {
            self.event(line, "submitted", Some(id), cost, None, &[], &[]);
        }
    }

    /// A line is tried again, or was by its worker.
    pub(super) fn later(&self, line: u32, reason: &str) {
        if !self.json {
            self.note(&format!("line {line} is tried again: {reason}"));
        }
    }

    /// A line has ended.
    pub(super) fn ended(&self, line: &Line, ended: &Ended) {
        let (number, reason) = (line.number, ended.reason.as_deref());
        if self.json {
            let state = ended.state.name();
            let id = line.work.as_deref();
            self.event(
                number,
                state,
                id,
                ended.cost,
                reason,
                &ended.files,
                &ended.texts,
            );
            return;
        }
        // A path is bytes on most systems, and need not be text.
        let mut text: Vec<u8> = Vec::new();
        for kept in &ended.files {
            text.extend(kept.shown().as_os_str().as_encoded_bytes());
            text.push(b'\n');
        }
        for words in &ended.texts {
            text.extend(screen::lines(words).bytes());
        }
        if !text.is_empty() {
            // The files and the results are there all the same.
            self.beside(|| drop(screen::result(&text)));
        }
        let why = reason
            .map(|reason| format!(": {reason}"))
            .unwrap_or_default();
        match ended.state {
            LineState::Saved if reason.is_some() => self.note(&format!("line {number}{why}")),
            LineState::Saved => {}
            state => self.note(&format!("line {number} {}{why}", called(state))),
        }
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "these are the members of one event"
    )]
    fn event(
        &self,
        line: u32,
        state: &str,
        id: Option<&str>,
        cost: Option<Buzz>,
        reason: Option<&str>,
        files: &[Kept],
        texts: &[String],
    ) {
        let event = Event::Line {
            run: &self.run,
            line,
            state,
            id,
            cost,
            reason,
            files: files
                .iter()
                .map(|kept| kept.line(id.unwrap_or_default()))
                .collect(),
            texts: texts.iter().map(String::as_str).collect(),
        };
        // The end of the run is told all the same, and fails where this does.
        let _ = event.print();
    }

    /// How far the run has come.
    pub(crate) fn progress(&self, counts: &Counts, cost: Buzz) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let progress = seen.progress(&self.run, counts, cost);
        let is_time = seen.told.elapsed() >= EVERY;
        if is_time {
            seen.told = Instant::now();
        }
        drop(seen);
        if let Some(bar) = &self.bar {
            bar.set_length(u64::from(counts.total()));
            bar.set_position(u64::from(counts.ended()));
            bar.set_message(describe(&progress));
        } else if is_time && self.json {
            let _ = Event::RunProgress(progress).print();
        } else if is_time {
            let (ended, total) = (counts.ended(), counts.total());
            screen::note(&format!(
                "{ended} of {total} lines, {}",
                describe(&progress)
            ));
        }
    }

    /// The counts as an event tells them.
    pub(crate) fn counted<'a>(&'a self, counts: &Counts, cost: Buzz) -> RunProgress<'a> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.progress(&self.run, counts, cost)
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn note(&self, text: &str) {
        self.beside(|| screen::note(&text));
    }

    /// Writes while no bar is in the way.
    fn beside(&self, write: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

impl Seen {
    fn progress<'a>(&mut self, run: &'a str, counts: &Counts, cost: Buzz) -> RunProgress<'a> {
        let before = *self.before.get_or_insert(counts.ended());
        let minutes = self.since.elapsed().as_secs_f64() / 60.0;
        let ended = f64::from(counts.ended().saturating_sub(before));
        let rate = Some(ended / minutes).filter(|rate| *rate > 0.0 && rate.is_finite());
        let left = f64::from(counts.waiting + counts.begun);
        RunProgress {
            lines_per_minute: rate.map(|rate| (rate * 10.0).round() / 10.0),
            ends_in_seconds: rate.map(|rate| (left / rate * 60.0).ceil() as u64),
            ..counts.told(run, cost)
        }
    }
}

fn describe(progress: &RunProgress<'_>) -> String {
    let mut text = format!("{} under way", progress.begun);
    if progress.failed > 0 {
        text += &format!(", {} failed", progress.failed);
    }
    text += &format!(", {} Buzz", progress.cost);
    if let Some(rate) = progress.lines_per_minute {
        text += &format!(", {rate} a minute");
    }
    match progress.ends_in_seconds {
        Some(seconds) if seconds >= 120 => {
            text += &format!(", done in about {} min", seconds.div_ceil(60));
        }
        Some(seconds) if seconds > 0 => text += &format!(", done in about {seconds} s"),
        _ => {}
    }
    text
}

fn called(state: LineState) -> &'static str {
    match state {
        LineState::Open => "is given up for now",
        LineState::Failed => "failed",
        LineState::Canceled => "was canceled",
        state => state.name(),
    }
}
