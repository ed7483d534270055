//! The JSON document that tells of a job and its files.

use civitai_jobs::{BatchSnapshot, Buzz, JobId, SavedFile, Token};
use serde::Serialize;

/// The one document that `--json` prints.
#[derive(Debug, Serialize)]
pub(super) struct Report<'a> {
    token: &'a Token,
    jobs: Vec<JobLine<'a>>,
    files: Vec<FileLine<'a>>,
    /// In Buzz.
    cost: Option<Buzz>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct JobLine<'a> {
    job_id: Option<&'a JobId>,
    state: String,
    cost: Option<Buzz>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct FileLine<'a> {
    path: std::borrow::Cow<'a, str>,
    seed: Option<i64>,
    width: Option<u32>,
    height: Option<u32>,
    bytes: u64,
    job_id: &'a str,
    blob_id: &'a str,
}

impl<'a> Report<'a> {
    pub(super) fn new(token: &'a Token, done: &'a BatchSnapshot, files: &'a [SavedFile]) -> Self {
        let jobs = done.jobs().iter().map(|job| JobLine {
            job_id: job.id(),
            state: job.phase().to_string(),
            cost: job.cost(),
        });
        let files = files.iter().map(|file| FileLine {
            path: file.path.to_string_lossy(),
            seed: file.seed,
            width: file.size.map(|(width, _)| width),
            height: file.size.map(|(_, height)| height),
            bytes: file.bytes,
            job_id: &file.work_id,
            blob_id: &file.blob_id,
        });
        Self {
            token,
            jobs: jobs.collect(),
            files: files.collect(),
            cost: done.cost(),
        }
    }
}
