//! Files from the storage of the service to a folder: several at a time, again after trouble.

use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use secrecy::{ExposeSecret as _, SecretString};

pub use naming::Naming;
pub(crate) use storage::storage;

use crate::error::Transfer;
use crate::{Client, Error, Output};

mod file;
mod naming;
mod picture;
mod storage;

/// Transfers under way at once.
const AT_ONCE: usize = 4;
/// Tries after the first one.
const RETRIES: u32 = 3;
/// The first pause between two tries; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause, whatever the storage asks for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A file that is complete and on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SavedFile {
    /// Where the file is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its width and height in pixels, where its format tells them at the front, as PNG does.
    pub size: Option<(u32, u32)>,
    /// The seed that the image was made with.
    pub seed: Option<i64>,
    /// The id of the job that made it.
    pub job_id: String,
    /// The name of the file at the service.
    pub blob_key: String,
}

/// Saves all files and tells of the first trouble only after the last file.
pub(crate) async fn all(
    client: &Client,
    outputs: &[Output],
    dir: &Path,
    naming: &Naming,
) -> Result<Vec<SavedFile>, Error> {
    tokio::fs::create_dir_all(dir).await.map_err(|source| {
        let path = dir.to_owned();
        Error::from(Transfer::Disk { path, source })
    })?;
    let transfers = outputs
        .iter()
        .map(|output| one(client, output, dir, naming));
    // Collected first: a stream that borrows each output on its way is not `Send`.
    let transfers: Vec<_> = transfers.collect();
    let done: Vec<_> = stream::iter(transfers).buffered(AT_ONCE).collect().await;

    let (mut saved, mut trouble) = (Vec::new(), None);
    for result in done {
        match result {
            Ok(file) => saved.push(file),
            Err(error) => trouble = trouble.or(Some(error)),
        }
    }
    match trouble {
        None => Ok(saved),
        Some(error) => Err(Error::save(saved, outputs.len(), error)),
    }
}

/// Saves one file: tries again after what may pass, and asks once for a fresh link.
async fn one(
    client: &Client,
    output: &Output,
    dir: &Path,
    naming: &Naming,
) -> Result<SavedFile, Error> {
    let mut link = output.url().map(SecretString::from);
    let mut fresh = link.is_none();
    let mut tries = 0;
    loop {
        let attempt = async {
            let link = match link.take() {
                Some(link) => link,
                None => fresh_link(client, output).await?,
            };
            let kept = file::fetch(client, link.expose_secret(), dir, &naming.stem(output)).await;
            kept.map_err(|error| (Some(link), error))
        };
        let (used, error) = match attempt.await {
            Ok(kept) => {
                if let Some(observer) = client.observer() {
                    observer.received(kept.bytes);
                }
                return Ok(SavedFile {
                    path: kept.path,
                    bytes: kept.bytes,
                    size: kept.size,
                    seed: output.seed(),
                    job_id: output.job_id().to_owned(),
                    blob_key: output.blob_key().to_owned(),
                });
            }
            Err(failed) => failed,
        };
        if error.is_stale_link() && !fresh {
            tracing::debug!("the link is stale; asking for a fresh one");
            fresh = true;
            continue;
        }
        if !error.is_retryable() || tries == RETRIES {
            return Err(error);
        }
        link = used;
        let pause = pause(tries, fastrand::f64()).max(error.retry_after().unwrap_or_default());
        tries += 1;
        tracing::debug!(?pause, tries, "the transfer failed; trying again");
        client.clock().sleep(pause.min(LONGEST_PAUSE)).await;
    }
}

/// A pause that grows with the tries, up to half of it taken off by chance.
fn pause(tries: u32, draw: f64) -> Duration {
    FIRST_PAUSE
        .saturating_mul(1 << tries.min(8))
        .mul_f64(1.0 - draw / 2.0)
}

/// Looks at the job once more, which signs its links anew.
async fn fresh_link(
    client: &Client,
    output: &Output,
) -> Result<SecretString, (Option<SecretString>, Error)> {
    let job = client.attach(output.token.clone());
    let seen = job.status().await.map_err(|error| (None, error))?;
    let outputs = seen.outputs();
    let same = outputs.iter().find(|other| {
        other.job_id() == output.job_id()
            && (other.blob_key(), other.index()) == (output.blob_key(), output.index())
    });
    let link = same.and_then(Output::url).map(SecretString::from);
    link.ok_or_else(|| (None, Transfer::Gone.into()))
}
