//! Replies of the proxy in front of the service: its pages, and its codes.

use reqwest::header::{CONTENT_TYPE, HeaderMap};

use crate::net;

/// Longest part of a page that is searched for a code; it stands at the front.
const SEARCHED: usize = 16 << 10;
/// What the code follows: in a reply for programs, in the title of a page, and in its markup.
const BEFORE_CODE: [&str; 3] = ["error code: ", "error ", "cf-error-code\">"];
/// Too many requests, and a request that a rule denies; there are more, which need no telling apart.
const CODES: std::ops::RangeInclusive<u16> = 1000..=1299;

/// Whether a web page came in place of JSON.
pub(super) fn is_web_page(error: &civitai_api::Error) -> bool {
    let body = error.body().map(|body| &body[..]).unwrap_or_default();
    net::is_web_page(error.headers().map(media_type).unwrap_or_default(), body)
}

/// The proxy's own code, where it answered in place of the service: a status from 520 to 530, or
/// the code on its page.
pub(super) fn code(error: &civitai_api::Error) -> Option<u16> {
    let on_page = || {
        let body = error.body().filter(|_| error.problem().is_none())?;
        code_in(body)
    };
    match error.status()?.as_u16() {
        status @ 520..=527 => Some(status),
        // This one only says that the page holds a code.
        530 => Some(on_page().unwrap_or(530)),
        _ => on_page(),
    }
}

/// Whether the proxy and not the service turned a request away.
pub(super) fn answered(error: &civitai_api::Error) -> bool {
    let challenged = |headers: &HeaderMap| headers.contains_key("cf-mitigated");
    code(error).is_some() || is_web_page(error) || error.headers().is_some_and(challenged)
}

/// Whether headers announce a web page.
pub(crate) fn is_html(headers: &HeaderMap) -> bool {
    net::is_web_page(media_type(headers), &[])
}

fn media_type(headers: &HeaderMap) -> &str {
    let value = headers.get(CONTENT_TYPE);
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn code_in(body: &[u8]) -> Option<u16> {
    let text = String::from_utf8_lossy(body.get(..SEARCHED).unwrap_or(body)).to_ascii_lowercase();
    BEFORE_CODE.iter().find_map(|before| {
        let codes = text.split(before).skip(1).filter_map(|after| {
            let end = after.find(|c: char| !c.is_ascii_digit());
            let code = after.get(..end.unwrap_or(after.len()))?.parse().ok()?;
            CODES.contains(&code).then_some(code)
        });
        codes.into_iter().next()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_where_the_proxy_puts_it() {
        for (body, code) in [
            ("error code: 1015", Some(1015)),
            ("error code: 1020\n", Some(1020)),
            ("<title>Access denied | Error 1020</title>", Some(1020)),
            ("<span class=\"cf-error-code\">1015</span>", Some(1015)),
            ("<p>Error 404</p><p>Error 1009</p>", Some(1009)),
            ("error code: 99999999999", None),
            ("error ", None),
            ("1015", None),
            ("", None),
        ] {
            assert_eq!(code_in(body.as_bytes()), code, "{body}");
        }
        let far = format!("{}error code: 1015", " ".repeat(SEARCHED));
        assert_eq!(code_in(far.as_bytes()), None);
    }
}
