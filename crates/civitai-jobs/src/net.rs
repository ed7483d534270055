//! What every request of this crate calls itself, and what leads where.

pub(crate) use file_save::{Connections, is_loopback, is_web_page};

/// What every request of this crate calls itself.
pub(crate) const USER_AGENT: &str = concat!("civitai-jobs/", env!("CARGO_PKG_VERSION"));
