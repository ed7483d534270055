//! Arguments that commands share.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::connect::Connection;
use crate::duration::duration;

/// What a command takes that talks to the service.
#[derive(Clone, Debug, Args)]
pub(crate) struct Common {
    /// Prints JSON in place of text.
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

/// What a command takes that waits for work and saves its files.
#[derive(Clone, Debug, Args)]
pub(crate) struct Saving {
    /// The folder for the files; made where it is missing.
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub(crate) out: PathBuf,

    /// How long to wait, such as 90s, 15m or 1h30m; the work goes on after that.
    #[arg(long, value_name = "DURATION", default_value = "30m", value_parser = duration)]
    pub(crate) timeout: Duration,
}
