#![doc = include_str!("../README.md")]

// Formatted by the generator.
#[rustfmt::skip]
mod generated {
    pub(crate) mod serika;
    pub(crate) mod support;
}

#[cfg(feature = "limits")]
pub use generated::serika::limits;
#[cfg(feature = "watch")]
pub use generated::serika::watch;
pub use generated::serika::{Client, operation, operations, types};
pub use generated::support::*;
#[cfg(feature = "watch")]
pub use job_waiter::{self, Phase, WatchError, WatchPolicy};

/// Where the service is.
pub const BASE_URL: &str = "https://api.serika.dev/api/openai/v1";

/// Starts a transport to the service, with this crate's user agent; add the key with
/// [`token`](HttpBuilder::token).
///
/// ```
/// # fn main() -> Result<(), serika_api::Error> {
/// let http = serika_api::connect().token("sk-a-key".to_owned()).build()?;
/// let client = serika_api::Client::new(http);
/// # Ok(()) }
/// ```
pub fn connect() -> HttpBuilder {
    Http::builder(BASE_URL).user_agent(concat!("serika-api/", env!("CARGO_PKG_VERSION")))
}
