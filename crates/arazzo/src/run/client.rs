//! The HTTP client of a run.

use reqwest::redirect::Policy;

use super::error::RunError;

/// Returns a client of these connections that follows no redirect, so that no credential goes to another server.
pub(super) fn client(connections: reqwest::ClientBuilder) -> Result<reqwest::Client, RunError> {
    let builder = connections.redirect(Policy::none());
    let builder = builder.user_agent(concat!("arazzo-run/", env!("CARGO_PKG_VERSION")));
    builder
        .build()
        .map_err(|error| RunError::inputs("there is no HTTP client").caused_by(error))
}
