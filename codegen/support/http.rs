//! The transport of a client: where the API is, who asks, and how long and how much it may answer.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};

use super::{Error, Operation};

/// Time-outs for a client that its user did not make: the service cuts a request after 100 s.
const TIMEOUT: Duration = Duration::from_secs(120);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A reply is JSON of some kilobytes; a page of a hundred workflows stays well below this.
const MAX_REPLY: usize = 64 << 20;

/// The transport behind a generated client. Cheap to clone; clones share connections.
///
/// The token goes into the `Authorization` header of requests to the base URL and nowhere else:
/// redirects are not followed, and no output of this type shows it.
#[derive(Clone)]
pub struct Http {
    inner: Arc<Inner>,
}

struct Inner {
    base_url: String,
    client: reqwest::Client,
    token: Option<SecretString>,
    max_reply: usize,
}

impl Http {
    /// Starts a transport for the API at a base URL, such as `https://api.example.com`.
    pub fn builder(base_url: impl Into<String>) -> HttpBuilder {
        HttpBuilder {
            base_url: base_url.into(),
            token: None,
            client: None,
            user_agent: None,
            timeout: TIMEOUT,
            connect_timeout: CONNECT_TIMEOUT,
            max_reply: MAX_REPLY,
        }
    }

    /// Returns the base URL, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.inner.base_url
    }

    /// Returns the connection pool. It carries no credential.
    pub fn client(&self) -> &reqwest::Client {
        &self.inner.client
    }

    /// Sends a request of a generated method.
    pub(crate) async fn send(
        &self,
        mut request: reqwest::Request,
        operation: &Operation,
    ) -> Result<reqwest::Response, Error> {
        if let Some(token) = &self.inner.token {
            let text = format!("Bearer {}", token.expose_secret());
            let mut value = HeaderValue::try_from(text).map_err(|_| Error::invalid_token())?;
            value.set_sensitive(true);
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        self.send_bare(request, operation).await
    }

    /// Sends a request as it is. One with a signature in its address, or to another host, goes this
    /// way: the token has no business there.
    pub(crate) async fn send_bare(
        &self,
        request: reqwest::Request,
        operation: &Operation,
    ) -> Result<reqwest::Response, Error> {
        let method = request.method().clone();
        let mut response = match self.inner.client.execute(request).await {
            Ok(response) => response,
            Err(error) => {
                // The address may hold a token in its query; it stays out of logs and errors.
                let error = error.without_url();
                tracing::debug!(operation = operation.id, %method, %error, "not answered");
                return Err(error.into());
            }
        };
        tracing::debug!(operation = operation.id, %method, status = response.status().as_u16(), "answered");
        response
            .extensions_mut()
            .insert(MaxReply(self.inner.max_reply));
        Ok(response)
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http")
            .field("base_url", &self.inner.base_url)
            .field("token", &self.inner.token.as_ref().map(|_| "hidden"))
            .finish_non_exhaustive()
    }
}

/// The largest reply body that is read, in bytes.
#[derive(Clone, Copy)]
pub(super) struct MaxReply(pub(super) usize);

impl Default for MaxReply {
    fn default() -> Self {
        Self(MAX_REPLY)
    }
}

/// Makes an [`Http`].
#[must_use = "a builder does nothing until `build`"]
pub struct HttpBuilder {
    base_url: String,
    token: Option<SecretString>,
    client: Option<reqwest::ClientBuilder>,
    user_agent: Option<String>,
    timeout: Duration,
    connect_timeout: Duration,
    max_reply: usize,
}

impl HttpBuilder {
    /// Sets the bearer token. Without one, requests carry no credential.
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Sets the `User-Agent` header.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = Some(name.into());
        self
    }

    /// Sets how long one request may take, its reply included; 120 s unless told.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how long making a connection may take; 10 s unless told.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets the largest reply that is read, in bytes; 64 MiB unless told.
    pub fn max_reply(mut self, bytes: usize) -> Self {
        self.max_reply = bytes;
        self
    }

    /// Brings a connection pool prepared by the caller: its own proxy, TLS or DNS. Time-outs, user
    /// agent and redirects are still set from here.
    pub fn client(mut self, client: reqwest::ClientBuilder) -> Self {
        self.client = Some(client);
        self
    }

    /// Makes the transport.
    ///
    /// # Errors
    ///
    /// A base URL that is no `http` or `https` address or holds a password, a token that no header
    /// can carry, or a TLS set-up that fails.
    pub fn build(self) -> Result<Http, Error> {
        let base_url = self.base_url.trim_end_matches('/').to_owned();
        let url = reqwest::Url::parse(&base_url).map_err(Error::invalid_base_url)?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(Error::unusable_base_url(
                "it must begin with https:// or http:// and name a host",
            ));
        }
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
            return Err(Error::unusable_base_url(
                "it must hold no user, password or query",
            ));
        }
        if let Some(token) = &self.token {
            let text = token.expose_secret();
            if text.trim().is_empty() || HeaderValue::try_from(text).is_err() {
                return Err(Error::invalid_token());
            }
        }
        let mut client = self.client.unwrap_or_default();
        if let Some(name) = &self.user_agent {
            client = client.user_agent(name);
        }
        let client = client
            .timeout(self.timeout)
            .connect_timeout(self.connect_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let inner = Inner {
            base_url,
            client,
            token: self.token,
            max_reply: self.max_reply,
        };
        Ok(Http {
            inner: Arc::new(inner),
        })
    }
}

impl fmt::Debug for HttpBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may hold a password, and only `build` refuses that.
        f.debug_struct("HttpBuilder").finish_non_exhaustive()
    }
}
