//! The second half of every command on jobs: wait, save, report.

use civitai_jobs::{Batch, BatchSnapshot, Client, File, Naming, SavedFile, Token};

use super::report::Report;
use super::wait::wait;
use crate::again::Again;
use crate::common::Saving;
use crate::exit;
use crate::failure::{Failure, chain};
use crate::progress::Progress;
use crate::screen;

/// Waits for the job, saves its files and prints what was saved.
pub(crate) async fn finish(
    client: &Client,
    batch: &Batch,
    naming: &Naming,
    saving: &Saving,
    json: bool,
    again: &Again,
) -> Result<(), Failure> {
    let mut progress = Progress::new(json);
    let done = wait(batch, again, &mut progress).await?;
    let files: Vec<File> = done
        .files()
        .into_iter()
        .filter(File::is_available)
        .collect();
    if files.is_empty() {
        let what = "the job ended well and made no files";
        return Err(Failure::new(exit::REFUSED, what));
    }
    progress.stage("saving");
    let saved = client.save(&files, &saving.out, naming).await;
    drop(progress);
    match saved {
        Ok(files) => print(batch.token(), &done, &files, json),
        Err(error) => {
            // What did arrive is a result all the same.
            print(batch.token(), &done, error.saved_files(), json)?;
            let failure = Failure::new(exit::NOT_SAVED, chain(&error));
            Err(failure.advise(again.fetch(batch.token())))
        }
    }
}

fn print(
    token: &Token,
    done: &BatchSnapshot,
    files: &[SavedFile],
    json: bool,
) -> Result<(), Failure> {
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
