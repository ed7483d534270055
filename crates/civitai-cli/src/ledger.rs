//! The ledger: what was asked for, under which key, what became of it, what it cost and where its files are.
//!
//! A record is on disk before the call that pays is made, so that a crash at any moment leaves a key under
//! which the service recognises the work.

use std::path::{Path, PathBuf};

use civitai_jobs::Buzz;
use clap::Args;
use directories::ProjectDirs;

pub(crate) use budget::Budget;
pub(crate) use db::Db;
pub(crate) use entry::{Entry, Place, State};
pub(crate) use files::Kept;
pub(crate) use lines::{Begin, End, Ended, Leave, Line, LineState, Submitted};
pub(crate) use queue::{LineTask, QueuePool};
pub(crate) use runs::{Counts, Limits, NewLine, NewRun, Reopen, RunRow, RunState};

use together::Together;

use crate::exit;
use crate::failure::{Failure, chain};

mod budget;
mod db;
mod entry;
mod files;
mod lines;
#[cfg(feature = "postgres")]
mod postgres;
mod query;
mod queue;
mod record;
mod runs;
mod schema;
mod together;

/// Where the record of what was asked for is kept.
#[derive(Clone, Debug, Args)]
pub(crate) struct Recording {
    /// The ledger: a SQLite file, or a Postgres server that machines share, as postgres://USER@HOST/DATABASE [default:
    /// ledger.sqlite in the folder of your data].
    #[arg(
        long,
        value_name = "FILE|URL",
        env = "CIVITAI_LEDGER",
        hide_env_values = true
    )]
    ledger: Option<PathBuf>,
}

/// An open ledger.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    db: Db,
    /// What was named, for commands that go on; without a password.
    named: Option<PathBuf>,
    begins: Together<Begin, Leave>,
    ends: Together<End, bool>,
    submits: Together<Submitted, bool>,
}

impl Recording {
    /// Opens the ledger, which is made where it is missing. Work of the simulator inside the program is
    /// gone when that ends, and its record as well, unless a file is named.
    pub(crate) async fn open(&self, local: bool) -> Result<Ledger, Failure> {
        let ledger = match &self.ledger {
            None if local => {
                let folder = tempfile::tempdir();
                let folder = folder
                    .map_err(|error| Failure::system("there is no folder for a ledger", &error))?;
                Ledger::file(&folder.path().join("ledger.sqlite"), Some(folder)).await?
            }
            None => Ledger::file(&default_file()?, None).await?,
            Some(named) => match named.to_str().filter(|text| is_server(text)) {
                Some(address) => Ledger::server(address).await?,
                None => Ledger::file(named, None).await?,
            },
        };
        Ok(ledger.named(self.ledger.as_deref()))
    }
}

impl Ledger {
    async fn file(path: &Path, scratch: Option<tempfile::TempDir>) -> Result<Self, Failure> {
        let file = db::File::open(path, scratch).await?;
        let migrated = schema::migrate(file.pool()).await;
        migrated.map_err(|why| db::unusable(path, &why))?;
        Ok(Self::of(Db::Sqlite(Box::new(file))))
    }

    #[cfg(feature = "postgres")]
    async fn server(address: &str) -> Result<Self, Failure> {
        let pool = postgres::open(address).await?;
        Ok(Self::of(Db::Postgres(pool)))
    }

    #[cfg(not(feature = "postgres"))]
    async fn server(_: &str) -> Result<Self, Failure> {
        let what = "this program was built without Postgres";
        Err(Failure::input(what).advise("build it with the feature `postgres`, or name a file"))
    }

    fn of(db: Db) -> Self {
        Self {
            db,
            named: None,
            begins: Together::default(),
            ends: Together::default(),
            submits: Together::default(),
        }
    }

    fn named(mut self, given: Option<&Path>) -> Self {
        self.named = given.map(
            |given| match given.to_str().filter(|text| is_server(text)) {
                Some(address) => without_password(address).into(),
                None => given.to_owned(),
            },
        );
        self
    }

    /// The argument that names the ledger again, where it was named.
    pub(crate) fn given(&self) -> Option<&Path> {
        self.named.as_deref()
    }

    /// Whether several machines may work with it at once.
    pub(crate) fn is_shared(&self) -> bool {
        !matches!(self.db, Db::Sqlite(_))
    }
}

fn is_server(text: &str) -> bool {
    text.starts_with("postgres://") || text.starts_with("postgresql://")
}

/// The address of a server without the password, which belongs into `CIVITAI_LEDGER`, `PGPASSWORD` or a file.
fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return String::new();
    };
    let (authority, path) = match rest.find('/') {
        Some(end) => rest.split_at(end),
        None => (rest, ""),
    };
    let authority = match authority.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{user}@{host}")
        }
        None => authority.to_owned(),
    };
    // A query may hold one as well.
    let path = path.split('?').next().unwrap_or_default();
    format!("{scheme}://{authority}{path}")
}

/// An error of a statement.
fn failed(error: &sqlx::Error) -> Failure {
    let what = format!("the ledger cannot be used: {}", chain(error));
    Failure::input(what).advise("name another one with --ledger FILE")
}

/// An error of a statement about work that the service may have by now.
fn unnoted(error: &sqlx::Error) -> Failure {
    let what = format!("the ledger could not be written: {}", chain(error));
    let failure = Failure::new(exit::NOT_SAVED, what);
    failure
        .advise("the work may go on; `civitai-jobs resume` takes it up by what was written before")
}

fn default_file() -> Result<PathBuf, Failure> {
    let places = ProjectDirs::from("", "", "civitai-jobs");
    let places = places.ok_or_else(|| {
        Failure::input("the system names no folder for your data")
            .advise("name one with --ledger FILE")
    })?;
    Ok(places.data_dir().join("ledger.sqlite"))
}

/// Buzz as the ledger keeps them.
fn buzz(number: Option<f64>) -> Option<Buzz> {
    number.map(Buzz::from_f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for (given, shown) in [
            (
                "postgres://me:secret@host:5432/db",
                "postgres://me@host:5432/db",
            ),
            (
                "postgresql://host/db?password=secret",
                "postgresql://host/db",
            ),
            ("postgres://me@host", "postgres://me@host"),
        ] {
            assert_eq!(without_password(given), shown);
        }
    }
}
