//! What every request of this crate calls itself, and what leads where.

pub(crate) use file_save::{connections, is_loopback, is_web_page};

/// What every request of this crate calls itself.
pub(crate) const USER_AGENT: &str = concat!("civitai-jobs/", env!("CARGO_PKG_VERSION"));

/// Makes the HTTP client for files; a `direct` one is for a service on this machine and passes by any
/// proxy.
pub(crate) fn storage(direct: bool) -> reqwest::Result<reqwest::Client> {
    file_save::storage(USER_AGENT, direct)
}
