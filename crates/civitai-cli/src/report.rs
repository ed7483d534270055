//! What the program prints about a job: the files, the JSON document, the command to go on with.

use std::path::{Path, PathBuf};

use civitai_jobs::{BatchSnapshot, Buzz, JobId, SavedFile, Token};
use serde::Serialize;

/// The one document that `--json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Report<'a> {
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
    pub(crate) fn new(token: &'a Token, done: &'a BatchSnapshot, files: &'a [SavedFile]) -> Self {
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

/// What is needed to pick a job up again as it was begun.
#[derive(Clone, Debug)]
pub(crate) struct Again {
    pub(crate) out: PathBuf,
    pub(crate) base_url: Option<String>,
    /// The job lives in this process alone.
    pub(crate) local: bool,
}

impl Again {
    /// What to do about a job that may go on.
    pub(crate) fn advice(&self, token: &Token) -> String {
        if self.local {
            return "the local simulator's job is gone".to_owned();
        }
        let command = self.command(token);
        format!("the job may go on; pick it up with: {command}")
    }

    /// What to do about files of a finished job that were not saved.
    pub(crate) fn fetch(&self, token: &Token) -> String {
        if self.local {
            return "the local simulator's job is gone".to_owned();
        }
        let command = self.command(token);
        format!("the job is done; fetch its files with: {command}")
    }

    /// The command that picks the job up.
    pub(crate) fn command(&self, token: &Token) -> String {
        let out = quoted(&self.out);
        let mut command = format!("civitai-jobs resume {token} --out {out}");
        if let Some(url) = &self.base_url {
            command = format!("{command} --base-url {}", quoted(Path::new(url)));
        }
        command
    }
}

/// A word for a shell.
fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "/._-:".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_survives_a_shell() {
        let mut again = Again {
            out: "my out".into(),
            base_url: None,
            local: false,
        };
        let token = "dG9rZW4=".parse().unwrap();
        let command = "civitai-jobs resume dG9rZW4= --out 'my out'";
        assert_eq!(again.command(&token), command);
        again.out = "it's".into();
        again.base_url = Some("http://127.0.0.1:4010".to_owned());
        let command =
            r"civitai-jobs resume dG9rZW4= --out 'it'\''s' --base-url http://127.0.0.1:4010";
        assert_eq!(again.command(&token), command);
    }
}
