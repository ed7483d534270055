//! Addresses and pages: what leads to this machine, what a file may be fetched from, and what is a web page.

use std::net::IpAddr;

use url::{Host, Url};

pub(crate) use storage::storage;

mod storage;

/// What every request of this crate calls itself.
pub(crate) const USER_AGENT: &str = concat!("civitai-jobs/", env!("CARGO_PKG_VERSION"));

/// Whether a URL leads to this machine and no further.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

/// Whether a file may be fetched from there: encrypted, or without leaving this machine.
pub(crate) fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

/// Whether a web page came, by its media type or by its first bytes: a page can come under any name.
pub(crate) fn is_web_page(media_type: &str, head: &[u8]) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("text/html")
        || infer::get(head).is_some_and(|found| found.mime_type() == "text/html")
}
