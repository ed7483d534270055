//! How a client is made.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use super::body::MAX_REPLY;
use super::credentials::Credentials;
use super::http::{Http, Inner};
use super::response::ENDLESS;
use super::{Auth, Error, Hook, Retry};

/// Time-outs for a client that its user did not make.
const TIMEOUT: Duration = Duration::from_secs(120);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Makes an [`Http`].
#[must_use = "a builder does nothing until `build`"]
pub struct HttpBuilder {
    base_url: String,
    credentials: Credentials,
    hooks: Vec<Arc<dyn Hook>>,
    retry: Option<Retry>,
    servers: Vec<(String, String)>,
    client: Option<reqwest::ClientBuilder>,
    user_agent: Option<String>,
    timeout: Duration,
    connect_timeout: Duration,
    max_reply: usize,
}

impl Http {
    /// Starts a transport for the API at a base URL, such as `https://api.example.com`.
    pub fn builder(base_url: impl Into<String>) -> HttpBuilder {
        HttpBuilder::new(base_url.into())
    }
}

impl HttpBuilder {
    fn new(base_url: String) -> Self {
        Self {
            base_url,
            credentials: Credentials::default(),
            hooks: Vec::new(),
            retry: None,
            servers: Vec::new(),
            client: None,
            user_agent: None,
            timeout: TIMEOUT,
            connect_timeout: CONNECT_TIMEOUT,
            max_reply: MAX_REPLY,
        }
    }

    /// Sets the secret of the account: a bearer token or an API key, whichever an operation asks for.
    /// Without one, requests carry no credential.
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.credentials.token = Some(token.into());
        self
    }

    /// Sets the secret of one security scheme, by its name in the contract, where there are several.
    pub fn key(mut self, scheme: impl Into<String>, key: impl Into<SecretString>) -> Self {
        self.credentials.keys.push((scheme.into(), key.into()));
        self
    }

    /// Sets a user's name and password, for operations that ask for them.
    pub fn basic(mut self, user: impl Into<String>, password: impl Into<SecretString>) -> Self {
        self.credentials.basic = Some((user.into(), password.into()));
        self
    }

    /// Sets the client's own name and secret, with which it fetches its tokens (OAuth 2, client
    /// credentials), and renews them before they end.
    pub fn client_credentials(
        mut self,
        id: impl Into<String>,
        secret: impl Into<SecretString>,
    ) -> Self {
        self.credentials.client = Some((id.into(), secret.into()));
        self
    }

    /// Sets what gives requests a credential of another kind.
    pub fn auth(mut self, auth: impl Auth) -> Self {
        self.credentials.auth = Some(Arc::new(auth));
        self
    }

    /// Adds a hook that sees every request and every reply; they are called in the order in which they
    /// are added.
    pub fn hook(mut self, hook: impl Hook) -> Self {
        self.hooks.push(Arc::new(hook));
        self
    }

    /// Repeats requests that change nothing twice; never, unless told.
    pub fn retry(mut self, policy: Retry) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Puts another address in place of a server that the contract names for single operations.
    pub fn server(mut self, address: impl Into<String>, other: impl Into<String>) -> Self {
        self.servers.push((address.into(), other.into()));
        self
    }

    /// Sets the `User-Agent` header.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = Some(name.into());
        self
    }

    /// Sets how long one request may take, its reply included; 120 s unless told. A reply that is a stream
    /// may take longer, but not be silent for longer.
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
        self.credentials.check()?;
        let client = self.client.unwrap_or_default();
        // A browser has a name of its own, and no such settings.
        #[cfg(not(target_family = "wasm"))]
        let client = {
            let client = match &self.user_agent {
                Some(name) => client.user_agent(name),
                None => client,
            };
            client
                .timeout(self.timeout)
                .read_timeout(self.timeout)
                .connect_timeout(self.connect_timeout)
                .redirect(reqwest::redirect::Policy::none())
        };
        let inner = Inner {
            base_url,
            base: Some(url),
            client: client.build()?,
            credentials: self.credentials,
            hooks: self.hooks,
            retry: self.retry,
            servers: self.servers,
            max_reply: self.max_reply,
            timeout: cfg!(target_family = "wasm").then_some(self.timeout.min(ENDLESS)),
        };
        Ok(Http {
            inner: Arc::new(inner),
            facts: None,
        })
    }
}

impl fmt::Debug for HttpBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may hold a password, and only `build` refuses that.
        f.debug_struct("HttpBuilder").finish_non_exhaustive()
    }
}
