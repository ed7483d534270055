//! Addresses and pages: what leads to this machine, what a file may be fetched from, and what is a web page.

use std::net::IpAddr;

use url::{Host, Url};

/// Whether a URL leads to this machine and no further.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

/// Whether a file may be fetched from there: encrypted, or without leaving this machine.
#[must_use]
pub fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

/// Whether a web page came, by its media type or by its first bytes: a page can come under any name.
#[must_use]
pub fn is_web_page(media_type: &str, head: &[u8]) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let begins_as_page = || infer::get(head).is_some_and(|found| found.mime_type() == "text/html");
    essence.eq_ignore_ascii_case("text/html") || (!head.is_empty() && begins_as_page())
}
