//! The secrets of a client, and how they go into requests. None of them is ever shown.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};
use reqwest::{Request, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};

use super::body::read;
use super::response::{execute, local};
use super::{Asks, Auth, Error, Operation, Scheme, Security};

/// How long before its end a fetched token is renewed.
const EARLY: TimeDelta = TimeDelta::seconds(30);

/// What a client has been given.
#[derive(Clone, Default)]
pub(super) struct Credentials {
    /// The secret for any scheme that asks for one, and has none of its own.
    pub(super) token: Option<SecretString>,
    /// Scheme → its secret.
    pub(super) keys: Vec<(String, SecretString)>,
    /// A user's name and password.
    pub(super) basic: Option<(String, SecretString)>,
    /// The client's own name and secret.
    pub(super) client: Option<(String, SecretString)>,
    pub(super) auth: Option<Arc<dyn Auth>>,
    /// Tokens that were fetched, until they end.
    pub(super) fetched: Arc<Mutex<Vec<(Fetch, Fetched)>>>,
}

/// What a token was fetched for: where, and the scopes.
type Fetch = (String, &'static str);

#[derive(Clone)]
pub(super) struct Fetched {
    token: SecretString,
    ends: DateTime<Utc>,
}

impl Credentials {
    /// Whether every secret can stand in a header.
    pub(super) fn check(&self) -> Result<(), Error> {
        let keys = self.keys.iter().map(|(_, key)| key);
        for secret in self.token.iter().chain(keys) {
            let text = secret.expose_secret();
            if text.trim().is_empty() || HeaderValue::try_from(text).is_err() {
                return Err(Error::invalid_token());
            }
        }
        Ok(())
    }

    /// Adds to a request what its operation asks for.
    pub(super) async fn authorise(
        &self,
        request: &mut Request,
        operation: &Operation,
        client: &reqwest::Client,
        base_url: &str,
    ) -> Result<(), Error> {
        let schemes = match operation.security {
            Security::Bearer => &[Scheme::new("bearer", Asks::Bearer)][..],
            Security::OneOf([]) => return Ok(()),
            Security::OneOf(lists) => {
                let usable = lists
                    .iter()
                    .find(|list| list.iter().all(|one| self.has(one)));
                let fallback = || lists.first().filter(|_| self.auth.is_some());
                usable.or_else(fallback).copied().unwrap_or_default()
            }
        };
        for scheme in schemes {
            if let (Asks::Basic, Some((user, password))) = (scheme.asks, &self.basic) {
                let made = client.get(base_url);
                let made = made
                    .basic_auth(user, Some(password.expose_secret()))
                    .build()?;
                let value = made.headers().get(AUTHORIZATION).cloned();
                request
                    .headers_mut()
                    .extend(value.map(|value| (AUTHORIZATION, value)));
            }
            let Some(secret) = self.secret(scheme, client, base_url).await? else {
                continue;
            };
            add(request, scheme, &secret)?;
        }
        let knows = |scheme: &Scheme| scheme.asks != Asks::Other && self.has(scheme);
        let answered = !schemes.is_empty() && schemes.iter().all(knows);
        if let Some(auth) = self.auth.as_ref().filter(|_| !answered) {
            let asked = local(auth.authorise(request, operation)).await;
            asked.map_err(Error::hook)?;
        }
        Ok(())
    }

    /// Whether an operation goes with a token that is fetched, and fetched anew where it is refused.
    pub(super) fn renews(&self, operation: &Operation) -> bool {
        let Security::OneOf(lists) = operation.security else {
            return false;
        };
        let fetches = lists.iter().flat_map(|list| list.iter()).any(|scheme| {
            matches!(scheme.asks, Asks::ClientCredentials { .. }) && self.key(scheme).is_none()
        });
        fetches && self.client.is_some()
    }

    /// Forgets the fetched token of an operation that was refused with it; whether there was one.
    pub(super) fn refused(&self, operation: &Operation, status: StatusCode) -> bool {
        if status != StatusCode::UNAUTHORIZED || !self.renews(operation) {
            return false;
        }
        let mut fetched = self.fetched.lock().unwrap_or_else(PoisonError::into_inner);
        !std::mem::take(&mut *fetched).is_empty()
    }

    fn has(&self, scheme: &Scheme) -> bool {
        match scheme.asks {
            Asks::Basic => self.basic.is_some(),
            Asks::ClientCredentials { .. } => self.client.is_some() || self.key(scheme).is_some(),
            Asks::Other => self.auth.is_some(),
            _ => self.key(scheme).is_some(),
        }
    }

    fn key(&self, scheme: &Scheme) -> Option<&SecretString> {
        let named = self.keys.iter().find(|(name, _)| name == scheme.name);
        named.map(|(_, key)| key).or(self.token.as_ref())
    }

    async fn secret(
        &self,
        scheme: &Scheme,
        client: &reqwest::Client,
        base_url: &str,
    ) -> Result<Option<SecretString>, Error> {
        let Asks::ClientCredentials { token_url, scopes } = scheme.asks else {
            return Ok(match scheme.asks {
                Asks::Basic | Asks::Other => None,
                _ => self.key(scheme).cloned(),
            });
        };
        let named = self.keys.iter().any(|(name, _)| name == scheme.name);
        match &self.client {
            Some((id, secret)) if !named => {
                let url = resolved(token_url, base_url)?;
                let token = self.fetched(client, url, scopes, id, secret).await?;
                Ok(Some(token))
            }
            _ => Ok(self.key(scheme).cloned()),
        }
    }

    /// A token of the endpoint, kept until shortly before its end.
    async fn fetched(
        &self,
        client: &reqwest::Client,
        url: reqwest::Url,
        scopes: &'static str,
        id: &str,
        secret: &SecretString,
    ) -> Result<SecretString, Error> {
        let wanted = (url.to_string(), scopes);
        let kept = {
            let fetched = self.fetched.lock().unwrap_or_else(PoisonError::into_inner);
            let kept = fetched.iter().find(|(fetch, _)| *fetch == wanted);
            kept.map(|(_, kept)| kept.clone())
        };
        if let Some(kept) = kept.filter(|kept| kept.ends > Utc::now() + EARLY) {
            return Ok(kept.token);
        }
        let mut form = "grant_type=client_credentials".to_owned();
        if !scopes.is_empty() {
            form.push_str(&format!("&scope={}", encoded(scopes)));
        }
        // Name and secret are encoded before they are joined (RFC 6749, 2.3.1).
        let request = client
            .post(url)
            .basic_auth(encoded(id), Some(encoded(secret.expose_secret())))
            .header(
                reqwest::header::CONTENT_TYPE,
                "application/x-www-form-urlencoded",
            )
            .header(reqwest::header::ACCEPT, "application/json")
            .body(form);
        let mut response = execute(client, request.build()?).await?;
        if !response.status().is_success() {
            return Err(Error::unexpected(response).await);
        }
        let body = read(&mut response).await?;
        let said: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        let token = said.get("access_token").and_then(serde_json::Value::as_str);
        let token: SecretString = token.ok_or_else(Error::no_token)?.into();
        let lasts = said.get("expires_in").and_then(serde_json::Value::as_i64);
        // Without a word about its end, it is tried until it is refused.
        let lasts = lasts.unwrap_or(24 * 3600).clamp(0, 366 * 24 * 3600);
        let kept = Fetched {
            token: token.clone(),
            ends: Utc::now() + TimeDelta::seconds(lasts),
        };
        let mut fetched = self.fetched.lock().unwrap_or_else(PoisonError::into_inner);
        fetched.retain(|(fetch, _)| *fetch != wanted);
        fetched.push((wanted, kept));
        Ok(token)
    }
}

/// Puts a secret where a scheme wants it.
fn add(request: &mut Request, scheme: &Scheme, secret: &SecretString) -> Result<(), Error> {
    let secret = secret.expose_secret();
    let hidden = |text: String| {
        let mut value = HeaderValue::try_from(text).map_err(|_| Error::invalid_token())?;
        value.set_sensitive(true);
        Ok::<_, Error>(value)
    };
    let headers = request.headers_mut();
    match scheme.asks {
        Asks::Bearer | Asks::ClientCredentials { .. } => {
            headers.insert(AUTHORIZATION, hidden(format!("Bearer {secret}"))?);
        }
        Asks::Header(name) => {
            let name = HeaderName::try_from(name).map_err(|_| Error::invalid_token())?;
            headers.insert(name, hidden(secret.to_owned())?);
        }
        Asks::Cookie(name) => {
            let before = headers.get(COOKIE).and_then(|value| value.to_str().ok());
            let before = before
                .map(|before| format!("{before}; "))
                .unwrap_or_default();
            headers.insert(COOKIE, hidden(format!("{before}{name}={secret}"))?);
        }
        Asks::Query(name) => {
            let pair = format!("{}={}", encoded(name), encoded(secret));
            let url = request.url_mut();
            let query = match url.query().filter(|before| !before.is_empty()) {
                Some(before) => format!("{before}&{pair}"),
                None => pair,
            };
            url.set_query(Some(&query));
        }
        Asks::Basic | Asks::Other => {}
    }
    Ok(())
}

fn resolved(url: &str, base_url: &str) -> Result<reqwest::Url, Error> {
    let base = reqwest::Url::parse(base_url).map_err(Error::invalid_base_url)?;
    base.join(url).map_err(Error::invalid_base_url)
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
