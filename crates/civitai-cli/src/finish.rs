//! The second half of every command: wait, save, report.

use civitai_jobs::{Client, Job, Naming, SavedFile, Snapshot, Token};

use crate::args::Common;
use crate::exit;
use crate::failure::{Failure, chain};
use crate::progress::Progress;
use crate::report::{Again, Report};
use crate::{screen, wait};

/// Waits for the job, saves its files and prints what was saved.
pub(crate) async fn finish(
    client: &Client,
    job: &Job,
    naming: &Naming,
    common: &Common,
    again: &Again,
) -> Result<(), Failure> {
    let mut progress = Progress::new(common.json);
    let done = wait::wait(job, again, &mut progress).await?;
    let outputs = done.outputs();
    if outputs.is_empty() {
        let what = "the job ended well and made no files";
        return Err(Failure::new(exit::REFUSED, what));
    }
    progress.stage("saving");
    let saved = client.save(&outputs, &common.out, naming).await;
    drop(progress);
    match saved {
        Ok(files) => print(job.token(), &done, &files, common.json),
        Err(error) => {
            // What did arrive is a result all the same.
            print(job.token(), &done, error.saved_files(), common.json)?;
            let failure = Failure::new(exit::NOT_SAVED, chain(&error));
            Err(failure.advise(again.fetch(job.token())))
        }
    }
}

fn print(token: &Token, done: &Snapshot, files: &[SavedFile], json: bool) -> Result<(), Failure> {
    let unwritten = |error: &dyn std::error::Error| {
        let what = format!("the report could not be written: {}", chain(error));
        Failure::new(exit::NOT_SAVED, what)
    };
    let text = if json {
        let report = Report::new(token, done, files);
        let text = serde_json::to_string_pretty(&report).map_err(|error| unwritten(&error))?;
        (text + "\n").into_bytes()
    } else {
        // A path is bytes on most systems, and need not be text.
        let line = |file: &SavedFile| [file.path.as_os_str().as_encoded_bytes(), b"\n"].concat();
        files.iter().flat_map(line).collect()
    };
    screen::result(&text).map_err(|error| unwritten(&error))
}
