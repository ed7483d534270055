//! `blobs`: files at the service.

use std::path::PathBuf;
use std::time::Duration;

use civitai_jobs::{File, Naming, StoredBlob};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::common::Common;
use crate::exit;
use crate::failure::{Failure, chain};
use crate::folder;
use crate::screen;
use crate::source::media_type;

/// Uploads files to the service, and downloads what is there.
#[derive(Debug, Args)]
pub(crate) struct Blobs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Uploads files, and prints the id and the link of each. Costs nothing.
    #[command(after_help = exit::HELP)]
    Upload(Upload),
    /// Downloads blobs by their ids, which become the names of the files.
    #[command(after_help = exit::HELP)]
    Get(Get),
    /// Prints a link to which somebody without a token can upload one file.
    #[command(after_help = exit::HELP)]
    Link(Link),
}

#[derive(Debug, Args)]
struct Upload {
    /// The files.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// The media type, such as image/png; the default is what the first bytes say.
    #[arg(long, value_name = "TYPE")]
    media_type: Option<String>,

    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
struct Get {
    /// The ids of the blobs.
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,

    /// The folder for the files; made where it is missing.
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,

    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
struct Link {
    #[command(flatten)]
    common: Common,
}

impl Blobs {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Upload(upload) => upload.run().await,
            Command::Get(get) => get.run().await,
            Command::Link(link) => link.run().await,
        }
    }
}

impl Upload {
    async fn run(self) -> Result<(), Failure> {
        let session = self.common.connection.open(Duration::ZERO).await?;
        let mut typed = Vec::new();
        // All of them are looked at before the first is sent.
        for file in &self.files {
            let media_type = match &self.media_type {
                Some(given) => given.clone(),
                None => media_type(file)
                    .map_err(|failure| failure.advise("name its media type by --media-type"))?
                    .to_owned(),
            };
            typed.push((file, media_type));
        }
        let mut rows = Vec::new();
        for (file, media_type) in typed {
            let stored = session
                .client()
                .blobs()
                .upload_file(file, &media_type)
                .await;
            let stored = stored.map_err(|error| Failure::call(&error))?;
            rows.push(row(&file.display().to_string(), &stored));
        }
        screen::rows(rows, self.common.json)
    }
}

/// A link is signed, so it is shown only to whoever has asked for it.
fn row(file: &str, stored: &StoredBlob) -> (Value, String) {
    let (id, url) = (stored.id(), stored.url());
    let line = format!("{file}: {id} {url}");
    (json!({ "file": file, "id": id, "url": url }), line)
}

impl Get {
    async fn run(self) -> Result<(), Failure> {
        let session = self.common.connection.open(Duration::ZERO).await?;
        folder::ready(&self.out)?;
        let client = session.client();
        let mut saved = Vec::new();
        for id in &self.ids {
            let stored = client.blobs().refresh(id).await;
            let file = File::from(&stored.map_err(|error| Failure::call(&error))?);
            let made = client.save([file], &self.out, &named(id)?).await;
            saved.extend(made.map_err(|error| Failure::new(exit::NOT_SAVED, chain(&error)))?);
        }
        let rows = saved.iter().map(|file| {
            let path = file.path.display().to_string();
            (json!({ "path": path, "bytes": file.bytes }), path)
        });
        screen::rows(rows, self.common.json)
    }
}

/// A blob is called by its id; the ending comes from what is in it.
fn named(id: &str) -> Result<Naming, Failure> {
    let stem = id.rsplit_once('.').map_or(id, |(stem, _)| stem);
    let naming = stem.replace(['{', '}'], "_").parse();
    naming.map_err(|error| Failure::input(chain(&error)))
}

impl Link {
    async fn run(self) -> Result<(), Failure> {
        let session = self.common.connection.open(Duration::ZERO).await?;
        let link = session.client().blobs().upload_link().await;
        let link = link.map_err(|error| Failure::call(&error))?;
        let document = json!({ "url": link.url(), "expiresAt": link.expires_at() });
        screen::rows([(document, link.url().to_owned())], self.common.json)
    }
}
