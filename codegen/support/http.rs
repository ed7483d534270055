//! The transport of a client: where the API is, who asks, and how long and how much it may answer.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Request, Url};

use super::body::{MAX_REPLY, MaxReply};
use super::credentials::Credentials;
use super::envelope::Facts;
use super::response::{Response, execute, local};
use super::retry::Retry;
use super::{Error, Hook, Operation};

/// The transport behind a generated client. Cheap to clone; clones share connections.
///
/// Credentials go into requests to the base URL, and to the servers that the contract names for single
/// operations, and nowhere else: redirects are not followed, and no output of this type shows them.
#[derive(Clone)]
pub struct Http {
    pub(super) inner: Arc<Inner>,
    /// What is known of the contract.
    pub(super) facts: Option<&'static Facts>,
}

pub(super) struct Inner {
    pub(super) base_url: String,
    /// The same, read once.
    pub(super) base: Option<Url>,
    pub(super) client: reqwest::Client,
    pub(super) credentials: Credentials,
    pub(super) hooks: Vec<Arc<dyn Hook>>,
    pub(super) retry: Option<Retry>,
    /// Address of a server in the contract → the one in its place.
    pub(super) servers: Vec<(String, String)>,
    pub(super) max_reply: usize,
    /// How long one request may take, where the connections do not know it.
    pub(super) timeout: Option<Duration>,
}

impl Http {
    /// A transport that leads nowhere, for a request that is not known.
    pub(super) fn nowhere() -> Self {
        let inner = Inner {
            base_url: String::new(),
            base: None,
            client: reqwest::Client::default(),
            credentials: Credentials::default(),
            hooks: Vec::new(),
            retry: None,
            servers: Vec::new(),
            max_reply: MAX_REPLY,
            timeout: None,
        };
        Self {
            inner: Arc::new(inner),
            facts: None,
        }
    }

    /// Says what is known of the contract.
    pub(crate) fn knowing(self, facts: &'static Facts) -> Self {
        Self {
            facts: Some(facts),
            ..self
        }
    }

    /// Returns the operation of a name, or the first one where there is none of that name.
    pub(crate) fn operation(&self, id: &str) -> Operation {
        let known = self.facts.map_or(&[][..], |facts| facts.operations);
        let found = known.iter().find(|operation| operation.id == id);
        let usual = Operation::new("address", "GET", "");
        found.or(known.first()).copied().unwrap_or(usual)
    }

    /// Returns the base URL, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.inner.base_url
    }

    /// Returns the connection pool. It carries no credential.
    pub fn client(&self) -> &reqwest::Client {
        &self.inner.client
    }

    /// Returns the address of an operation's server, without a slash at its end.
    pub(crate) fn server(&self, operation: &Operation) -> String {
        let Some(server) = operation.server else {
            return self.inner.base_url.clone();
        };
        let mut replaced = self.inner.servers.iter();
        let replaced = replaced.find(|(address, _)| address == server.address);
        let address = replaced.map_or_else(|| server.url(), |(_, other)| other.clone());
        // One without a host is at the base URL's.
        let base = self.inner.base.as_ref();
        let joined = base.and_then(|base| base.join(&address).ok());
        let address = joined.map_or(address, String::from);
        address.trim_end_matches('/').to_owned()
    }

    /// Sends a request with its credential to a host that the contract trusts.
    pub(crate) async fn send_trusted(
        &self,
        mut request: Request,
        operation: &Operation,
    ) -> Result<Response, Error> {
        self.add_credential(&mut request, operation).await?;
        self.send_bare(request, operation).await
    }

    /// Sends a request, and once more where the policy says so.
    pub(super) async fn send_again(
        &self,
        request: Request,
        operation: &Operation,
    ) -> Result<Response, Error> {
        let policy = self.inner.retry.as_ref();
        let policy = policy.filter(|_| Retry::covers(request.method()));
        let (mut request, mut number, mut renewed) = (request, 0, false);
        loop {
            // A body that is a stream can be sent once only.
            let may_repeat = policy.is_some() || self.inner.credentials.renews(operation);
            let again = may_repeat.then(|| request.try_clone()).flatten();
            self.authorise(&mut request, operation).await?;
            let outcome = self.send_bare(request, operation).await;
            let Some(again) = again else {
                return outcome;
            };
            request = again;
            if let Ok(response) = &outcome
                && !renewed
                && self.inner.credentials.refused(operation, response.status())
            {
                renewed = true;
                continue;
            }
            let wait = policy.and_then(|policy| Some((policy, policy.wait(number, &outcome)?)));
            let Some((policy, wait)) = wait else {
                return outcome;
            };
            tracing::debug!(operation = operation.id, ?wait, "sent again");
            policy.waited(wait).await;
            number += 1;
        }
    }

    /// Adds the credential that an operation asks for, where the request goes to one of its hosts.
    async fn authorise(&self, request: &mut Request, operation: &Operation) -> Result<(), Error> {
        let goes = request.url();
        let to_base = || {
            let base = self.inner.base.as_ref();
            base.is_some_and(|base| have_one_origin(base, goes))
        };
        let to_server = || {
            let server = operation.server.map(|_| self.server(operation));
            let server = server.and_then(|server| Url::parse(&server).ok());
            server.is_some_and(|server| have_one_origin(&server, goes))
        };
        if !to_base() && !to_server() {
            return Ok(());
        }
        self.add_credential(request, operation).await
    }

    /// Adds the credential that an operation asks for, wherever the request goes.
    async fn add_credential(
        &self,
        request: &mut Request,
        operation: &Operation,
    ) -> Result<(), Error> {
        let Inner {
            credentials,
            client,
            base_url,
            ..
        } = &*self.inner;
        credentials
            .authorise(request, operation, client, base_url)
            .await
    }

    /// Sends a request as it is. One with a signature in its address, or to another host, goes this
    /// way: the token has no business there.
    pub(crate) async fn send_bare(
        &self,
        mut request: Request,
        operation: &Operation,
    ) -> Result<Response, Error> {
        let method = request.method().clone();
        for hook in &self.inner.hooks {
            local(hook.before(&mut request, operation))
                .await
                .map_err(Error::hook)?;
        }
        if request.timeout().is_none() {
            *request.timeout_mut() = self.inner.timeout;
        }
        let outcome = execute(&self.inner.client, request).await;
        let outcome = match outcome {
            Ok(mut response) => {
                tracing::debug!(operation = operation.id, %method, status = response.status().as_u16(), "answered");
                MaxReply(self.inner.max_reply).put(&mut response);
                if let Some(facts) = self.facts {
                    facts.put(&mut response);
                }
                Ok(response)
            }
            Err(error) => {
                // The address may hold a token in its query; it stays out of logs and errors.
                let error = error.without_url();
                tracing::debug!(operation = operation.id, %method, %error, "not answered");
                Err(Error::from(error))
            }
        };
        for hook in &self.inner.hooks {
            hook.after(operation, outcome.as_ref());
        }
        outcome
    }
}

/// Whether two addresses have scheme, host and port in common; it makes no copy of either, as `Url::origin` does.
fn have_one_origin(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.host() == other.host()
        && one.port_or_known_default() == other.port_or_known_default()
        && matches!(one.scheme(), "http" | "https")
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let token = self.inner.credentials.token.as_ref();
        f.debug_struct("Http")
            .field("base_url", &self.inner.base_url)
            .field("token", &token.map(|_| "hidden"))
            .finish_non_exhaustive()
    }
}
