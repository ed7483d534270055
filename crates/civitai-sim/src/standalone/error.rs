//! Why a server did not start, or did not save its state.

use std::io;
use std::path::PathBuf;

use crate::cassette::CassetteError;
use crate::error::StartError;
use crate::saved::SavedError;

use super::options::OptionError;

/// Why a server did not start, or did not save its state.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// Options contradict each other.
    #[error(transparent)]
    Option(#[from] OptionError),
    /// The cassette cannot be recorded or played.
    #[error(transparent)]
    Cassette(#[from] CassetteError),
    /// The simulator did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The file of the state cannot be read or written.
    #[error("cannot read or write the state in `{path}`", path = path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// What the system or the JSON says.
        #[source]
        source: io::Error,
    },
    /// The scenario file cannot be read.
    #[error("cannot read the scenario in `{path}`", path = path.display())]
    Scenario {
        /// The file.
        path: PathBuf,
        /// What the system or the JSON says.
        #[source]
        source: io::Error,
    },
    /// The state cannot be written down.
    #[error("cannot save the state")]
    Save(#[from] SavedError),
    /// A seed was asked for that is not that of the state.
    #[error("the state in `{path}` has the seed {saved}, so that `--seed {asked}` cannot be: leave it out, or name another file", path = path.display())]
    Seed {
        /// The file.
        path: PathBuf,
        /// The seed in it.
        saved: u64,
        /// The seed that was asked for.
        asked: u64,
    },
}
