//! Questions about who refused a call, and for what.

use reqwest::StatusCode;

use super::{Error, Kind, moderation, proxy};

/// Characters of a reply that an error shows.
const LONGEST_EXCERPT: usize = 500;

impl Error {
    /// Whether a web page came in place of a reply: the address is not that of the API, or a proxy
    /// stands in between.
    #[must_use]
    pub fn is_web_page(&self) -> bool {
        matches!(&*self.0, Kind::Page { .. }) || self.api().is_some_and(proxy::is_web_page)
    }

    /// The code of the proxy in front of the service, where that answered in its place: a status
    /// from 520 to 530, or a code on its page, such as 1015 (too many requests) and 1020 (denied).
    #[must_use]
    pub fn proxy_code(&self) -> Option<u16> {
        self.api().and_then(proxy::code)
    }

    /// Whether the service refused what the request asks to show. Sending it again changes nothing.
    ///
    /// The service has no code for this; it is read from the words of the refusal.
    #[must_use]
    pub fn is_moderation(&self) -> bool {
        self.api().is_some_and(moderation::is_refusal)
    }

    /// Whether the token was refused, by the service and not by a proxy.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
        self.api().is_some_and(|source| {
            source.status().is_some_and(|s| refused.contains(&s))
                && !proxy::answered(source)
                && !moderation::is_refusal(source)
        })
    }

    /// The beginning of a reply that could not be read, or of a refusal that is no problem
    /// document. It is part of no message, since it may hold what should not be seen, such as a
    /// signed link.
    #[must_use]
    pub fn body_excerpt(&self) -> Option<String> {
        let source = self.api().filter(|source| source.problem().is_none())?;
        let body = source.body().filter(|body| !body.is_empty())?;
        // A character takes four bytes at most.
        let start = body.get(..LONGEST_EXCERPT * 4).unwrap_or(body);
        let text = String::from_utf8_lossy(start);
        Some(text.chars().take(LONGEST_EXCERPT).collect())
    }

    /// The error of the low-level client behind this one.
    pub(super) fn api(&self) -> Option<&civitai_api::Error> {
        match &*self.0 {
            Kind::Call { source, .. } => Some(source),
            Kind::Unsettled(unsettled) => unsettled.answer.as_ref(),
            Kind::Workflow(trouble) => trouble.below().and_then(Self::api),
            _ => None,
        }
    }
}
