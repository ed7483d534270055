//! Why a simulator does not start.

use std::net::SocketAddr;

use crate::saved::SavedError;

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// An address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// Simulated time cannot run at this speed.
    #[error("the speed of simulated time must be above 0 and at most 1,000,000")]
    Speed,
    /// The balance is below 0, too large or not a number.
    #[error("the balance must be between 0 and 1,000,000,000,000 Buzz")]
    Balance,
    /// A state cannot be taken up.
    #[error("the state that was saved cannot be taken up")]
    Saved(#[from] SavedError),
    /// No runtime is there to serve requests.
    #[error("a simulator must be started within a tokio runtime")]
    NoRuntime(#[source] tokio::runtime::TryCurrentError),
}
