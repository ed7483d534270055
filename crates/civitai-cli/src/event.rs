//! What `--json` prints: one event a line, on stdout. `docs/events.schema.json` describes them.

use chrono::{DateTime, Utc};
use civitai_jobs::Buzz;
use serde::Serialize;

use crate::exit;
use crate::failure::Failure;
use crate::screen;

/// Something that a script may want to know, in the order in which it happens.
#[derive(Debug, Serialize)]
#[serde(
    tag = "event",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub(crate) enum Event<'a> {
    /// The price was asked for; nothing is paid yet.
    Priced {
        cost: Buzz,
        /// Whether the price is the most that it can come to.
        ceiling: bool,
        affordable: bool,
    },
    /// The service has the work.
    Submitted {
        api: &'static str,
        /// The id of a workflow, or the token of a batch.
        id: &'a str,
        key: String,
        cost: Option<Buzz>,
    },
    /// Where the work stands.
    Progress {
        id: &'a str,
        phase: String,
        percent: Option<f32>,
        loading: Option<&'a str>,
        loaded_percent: Option<f32>,
        jobs_ahead: Option<u32>,
        starts_in_seconds: Option<u64>,
        ends_in_seconds: Option<u64>,
        elapsed_seconds: u64,
        finished: usize,
        items: Option<usize>,
    },
    /// A file is complete and on disk.
    Saved(FileLine<'a>),
    /// The work has ended; `files` are all that are on disk.
    Ended {
        api: &'static str,
        id: &'a str,
        state: String,
        cost: Option<Buzz>,
        reason: Option<String>,
        files: Vec<FileLine<'a>>,
        /// What the steps were asked for in words: a reply, a caption, a transcript.
        texts: Vec<&'a str>,
    },
    /// A line of a file that cannot be run.
    BadLine {
        /// Its number in the file.
        line: usize,
        reason: &'a str,
    },
    /// A run was written down, or taken up again.
    RunStarted {
        run: &'a str,
        /// Lines, those aside that ask for the same as an earlier one.
        lines: u32,
        folder: std::borrow::Cow<'a, str>,
    },
    /// A line of a run has got into a state.
    Line {
        run: &'a str,
        line: u32,
        state: &'a str,
        id: Option<&'a str>,
        cost: Option<Buzz>,
        reason: Option<&'a str>,
        files: Vec<FileLine<'a>>,
        texts: Vec<&'a str>,
    },
    /// How far a run has come.
    RunProgress(RunProgress<'a>),
    /// How far a run has come, on being asked.
    RunStatus {
        #[serde(flatten)]
        progress: RunProgress<'a>,
        state: &'a str,
        reason: Option<&'a str>,
        folder: std::borrow::Cow<'a, str>,
    },
    /// A run has ended, or stopped; the numbers are those of its lines.
    RunEnded {
        #[serde(flatten)]
        progress: RunProgress<'a>,
        state: &'a str,
        reason: Option<&'a str>,
        /// What became of each line, and the page that shows it.
        results: std::borrow::Cow<'a, str>,
        page: std::borrow::Cow<'a, str>,
    },
    /// The board of a run can be opened.
    BoardReady { run: &'a str, address: &'a str },
    /// Something that stops nothing.
    Warning { message: &'a str },
    /// A workflow of the account.
    Listed {
        id: String,
        state: String,
        cost: Buzz,
        created_at: DateTime<Utc>,
        steps: Vec<&'a str>,
        tags: Vec<&'a str>,
    },
    /// A submission of the ledger.
    Recorded {
        api: &'a str,
        id: &'a str,
        key: String,
        service: &'a str,
        state: &'a str,
        cost: Option<Buzz>,
        reason: Option<&'a str>,
        created_at: DateTime<Utc>,
        files: Vec<FileLine<'a>>,
    },
    /// Work as one poll showed it.
    Status {
        id: &'a str,
        api: &'a str,
        state: String,
        percent: Option<f64>,
        jobs_ahead: Option<u32>,
        cost: Option<Buzz>,
        reason: Option<String>,
        files: usize,
    },
    /// A receiver of events is ready at an address, which is a secret.
    Listening { address: &'a str },
    /// An event came; nobody has signed it.
    Received {
        scope: &'a str,
        id: &'a str,
        status: &'a str,
        body: &'a serde_json::Value,
    },
    /// A change was made.
    Changed { id: &'a str, what: &'a str },
    /// Why the program ends without success.
    Error {
        message: &'a str,
        advice: Option<&'a str>,
        code: u8,
    },
}

/// How many lines of a run are in which state.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunProgress<'a> {
    pub(crate) run: &'a str,
    pub(crate) waiting: u32,
    pub(crate) begun: u32,
    pub(crate) open: u32,
    pub(crate) saved: u32,
    pub(crate) failed: u32,
    pub(crate) canceled: u32,
    pub(crate) cost: Buzz,
    pub(crate) lines_per_minute: Option<f64>,
    pub(crate) ends_in_seconds: Option<u64>,
}

/// A file on disk.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FileLine<'a> {
    pub(crate) path: std::borrow::Cow<'a, str>,
    pub(crate) bytes: u64,
    pub(crate) media_type: std::borrow::Cow<'a, str>,
    pub(crate) width: Option<u32>,
    pub(crate) height: Option<u32>,
    pub(crate) seed: Option<i64>,
    pub(crate) step: Option<std::borrow::Cow<'a, str>>,
    pub(crate) job_id: std::borrow::Cow<'a, str>,
    pub(crate) blob_id: std::borrow::Cow<'a, str>,
}

impl Event<'_> {
    /// Prints the event as a line.
    ///
    /// # Errors
    ///
    /// It could not be written.
    pub(crate) fn print(&self) -> Result<(), Failure> {
        let line = serde_json::to_string(self).map_err(|error| {
            let what = format!("the report could not be written: {error}");
            Failure::new(exit::NOT_SAVED, what)
        })?;
        screen::print(&(line + "\n"))
    }
}

impl Failure {
    /// Tells of it as an event as well, where events are what is printed.
    pub(crate) fn told(self, json: bool) -> Self {
        let (message, advice) = self.parts();
        let code = self.code();
        if json {
            // The line on stderr says the same.
            let _ = Event::Error {
                message,
                advice,
                code,
            }
            .print();
        }
        self
    }
}

/// Tells of something that stops nothing.
pub(crate) fn warn(message: &str, json: bool) -> Result<(), Failure> {
    if json {
        return Event::Warning { message }.print();
    }
    screen::note(&format!("warning: {message}"));
    Ok(())
}
