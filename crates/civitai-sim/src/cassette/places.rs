//! Where links lead: for the client to the two addresses of the cassette, for the service to itself, and in
//! the file to neither.
//!
//! A cassette writes `{api}/path` for a link to the service, and `{storage}/https/host/path` for one to
//! another host, so that it can be played on any port.

use std::collections::HashSet;

use serde_json::Value;

use super::strings::change;

const API: &str = "{api}";
const STORAGE: &str = "{storage}";
/// Links and hosts that are remembered; whatever comes behind them is passed on as it is.
const KEPT: usize = 100_000;

/// The addresses of a cassette.
#[derive(Clone, Debug)]
pub(super) struct Places {
    pub(super) api: String,
    pub(super) storage: String,
}

/// What a recording knows of the links that went by.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// Scheme and host of links in replies, as in `https/host`.
    hosts: HashSet<String>,
    /// Links that the client brought along, and gets back as they were.
    brought: HashSet<String>,
}

impl Places {
    /// Writes the client's links to this cassette as the file has them.
    pub(super) fn take_from_client(&self, value: &mut Value) {
        change(value, &mut |text| {
            begins(text, &self.api)
                .map(|rest| format!("{API}{rest}"))
                .or_else(|| begins(text, &self.storage).map(|rest| format!("{STORAGE}{rest}")))
        });
    }

    /// Writes links of the file for the client.
    pub(super) fn give_to_client(&self, value: &mut Value) {
        change(value, &mut |text| self.for_client(text));
    }

    /// One link of the file for the client; nothing where it is none.
    pub(super) fn for_client(&self, text: &str) -> Option<String> {
        begins(text, API)
            .map(|rest| format!("{}{rest}", self.api))
            .or_else(|| begins(text, STORAGE).map(|rest| format!("{}{rest}", self.storage)))
    }
}

/// Writes links of the file for the service, and says whether there were any.
pub(super) fn give_to_service(value: &mut Value, upstream: &str) -> bool {
    let mut changed = false;
    change(value, &mut |text| {
        let link = begins(text, API)
            .map(|rest| format!("{upstream}{rest}"))
            .or_else(|| begins(text, STORAGE).and_then(stored));
        changed |= link.is_some();
        link
    });
    changed
}

/// The link that a path of the storage address stands for, such as `/https/host/path?query`.
pub(super) fn stored(path: &str) -> Option<String> {
    let (scheme, rest) = path.strip_prefix('/')?.split_once('/')?;
    let is_web = matches!(scheme, "http" | "https");
    (is_web && !rest.starts_with('/')).then(|| format!("{scheme}://{rest}"))
}

impl Shown {
    /// Notes the links that a client brings along.
    pub(super) fn bring(&mut self, value: &mut Value) {
        change(value, &mut |text| {
            if split(text).is_some() && self.brought.len() < KEPT {
                self.brought.insert(text.to_owned());
            }
            None
        });
    }

    /// Writes the links of a reply as the file has them.
    pub(super) fn take_of_service(&mut self, value: &mut Value, upstream: &str) {
        change(value, &mut |text| self.of_service(text, upstream));
    }

    /// One link of the service as the file has it; nothing where it is none, or the client brought it.
    pub(super) fn of_service(&mut self, text: &str, upstream: &str) -> Option<String> {
        if let Some(rest) = begins(text, upstream) {
            return Some(format!("{API}{rest}"));
        }
        let (scheme, host, rest) = split(text)?;
        let place = format!("{scheme}/{host}");
        if self.brought.contains(text) || self.hosts.len() >= KEPT {
            return None;
        }
        self.hosts.insert(place.clone());
        Some(format!("{STORAGE}/{place}{rest}"))
    }

    /// Whether a reply has had a link to the host of this path of the storage address.
    pub(super) fn has_shown(&self, path: &str) -> bool {
        let mut parts = path.splitn(4, '/').skip(1);
        let (Some(scheme), Some(host)) = (parts.next(), parts.next()) else {
            return false;
        };
        self.hosts.contains(&format!("{scheme}/{host}"))
    }
}

/// What stands behind an address at the beginning of a link.
fn begins<'a>(text: &'a str, address: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(address)?;
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some(rest)
}

/// Scheme, host and rest of a text that is a link and nothing else.
fn split(text: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    if !matches!(scheme, "http" | "https") || rest.contains(char::is_whitespace) {
        return None;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, rest) = rest.split_at(end);
    (!host.is_empty() && !host.contains('@')).then_some((scheme, host, rest))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn links_lead_to_the_cassette_and_back() {
        let upstream = "https://service.example";
        let places = Places {
            api: "http://127.0.0.1:1".to_owned(),
            storage: "http://127.0.0.1:2".to_owned(),
        };
        let mut shown = Shown::default();
        shown.bring(&mut json!({"image": "https://mine.example/a.png"}));
        let reply = json!({
            "own": "https://service.example/v2/blobs/A?sig=1",
            "other": "https://files.example:8443/a%2Fb.png?x=1",
            "mine": "https://mine.example/a.png",
            "text": "see https://files.example/ for more",
            "longer": "https://service.example.evil/",
        });
        let mut value = reply.clone();
        shown.take_of_service(&mut value, upstream);
        assert_eq!(
            value,
            json!({
                "own": "{api}/v2/blobs/A?sig=1",
                "other": "{storage}/https/files.example:8443/a%2Fb.png?x=1",
                "mine": "https://mine.example/a.png",
                "text": "see https://files.example/ for more",
                "longer": "{storage}/https/service.example.evil/",
            })
        );
        assert!(shown.has_shown("/https/files.example:8443/other.png"));
        assert!(!shown.has_shown("/https/mine.example/a.png"));
        assert!(!shown.has_shown("/https"));
        let in_the_file = value.clone();
        places.give_to_client(&mut value);
        assert_eq!(value["own"], "http://127.0.0.1:1/v2/blobs/A?sig=1");
        places.take_from_client(&mut value);
        assert_eq!(value, in_the_file);
        assert!(give_to_service(&mut value, upstream));
        assert_eq!(value, reply);
    }

    #[test]
    fn a_path_of_storage_is_one_link_or_none() {
        assert_eq!(
            stored("/https/files.example/a?b=c").as_deref(),
            Some("https://files.example/a?b=c")
        );
        for path in ["/file/etc/passwd", "/https", "/", "", "/https//a"] {
            assert_eq!(stored(path), None, "{path}");
        }
    }
}
