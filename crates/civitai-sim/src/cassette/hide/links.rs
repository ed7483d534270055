//! Secrets in links: signatures, tokens, passwords, and sealed names in paths.

use super::names::{is_signature, is_token};
use super::{HIDDEN, stand_in};

/// Letters of a part of a path that may be a sealed name.
const SEALED_FROM: usize = 64;
const BEGINNINGS: [&str; 4] = ["https://", "http://", "{api}/", "{storage}/"];

/// Hides what is secret in every link of a text.
pub(super) fn hide_links(text: &str) -> String {
    let mut hidden = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = BEGINNINGS.iter().filter_map(|b| rest.find(b)).min() {
        let (before, link) = rest.split_at(start);
        let end = link.find(ends).unwrap_or(link.len());
        let (link, behind) = link.split_at(end);
        hidden += before;
        hidden += &hide_link(link);
        rest = behind;
    }
    hidden + rest
}

/// Whether a link cannot go on with this.
fn ends(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`' | '\\' | ')' | ']')
}

fn hide_link(link: &str) -> String {
    let (place, query) = match link.split_once('?') {
        Some((place, query)) => (place, Some(query)),
        None => (link, None),
    };
    let (scheme, rest) = match place.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), place),
    };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = match host.rsplit_once('@') {
        Some((_, host)) => format!("{HIDDEN}@{host}"),
        None => host.to_owned(),
    };
    let query = query.map_or_else(String::new, |query| format!("?{}", hide_query(query)));
    format!("{scheme}{host}{}{query}", hide_path(path))
}

/// Hides the sealed names in a path.
pub(in crate::cassette) fn hide_path(path: &str) -> String {
    let parts: Vec<String> = path.split('/').map(hide_part).collect();
    parts.join("/")
}

/// A part of a path; what is sealed keeps the ending of its file.
fn hide_part(part: &str) -> String {
    let is_open = part.len() < SEALED_FROM
        // The name of a model has colons, and the hash of a file digits alone.
        || part.contains(':')
        || part.to_ascii_lowercase().contains("%3a")
        || part.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_open {
        return part.to_owned();
    }
    let ending = part.rsplit_once('.').map(|(_, ending)| ending);
    let is_ending = |ending: &&str| {
        (1..=5).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let ending = ending.filter(is_ending);
    let ending = ending.map_or_else(String::new, |ending| format!(".{ending}"));
    format!("{}{ending}", stand_in(part))
}

/// Hides the tokens and signatures in a query.
pub(in crate::cassette) fn hide_query(query: &str) -> String {
    let pairs = query.split('&').map(|pair| {
        let Some((name, value)) = pair.split_once('=') else {
            return pair.to_owned();
        };
        if is_signature(name) {
            return format!("{name}={HIDDEN}");
        }
        if is_token(name) {
            return format!("{name}={}", stand_in(&decoded(value)));
        }
        pair.to_owned()
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// A value as a body has it, whatever the client has escaped.
fn decoded(value: &str) -> String {
    let pair = format!("a={value}");
    let mut pairs = url::form_urlencoded::parse(pair.as_bytes());
    pairs
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lose_what_opens_them_and_keep_what_names_them() {
        let sealed = "x".repeat(70);
        for (link, hidden) in [
            (
                "https://a.example/b.png?width=450&X-Amz-Date=1&X-Amz-Signature=abc",
                "https://a.example/b.png?width=450&X-Amz-Date=hidden&X-Amz-Signature=hidden"
                    .to_owned(),
            ),
            (
                "see https://u:p@a.example/x?sig=1 or <http://b.example>",
                "see https://hidden@a.example/x?sig=hidden or <http://b.example>".to_owned(),
            ),
            (
                &format!("{{storage}}/https/a.example/{sealed}.png"),
                format!(
                    "{{storage}}/https/a.example/{}.png",
                    stand_in(&format!("{sealed}.png"))
                ),
            ),
            (
                &format!("/blobs/{}", "A7".repeat(32)),
                format!("/blobs/{}", "A7".repeat(32)),
            ),
            ("no link, token=abc", "no link, token=abc".to_owned()),
        ] {
            assert_eq!(hide_links(link), hidden);
            assert_eq!(hide_links(&hidden), hidden);
        }
        assert_eq!(
            hide_query("token=a%2Bb"),
            format!("token={}", stand_in("a+b"))
        );
    }
}
