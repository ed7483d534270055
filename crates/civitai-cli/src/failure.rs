//! Why the program ends without success: one line, what to do about it, and the exit code.

use std::error::Error as StdError;
use std::fmt;

use civitai_jobs::Error;

use crate::exit;

/// The end of the program without success; `Display` is the line to show.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    what: String,
    advice: Option<String>,
}

impl Failure {
    pub(crate) fn new(code: u8, what: impl Into<String>) -> Self {
        Self {
            code,
            what: what.into(),
            advice: None,
        }
    }

    /// Something that the user typed or set.
    pub(crate) fn input(what: impl Into<String>) -> Self {
        Self::new(exit::INPUT, what)
    }

    /// Something that the system did not allow before anything was sent.
    pub(crate) fn system(what: &str, source: &dyn StdError) -> Self {
        Self::input(format!("{what}: {}", chain(source)))
    }

    /// Arguments that cannot be read, without the usage that follows them.
    pub(crate) fn arguments(error: &clap::Error) -> Self {
        let text = error.to_string();
        let text = text.strip_prefix("error: ").unwrap_or(&text);
        let end = ["\n\nUsage:", "\n\nFor more information"]
            .iter()
            .filter_map(|mark| text.find(mark))
            .min();
        let text = text[..end.unwrap_or(text.len())].replace("\n\n  tip: ", "; ");
        let what = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Self::input(what).advise("see `civitai-jobs --help`")
    }

    /// A call to the service that failed.
    pub(crate) fn call(error: &Error) -> Self {
        let failure = Self::new(code(error), chain(error));
        match failure.code {
            exit::TOKEN => failure.advise("check the token in CIVITAI_API_TOKEN"),
            exit::UNREACHABLE if error.client_key().is_none() || !error.is_outcome_unknown() => {
                failure.advise("check the network and the address of the API")
            }
            _ if error.status() == Some(402) => failure.advise("the account needs more Buzz"),
            _ if error.status() == Some(429) => match error.retry_after() {
                Some(wait) => failure.advise(format!("try again in {} s", wait.as_secs())),
                None => failure.advise("try again in a while"),
            },
            _ => failure,
        }
    }

    /// Replaces the exit code, where the same means more by now.
    pub(crate) fn with_code(mut self, code: u8) -> Self {
        self.code = code;
        self
    }

    /// Replaces what to do.
    pub(crate) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// What is wrong, and what to do about it.
    pub(crate) fn parts(&self) -> (&str, Option<&str>) {
        (&self.what, self.advice.as_deref())
    }

    pub(crate) fn code(&self) -> u8 {
        self.code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Who presses Ctrl-C knows that it was no fault.
        if self.code != exit::INTERRUPTED {
            f.write_str("error: ")?;
        }
        f.write_str(&self.what)?;
        match &self.advice {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

/// The exit code for an error of a call.
fn code(error: &Error) -> u8 {
    if error.is_invalid() {
        exit::INPUT
    } else if error.is_web_page() {
        exit::UNREACHABLE
    } else if error.is_unauthorized() {
        exit::TOKEN
    } else if error.is_outcome_unknown() {
        exit::OPEN
    } else if error.is_unreachable() {
        exit::UNREACHABLE
    } else {
        exit::REFUSED
    }
}

/// The message of an error, of the one behind it and of the first cause; what lies between is the
/// plumbing of libraries.
pub(crate) fn chain(error: &dyn StdError) -> String {
    let mut texts = vec![error.to_string()];
    let mut next = error.source();
    while let Some(error) = next {
        texts.push(error.to_string());
        next = error.source();
    }
    if texts.len() > 3 {
        texts.drain(2..texts.len() - 1);
    }
    texts.join(": ")
}
