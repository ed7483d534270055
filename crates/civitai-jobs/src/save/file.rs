//! One transfer: streamed to a temporary file, checked, put on disk, then named.

use std::io;
use std::path::{Path, PathBuf};

use reqwest::header::CONTENT_TYPE;
use tempfile::NamedTempFile;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;
use url::Url;

use super::picture::{self, Kind};
use super::storage::is_safe;
use crate::error::{Transfer, reply};
use crate::{Client, Error};

/// Names that are tried where the first ones are taken.
const NUMBERS: u32 = 10_000;

/// A file that has its final name.
pub(super) struct Kept {
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
    pub(super) size: Option<(u32, u32)>,
}

/// What has come of a file so far.
struct Received {
    bytes: u64,
    head: Vec<u8>,
}

/// Fetches a file once. Nothing of it is left when this fails or is dropped.
pub(super) async fn fetch(
    client: &Client,
    link: &str,
    dir: &Path,
    stem: &str,
) -> Result<Kept, Error> {
    let url = Url::parse(link).ok().filter(is_safe);
    let url = url.ok_or(Transfer::Link)?;
    let disk = |source| Transfer::Disk {
        path: dir.to_owned(),
        source,
    };
    let sent = client.storage().get(url).send().await;
    let mut reply = sent.map_err(Transfer::connection)?;
    if !reply.status().is_success() {
        return Err(Error::from(Transfer::Refused {
            status: reply.status(),
            retry_after: reply::retry_after(reply.headers()),
        }));
    }
    let announced = reply.content_length();
    let limit = client.largest_file();
    if announced.is_some_and(|announced| announced > limit) {
        return Err(Transfer::TooLarge { limit }.into());
    }
    let media_type = reply.headers().get(CONTENT_TYPE);
    let media_type = media_type.and_then(|value| value.to_str().ok());
    let media_type = media_type.unwrap_or_default().to_owned();

    let temporary = temporary(dir).map_err(disk)?;
    let file = temporary.as_file().try_clone().map_err(disk)?;
    let Received { bytes, head } = receive(&mut reply, File::from_std(file), limit, disk).await?;
    if let Some(announced) = announced.filter(|announced| *announced != bytes) {
        let got = bytes;
        return Err(Transfer::Cut { announced, got }.into());
    }
    let kind = Kind::of(&head, &media_type).ok_or(Transfer::NoPicture)?;
    let (dir, stem) = (dir.to_owned(), stem.to_owned());
    let named = tokio::task::spawn_blocking(move || name(temporary, &dir, &stem, kind)).await;
    let path = named.map_err(io::Error::other).flatten().map_err(disk)?;
    Ok(Kept {
        path,
        bytes,
        size: picture::size(&head),
    })
}

/// Writes a body to a file and makes sure that it is on disk.
async fn receive(
    reply: &mut reqwest::Response,
    mut file: File,
    limit: u64,
    disk: impl Fn(io::Error) -> Transfer,
) -> Result<Received, Transfer> {
    let (mut bytes, mut head) = (0, Vec::with_capacity(picture::HEAD));
    while let Some(chunk) = reply.chunk().await.map_err(Transfer::connection)? {
        bytes += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        if bytes > limit {
            return Err(Transfer::TooLarge { limit });
        }
        head.extend(chunk.iter().take(picture::HEAD - head.len()));
        file.write_all(&chunk).await.map_err(&disk)?;
    }
    file.flush().await.map_err(&disk)?;
    file.sync_all().await.map_err(&disk)?;
    Ok(Received { bytes, head })
}

/// A file that is gone unless it gets a name.
fn temporary(dir: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".civitai-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // What the user's mask makes of this is what any other new file gets.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(dir)
}

/// Gives a complete file the first name that is free.
fn name(mut temporary: NamedTempFile, dir: &Path, stem: &str, kind: Kind) -> io::Result<PathBuf> {
    let extension = kind.extension();
    for number in 1..=NUMBERS {
        let path = dir.join(match number {
            1 => format!("{stem}.{extension}"),
            _ => format!("{stem}-{number}.{extension}"),
        });
        match temporary.persist_noclobber(&path) {
            Ok(_) => {
                sync_folder(dir);
                return Ok(path);
            }
            Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => {
                temporary = taken.file;
            }
            Err(failed) => return Err(failed.error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Makes the name last through a power cut, where the system can.
fn sync_folder(dir: &Path) {
    // Not every system opens folders; the file itself is safe either way.
    let _ = std::fs::File::open(dir).and_then(|folder| folder.sync_all());
}
