//! Files that go into work: links as they are, files of this machine uploaded first.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use civitai_jobs::Client;
use clap::builder::{
    OsStringValueParser, TryMapValueParser, TypedValueParser as _, ValueParserFactory,
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::failure::{Failure, chain};

/// Bytes from which the kind of a file is told.
const FRONT: usize = 8 << 10;

/// Bytes that are read at once.
const CHUNK: usize = 64 << 10;

/// A file that is to go into work.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Source {
    /// A link, a data URL or an AIR, which the service takes as it is.
    Link(String),
    /// A file of this machine.
    File(PathBuf),
}

impl Source {
    /// Reads a text: what has no scheme is a path.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let is_link = ["https://", "http://", "data:", "urn:air:"]
            .iter()
            .any(|scheme| text.starts_with(scheme));
        match text {
            "" => Err("expected a file or a link".to_owned()),
            _ if is_link => Ok(Self::Link(text.to_owned())),
            _ => Ok(Self::File(text.into())),
        }
    }

    /// Reads an argument; a path is bytes on most systems, and need not be text.
    fn argument(given: OsString) -> Result<Self, String> {
        match given.to_str() {
            Some(text) => Self::read(text),
            None => Ok(Self::File(given.into())),
        }
    }
}

impl ValueParserFactory for Source {
    type Parser = TryMapValueParser<OsStringValueParser, fn(OsString) -> Result<Self, String>>;

    fn value_parser() -> Self::Parser {
        OsStringValueParser::new().try_map(Self::argument)
    }
}

/// What stands in a request for the files that go into it.
#[derive(Debug, Default)]
pub(crate) struct Links(HashMap<Source, String>);

impl Links {
    /// Names files by their content, so that equal requests are equal before anything is uploaded.
    pub(crate) fn by_content(sources: &[Source]) -> Result<Self, Failure> {
        let mut links = Self::default();
        for source in sources {
            links.add_by_content(source)?;
        }
        Ok(links)
    }

    /// Names one more by its content, unless it is known.
    pub(crate) fn add_by_content(&mut self, source: &Source) -> Result<(), Failure> {
        if self.0.contains_key(source) {
            return Ok(());
        }
        let link = match source {
            Source::Link(link) => link.clone(),
            Source::File(path) => format!("https://file.invalid/{}", digest(path)?),
        };
        self.0.insert(source.clone(), link);
        Ok(())
    }

    /// Uploads the files, each once.
    pub(crate) async fn uploaded(client: &Client, sources: &[Source]) -> Result<Self, Failure> {
        let mut links = Self::default();
        for source in sources {
            let link = match source {
                Source::Link(link) => link.clone(),
                Source::File(path) => upload(client, path).await?,
            };
            links.0.insert(source.clone(), link);
        }
        Ok(links)
    }

    /// The link of a source; nothing where it is not known.
    pub(crate) fn of(&self, source: &Source) -> Value {
        self.0
            .get(source)
            .map_or(Value::Null, |link| link.as_str().into())
    }
}

/// Uploads a file and returns its link.
pub(crate) async fn upload(client: &Client, path: &Path) -> Result<String, Failure> {
    let media_type = media_type(path)?;
    let blob = client.blobs().upload_file(path, media_type).await;
    let blob = blob.map_err(|error| Failure::call(&error))?;
    Ok(blob.url().to_owned())
}

/// The media type of a file by its first bytes.
pub(crate) fn media_type(path: &Path) -> Result<&'static str, Failure> {
    let mut front = Vec::with_capacity(FRONT);
    let file = std::fs::File::open(path).map_err(|error| unreadable(path, &error))?;
    let read = file.take(FRONT as u64).read_to_end(&mut front);
    read.map_err(|error| unreadable(path, &error))?;
    let told = infer::get(&front).map(|kind| kind.mime_type());
    told.ok_or_else(|| {
        let what = format!(
            "`{}` is no picture, film or sound that can be told by its content",
            path.display()
        );
        Failure::input(what).advise("convert it to PNG, JPEG, WebP, MP4 or WAV")
    })
}

fn digest(path: &Path) -> Result<String, Failure> {
    media_type(path)?;
    let mut file = std::fs::File::open(path).map_err(|error| unreadable(path, &error))?;
    let (mut digest, mut chunk) = (Sha256::new(), vec![0; CHUNK]);
    loop {
        match file
            .read(&mut chunk)
            .map_err(|error| unreadable(path, &error))?
        {
            0 => break,
            read => digest.update(&chunk[..read]),
        }
    }
    let bytes = digest.finalize();
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::input(format!(
        "`{}` cannot be read: {}",
        path.display(),
        chain(error)
    ))
}
