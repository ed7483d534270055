//! The transport, preset for Civitai.

use crate::{Http, HttpBuilder};

/// Where the service is.
pub const BASE_URL: &str = "https://orchestration.civitai.com";

/// The environment variable that programs of this workspace take the token from. The library itself
/// reads no environment.
pub const TOKEN_VARIABLE: &str = "CIVITAI_API_TOKEN";

/// Starts a transport to the service, with this crate's user agent.
///
/// ```
/// # fn main() -> Result<(), civitai_api::Error> {
/// let http = civitai_api::connect().token("a token".to_owned()).build()?;
/// let client = civitai_api::v1::Client::new(http);
/// # Ok(()) }
/// ```
pub fn connect() -> HttpBuilder {
    Http::builder(BASE_URL).user_agent(concat!("civitai-api/", env!("CARGO_PKG_VERSION")))
}
