//! Arguments that commands share.

use std::path::{Path, PathBuf};
use std::time::Duration;

use civitai_jobs::Naming;
use clap::Args;

use crate::connect::Connection;
use crate::draw::Drawing;
use crate::duration::duration;
use crate::failure::Failure;
use crate::folder;
use crate::ledger::Place;

/// What a command takes that talks to the service.
#[derive(Clone, Debug, Args)]
pub(crate) struct Common {
    /// Prints JSON in place of text.
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

/// What a command takes that waits for work.
#[derive(Clone, Debug, Args)]
pub(crate) struct Waiting {
    /// How long to wait, such as 90s, 15m or 1h30m; the work goes on after that.
    #[arg(long, value_name = "DURATION", default_value = "30m", value_parser = duration)]
    pub(crate) timeout: Duration,
}

/// The folder for files where none is named.
pub(crate) const OUT: &str = "out";
/// How files are called where it is not said.
pub(crate) const NAME: &str = "{prompt}-{seed}";

/// What a command takes that saves the files of new work.
#[derive(Clone, Debug, Args)]
pub(crate) struct Saving {
    /// The folder for the files; made where it is missing.
    #[arg(long, value_name = "DIR", default_value = OUT)]
    pub(crate) out: PathBuf,

    /// How the files are called, by {prompt}, {seed}, {index} and {job}.
    #[arg(long, value_name = "TEMPLATE", default_value = NAME, value_parser = template)]
    pub(crate) name: String,

    /// Leaves pictures as they come; without it, each holds what it was made by, for `show` and `generate --like`.
    #[arg(long)]
    pub(crate) no_recipe: bool,

    #[command(flatten)]
    pub(crate) drawing: Drawing,

    #[command(flatten)]
    pub(crate) waiting: Waiting,
}

impl Saving {
    /// Where the files go: a folder that can be written to, and names after a prompt.
    pub(crate) fn place(&self, prompt: &str) -> Result<Place, Failure> {
        Ok(Place {
            folder: ready(&self.out)?,
            naming: self.name.clone(),
            prompt: prompt.to_owned(),
            recipe: !self.no_recipe,
        })
    }
}

/// Makes a folder that can be written to, and returns it in the form that means the same from anywhere.
pub(crate) fn ready(out: &Path) -> Result<PathBuf, Failure> {
    folder::ready(out)?;
    let absolute = std::path::absolute(out);
    absolute.map_err(|error| Failure::system("the working folder is gone", &error))
}

/// A template that can be read, as it was given.
fn template(text: &str) -> Result<String, String> {
    let read: Result<Naming, _> = text.parse();
    read.map(|_| text.to_owned())
        .map_err(|error| error.to_string())
}

/// Reads a name and a value with `=` between them.
pub(crate) fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or("expected a name, `=` and a value")?;
    if name.is_empty() {
        return Err("expected a name before `=`".to_owned());
    }
    Ok((name.to_owned(), value.to_owned()))
}
