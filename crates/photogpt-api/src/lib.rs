#![doc = include_str!("../README.md")]

#[cfg(feature = "watch")]
mod training;
mod upload;

// Formatted by the generator.
#[rustfmt::skip]
mod generated {
    pub(crate) mod photogpt;
    pub(crate) mod support;
}

#[cfg(feature = "limits")]
pub use generated::photogpt::limits;
#[cfg(feature = "watch")]
pub use generated::photogpt::watch;
pub use generated::photogpt::{Client, operation, operations, types};
pub use generated::support::*;
#[cfg(feature = "watch")]
pub use job_waiter::{self, Phase, WatchError, WatchPolicy};
pub use upload::{LARGEST, PICTURES, Picture, PictureError};

/// Where the service is.
pub const BASE_URL: &str = "https://developer.photogptai.com/api";

/// Starts a transport to the service, with this crate's user agent and the version of the API that every
/// request names; add the key with [`token`](HttpBuilder::token).
///
/// ```
/// # fn main() -> Result<(), photogpt_api::Error> {
/// let http = photogpt_api::connect().token("a-key".to_owned()).build()?;
/// let client = photogpt_api::Client::new(http);
/// # Ok(()) }
/// ```
pub fn connect() -> HttpBuilder {
    connect_to(BASE_URL)
}

/// Starts a transport to the service at another address, such as that of a simulator.
pub fn connect_to(base_url: impl Into<String>) -> HttpBuilder {
    let version = reqwest::header::HeaderValue::from_static("1");
    let headers = [(
        reqwest::header::HeaderName::from_static("api-version"),
        version,
    )];
    let client = reqwest::Client::builder().default_headers(headers.into_iter().collect());
    let http = Http::builder(base_url).client(client);
    http.user_agent(concat!("photogpt-api/", env!("CARGO_PKG_VERSION")))
}
