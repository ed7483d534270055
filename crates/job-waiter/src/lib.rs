#![doc = include_str!("../README.md")]

pub use bytes::Bytes;
pub use error::LookError;
pub use file::RemoteFile;
pub use handle::{Handle, ParseHandleError};
pub use http;
pub use job::Job;
pub use job_watch::{self, Phase, Watch, WatchError, WatchPolicy};
pub use snapshot::Snapshot;
pub use start::Started;
pub use transport::{Answer, Call, Transport};
pub use work::{BoxError, Work};

pub mod spec;

mod error;
mod far;
mod file;
mod handle;
mod hint;
mod job;
mod path;
mod read;
mod reason;
#[cfg(feature = "save")]
mod save;
mod snapshot;
mod start;
mod target;
mod transport;
mod work;
