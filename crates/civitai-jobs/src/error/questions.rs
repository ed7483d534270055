//! Questions about who refused what, and for which reason.

use reqwest::StatusCode;

use super::{Error, Kind, Transfer, moderation, proxy};
use crate::saved::SavedFile;

/// Characters of a reply that an error shows.
const LONGEST_EXCERPT: usize = 500;

impl Error {
    /// Returns whether the request or the set-up was wrong, so that nothing was sent.
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        match &*self.0 {
            Kind::Fields(_) | Kind::Setup { .. } => true,
            Kind::Call { source, .. } => source.is_invalid(),
            _ => false,
        }
    }

    /// Returns whether the service was not reached, or was and did not answer.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        let answer = match &*self.0 {
            Kind::Gone(_) => None,
            _ => self.api_error(),
        };
        answer.is_some_and(|error| !error.is_invalid() && error.status().is_none())
    }

    /// Returns whether a web page came in place of a reply: the address is not that of the API, or a
    /// proxy stands in between.
    #[must_use]
    pub fn is_web_page(&self) -> bool {
        matches!(&*self.0, Kind::Page { .. }) || self.api_error().is_some_and(proxy::is_web_page)
    }

    /// Returns the code of the proxy in front of the service, where that answered in its place: a
    /// status from 520 to 530, or a code on its page, such as 1015 (too many requests) and 1020
    /// (denied).
    #[must_use]
    pub fn proxy_code(&self) -> Option<u16> {
        self.api_error().and_then(proxy::code)
    }

    /// Returns whether the service refused what the request asks to show. Sending it again changes
    /// nothing.
    ///
    /// The service has no code for this; it is read from the words of the refusal.
    #[must_use]
    pub fn is_moderation(&self) -> bool {
        self.api_error().is_some_and(moderation::is_refusal)
    }

    /// Returns whether the token was refused, by the service and not by a proxy.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
        self.api_error().is_some_and(|source| {
            source.status().is_some_and(|s| refused.contains(&s))
                && !proxy::answered(source)
                && !moderation::is_refusal(source)
        })
    }

    /// Returns whether the price was more than [the budget](crate::Budget) had left, so that nothing
    /// was submitted.
    #[must_use]
    pub fn is_over_budget(&self) -> bool {
        matches!(&*self.0, Kind::OverBudget(_))
    }

    /// Returns whether an ephemeral workflow has ended, and its record with it. Its results went to
    /// its callbacks and to those who waited.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        match &*self.0 {
            Kind::Gone(_) => true,
            Kind::Unlisted { ephemeral, .. } => *ephemeral,
            _ => false,
        }
    }

    /// Returns the files that were saved before or beside the one that failed.
    #[must_use]
    pub fn saved_files(&self) -> &[SavedFile] {
        match &*self.0 {
            Kind::Save { saved, .. } => saved,
            _ => &[],
        }
    }

    /// Returns the beginning of a reply that could not be read, or of a refusal that is no problem
    /// document. It is part of no message, since it may hold what should not be seen, such as a
    /// signed link.
    #[must_use]
    pub fn body_excerpt(&self) -> Option<String> {
        let source = self
            .api_error()
            .filter(|source| source.problem().is_none())?;
        let body = source.body().filter(|body| !body.is_empty())?;
        // A character takes four bytes at most.
        let start = body.get(..LONGEST_EXCERPT * 4).unwrap_or(body);
        let text = String::from_utf8_lossy(start);
        Some(text.chars().take(LONGEST_EXCERPT).collect())
    }

    /// What went wrong with the transfer of a file, where that is it.
    pub(crate) fn as_transfer(&self) -> Option<&Transfer> {
        match &*self.0 {
            Kind::Transfer(transfer) => Some(transfer),
            _ => None,
        }
    }
}
