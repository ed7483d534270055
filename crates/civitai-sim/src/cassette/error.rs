//! Why a cassette cannot be recorded or played.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why a cassette cannot be recorded or played.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CassetteError {
    /// The file of a new recording is there already; what it holds may have been paid for.
    #[error("`{path}` is there already, and a recording replaces nothing: name another file", path = path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read or written.
    #[error("cannot read or write the cassette `{path}`", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The file is no cassette.
    #[error("`{path}` is no cassette: its line {line} cannot be read", path = path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// The cassette has another form than this version reads.
    #[error("`{path}` is a cassette of version {found}, and this program reads version {read}: record it anew", path = path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// The version that it says it has.
        found: u32,
        /// The version that is read.
        read: u32,
    },
    /// The file is larger than a cassette may be.
    #[error("`{path}` has {size} bytes, and a cassette {at_most} at most", path = path.display())]
    Size {
        /// The file.
        path: PathBuf,
        /// Its bytes.
        size: u64,
        /// The bytes that it may have.
        at_most: u64,
    },
    /// The address of the service is none.
    #[error(
        "`{upstream}` is no address of a service: it must be `http://` or `https://` with a host, without a query"
    )]
    Upstream {
        /// What was given.
        upstream: String,
    },
    /// The client that asks the service cannot be made.
    #[error("cannot make a client for the service")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// An address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system says.
        #[source]
        source: io::Error,
    },
}
