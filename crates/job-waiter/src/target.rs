//! From what a waiter asks for to a request, and where the credential may go.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::spec::{Hold, Place, Target, Value};
use crate::{Call, hint, path};

/// What may stand in a segment of a path as it is (RFC 3986, unreserved).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What values are taken from.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) part: &'a dyn Fn(&str) -> Option<String>,
    /// The last poll.
    pub(crate) look: Option<&'a serde_json::Value>,
}

/// Makes a request.
pub(crate) fn call(target: &Target, base: &str, known: Known<'_>) -> Result<Call, String> {
    match target {
        Target::Operation {
            id,
            method,
            path,
            with,
        } => {
            let mut filled = (*path).to_owned();
            let mut query = Vec::new();
            let mut headers = Vec::new();
            for given in *with {
                let value = value(given.value, known)
                    .ok_or_else(|| format!("there is no value for `{}`", given.name))?;
                match given.place {
                    Place::Path | Place::Segments => {
                        let parts = match given.place {
                            Place::Segments => value.split('/').collect(),
                            _ => vec![value.as_str()],
                        };
                        let parts = parts.into_iter().map(|part| segment(given.name, part));
                        let segment = parts.collect::<Result<Vec<_>, _>>()?.join("/");
                        filled = filled.replace(&format!("{{{}}}", given.name), &segment);
                    }
                    Place::Query => query.push((given.name, value)),
                    Place::Header => headers.push((given.name, value)),
                }
            }
            let mut url = Url::parse(&format!("{base}{filled}"))
                .map_err(|error| format!("`{filled}` leads nowhere: {error}"))?;
            if !query.is_empty() {
                url.query_pairs_mut().extend_pairs(query);
            }
            Ok(Call {
                operation: Some((id, method, path)),
                method,
                url: url.into(),
                headers,
                credential: true,
            })
        }
        Target::Address { at, method, hosts } => {
            let address = value(*at, known).ok_or("the service has given no address")?;
            let url = resolve(base, &address).ok_or("the service has given no proper address")?;
            Ok(Call {
                operation: None,
                method,
                credential: may_know(base, &url, hosts),
                url: url.into(),
                headers: Vec::new(),
            })
        }
    }
}

/// Makes a request that the service keeps open.
pub(crate) fn held(mut call: Call, hold: &Hold, limit: std::time::Duration) -> Call {
    let (name, place) = hold.parameter;
    let value = format!("{}{}", hold.prefix, hint::write(limit, hold.unit));
    match place {
        Place::Header => call.headers.push((name, value)),
        Place::Path | Place::Segments | Place::Query => {
            if let Ok(mut url) = Url::parse(&call.url) {
                url.query_pairs_mut().append_pair(name, &value);
                call.url = url.into();
            }
        }
    }
    call
}

/// Resolves an address against the origin of the API: a host-relative one is at the same host.
pub(crate) fn resolve(base: &str, address: &str) -> Option<Url> {
    let url = Url::parse(base).ok()?.join(address.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

/// Whether the credential may go to an address: to the origin of the API, and by a secure connection
/// to the hosts that the waiter names.
fn may_know(base: &str, url: &Url, hosts: &[&str]) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let named = |wanted: &&str| match wanted.strip_prefix("*.") {
        Some(domain) => host
            .strip_suffix(domain)
            .is_some_and(|below| below.len() > 1 && below.ends_with('.')),
        None => host == *wanted,
    };
    let is_base = Url::parse(base).is_ok_and(|base| base.origin() == url.origin());
    is_base || (url.scheme() == "https" && url.port().is_none() && hosts.iter().any(named))
}

fn value(from: Value, known: Known<'_>) -> Option<String> {
    let found = match from {
        Value::Part(name) => (known.part)(name),
        Value::Look(at) => path::text(known.look?, at),
        Value::Text(text) => Some(text.to_owned()),
    };
    found.filter(|text| !text.is_empty())
}

/// Encodes a segment of a path.
fn segment(name: &str, value: &str) -> Result<String, String> {
    if matches!(value, "" | "." | "..") {
        return Err(format!(
            "`{name}` must not be empty, `.` or `..`: it is part of the address"
        ));
    }
    Ok(utf8_percent_encode(value, SEGMENT).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_goes_to_the_api_and_to_named_hosts_over_tls() {
        let base = "https://api.example.com/v1";
        for (address, expected) in [
            ("/v2/jobs/7", true),
            ("https://api.example.com/jobs/7", true),
            ("https://eu1.bfl.ai/get?id=7", true),
            ("https://bfl.ai/get?id=7", false),
            ("https://evilbfl.ai/get", false),
            ("https://bfl.ai.evil.example/get", false),
            ("http://eu1.bfl.ai/get", false),
            ("https://eu1.bfl.ai:8443/get", false),
            ("http://api.example.com/jobs/7", false),
            ("https://elsewhere.example/7", false),
        ] {
            let url = resolve(base, address).unwrap();
            assert_eq!(may_know(base, &url, &["*.bfl.ai"]), expected, "{address}");
        }
        assert_eq!(resolve(base, "file:///etc/passwd"), None);
        assert_eq!(resolve(base, "javascript:alert(1)"), None);
    }
}
