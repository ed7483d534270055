//! Making a client: from parts, or from the environment.

use std::env::VarError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use civitai_api::{BASE_URL, Http, TOKEN_VARIABLE, v1};
use job_watch::{Clock, Estimates, Throttle, UsualClock, WatchPolicy};
use secrecy::SecretString;
use url::Url;

use super::{Client, Inner};
use crate::net::{Connections, USER_AGENT, is_loopback};
#[cfg(feature = "workflows")]
use crate::uploads::Uploads;
use crate::{Error, Observer, SubmitPolicy};

/// Polls of all watches of one client in a second, at most.
const POLLS_PER_SECOND: u32 = 100;
const NO_TOKEN: &str = "there is no API token; make one on civitai.com under account settings and put it into \
                        the environment variable CIVITAI_API_TOKEN";
/// The environment variable that may name another address of the API.
const BASE_URL_VARIABLE: &str = "CIVITAI_BASE_URL";
/// Pictures take some MiB and clips some hundred; a trained model stays below this.
const LARGEST_FILE: u64 = 16 << 30;

/// Builds a [`Client`].
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder {
    token: Option<SecretString>,
    base_url: String,
    timeout: Option<Duration>,
    connect_timeout: Option<Duration>,
    policy: WatchPolicy,
    submit_policy: SubmitPolicy,
    estimates: Estimates,
    clock: Arc<dyn Clock>,
    largest_file: u64,
    observer: Option<Arc<dyn Observer>>,
}

impl ClientBuilder {
    pub(super) fn new() -> Self {
        Self {
            token: None,
            base_url: BASE_URL.to_owned(),
            timeout: None,
            connect_timeout: None,
            policy: WatchPolicy::default(),
            submit_policy: SubmitPolicy::default(),
            estimates: Estimates::new(),
            clock: Arc::new(UsualClock),
            largest_file: LARGEST_FILE,
            observer: None,
        }
    }

    /// Sets the API token; there is no client without one.
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Sets the address of the API. Default: that of the service.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Sets how long one call may take, its reply included. Default: 120 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets how long making a connection may take. Default: 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// Sets the policy of the watches of this client; a watch can still be given its own.
    pub fn watch_policy(mut self, policy: WatchPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets how submissions without a clear answer are followed up, on both APIs.
    pub fn submit_policy(mut self, policy: SubmitPolicy) -> Self {
        self.submit_policy = policy;
        self
    }

    /// Sets the clock that pauses and time limits go by, for tests without waiting. Default: that of the
    /// tokio runtime, or of the browser.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Sets what is known of how long jobs (v1) take, such as from an earlier run. The client goes on
    /// learning from the watches that end. Default: nothing.
    pub fn estimates(mut self, estimates: Estimates) -> Self {
        self.estimates = estimates;
        self
    }

    /// Sets the largest file that is fetched, in bytes. Default: 16 GiB.
    pub fn largest_file(mut self, bytes: u64) -> Self {
        self.largest_file = bytes;
        self
    }

    /// Sets an observer that is told of requests, polls and bytes; [`Counters`](crate::Counters) counts them.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Creates the client; nothing is sent.
    ///
    /// # Errors
    ///
    /// There is no token or none that a header can carry, the address is no `http` or `https` one,
    /// or TLS cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        let Some(token) = self.token else {
            return Err(Error::setup(NO_TOKEN, None));
        };
        let direct = Url::parse(&self.base_url).is_ok_and(|url| is_loopback(&url));
        let connections = Connections::new(direct).map_err(unmade)?;
        let mut http = Http::builder(self.base_url)
            .client(connections.builder())
            .user_agent(USER_AGENT)
            .token(token);
        if let Some(timeout) = self.timeout {
            http = http.timeout(timeout);
        }
        if let Some(timeout) = self.connect_timeout {
            http = http.connect_timeout(timeout);
        }
        let http = http.build().map_err(unmade)?;
        let storage = connections.storage(USER_AGENT).map_err(unmade)?;
        Ok(Client {
            inner: Arc::new(Inner {
                #[cfg(feature = "workflows")]
                api_v2: civitai_api::v2::Client::new(http.clone()),
                #[cfg(feature = "workflows")]
                uploads: Uploads::default(),
                api: v1::Client::new(http),
                storage,
                policy: self.policy,
                submit_policy: self.submit_policy,
                throttle: Throttle::per_second(POLLS_PER_SECOND),
                estimates: self.estimates,
                clock: self.clock,
                largest_file: self.largest_file,
                observer: self.observer,
            }),
        })
    }

    /// Reads the settings that the environment has to give.
    pub(super) fn from_variables(
        read: impl Fn(&'static str) -> Result<String, VarError>,
    ) -> Result<Self, FromEnvError> {
        let variable = |name| match read(name) {
            Ok(text) if text.trim().is_empty() => Ok(None),
            Ok(text) => Ok(Some(text)),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err(FromEnvError::NotText { name }),
        };
        let token = variable(TOKEN_VARIABLE)?.ok_or(FromEnvError::NoToken)?;
        let builder = Self::new().token(token);
        Ok(match variable(BASE_URL_VARIABLE)? {
            Some(url) => builder.base_url(url),
            None => builder,
        })
    }
}

fn unmade(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::setup("the client cannot be made", Some(Box::from(error)))
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may hold a password, and only `build` refuses that.
        f.debug_struct("ClientBuilder").finish_non_exhaustive()
    }
}

/// Why the environment gives no client.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum FromEnvError {
    /// `CIVITAI_API_TOKEN` is not set or blank.
    #[error("{NO_TOKEN}")]
    NoToken,
    /// A variable holds something else than text.
    #[error("{name} is not valid Unicode")]
    #[non_exhaustive]
    NotText {
        /// The name of the variable.
        name: &'static str,
    },
    /// The values are there and make no client.
    #[error("{TOKEN_VARIABLE} or {BASE_URL_VARIABLE} cannot be used: {0}")]
    Unusable(Error),
}

/// The same line as the message, for a `main` that returns it.
impl fmt::Debug for FromEnvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(token: Option<&str>, url: Option<&str>) -> Result<Client, FromEnvError> {
        let builder = ClientBuilder::from_variables(|name| {
            let value = if name == TOKEN_VARIABLE { token } else { url };
            value.map(str::to_owned).ok_or(VarError::NotPresent)
        })?;
        builder.build().map_err(FromEnvError::Unusable)
    }

    #[test]
    fn the_environment_gives_a_client_or_says_what_is_missing() {
        for token in [None, Some(""), Some("  ")] {
            assert!(matches!(made(token, None), Err(FromEnvError::NoToken)));
        }
        for (token, url) in [
            ("secret-1", Some("ftp://127.0.0.1")),
            ("secret-1", Some("no address")),
            ("secret-1", Some("http://user:secret-2@host:99999")),
            ("secret\n1", None),
        ] {
            let error = made(Some(token), url).unwrap_err();
            assert!(matches!(error, FromEnvError::Unusable(_)), "{error:?}");
            assert!(!format!("{error:?}").contains("secret"));
        }
        for url in [None, Some(" "), Some("http://127.0.0.1:9")] {
            let client = made(Some("secret-1"), url).unwrap();
            assert!(!format!("{client:?}").contains("secret"));
        }
        let builder = Client::builder()
            .token("secret-1")
            .base_url("http://a:secret-2@b");
        assert!(!format!("{builder:?}").contains("secret"));
    }
}
