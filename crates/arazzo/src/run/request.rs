//! The request of a step.

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value};
use url::Url;

use super::body::{self, Payload};
use super::error::RunError;
use super::exchange::Sent;
use super::scope::Here;
use super::style::{in_path, in_query, simple};
use crate::contract::Operation;
use crate::document::{Location, Parameter, Step, Workflow};

/// A request, and what expressions see of it.
pub(super) struct Request {
    pub(super) sent: Sent,
    pub(super) http: reqwest::Request,
}

/// Makes the request of a step. Secrets in it go to the server of its source or nowhere.
pub(super) fn build(
    here: &Here<'_>,
    workflow: &Workflow,
    step: &Step,
    source: &str,
    operation: Operation<'_>,
) -> Result<Request, RunError> {
    let refuse = |what: String| RunError::request(&step.id, what);
    let mut parts = Parts::default();
    for parameter in merged(workflow, step) {
        if let Some(value) = here.value(&parameter.value).map_err(refuse)? {
            parts
                .add(here, parameter, value, operation)
                .map_err(refuse)?;
        }
    }
    let base = base(here, source, operation).map_err(refuse)?;
    let url = parts.url(base, operation.path).map_err(refuse)?;
    let payload = body::payload(here, step.body.as_ref(), operation).map_err(refuse)?;
    let mut http = reqwest::Request::new(method(operation.method).map_err(refuse)?, url);
    let Payload {
        content_type,
        bytes,
        value,
    } = payload;
    if let Some(kind) = content_type
        && !parts.headers.contains_key(CONTENT_TYPE)
    {
        let kind = HeaderValue::from_str(&kind).map_err(|error| refuse(error.to_string()))?;
        parts.headers.insert(CONTENT_TYPE, kind);
    }
    keep_in(here, &http, &parts.headers, bytes.as_deref())?;
    *http.headers_mut() = parts.headers;
    *http.body_mut() = bytes.map(Into::into);
    let sent = Sent {
        method: operation.method.to_uppercase(),
        url: http.url().to_string(),
        path: parts.path,
        query: parts.query_values,
        headers: parts.header_values,
        body: value,
    };
    Ok(Request { sent, http })
}

/// The parameters of a step, and those of its workflow that it does not replace.
fn merged<'a>(workflow: &'a Workflow, step: &'a Step) -> impl Iterator<Item = &'a Parameter> {
    let replaced = |parameter: &&Parameter| {
        !step.parameters.iter().any(|own| {
            own.location == parameter.location
                && (own.name == parameter.name
                    || own.location == Some(Location::Header)
                        && own.name.eq_ignore_ascii_case(&parameter.name))
        })
    };
    workflow
        .parameters
        .iter()
        .filter(replaced)
        .chain(&step.parameters)
}

/// Checks that no secret in a request has been sent to another server.
fn keep_in(
    here: &Here<'_>,
    http: &reqwest::Request,
    headers: &HeaderMap,
    body: Option<&[u8]>,
) -> Result<(), RunError> {
    let body = body.map(String::from_utf8_lossy).unwrap_or_default();
    let mut texts = vec![http.url().as_str(), &*body];
    texts.extend(headers.values().filter_map(|value| value.to_str().ok()));
    let origin = http.url().origin().ascii_serialization();
    here.frame.session.secrets.send(&origin, &texts)
}

/// Returns the address of the server: the caller's, or the contract's.
fn base(here: &Here<'_>, source: &str, operation: Operation<'_>) -> Result<Url, String> {
    if let Some(given) = here.frame.session.runner.base(source) {
        return given.map_err(|error| error.to_string());
    }
    let contract = operation.contract.path().display();
    let server = operation
        .server()
        .ok_or_else(|| format!("{contract} names no server"))?;
    let url = Url::parse(&server).map_err(|_| {
        format!(
            "the server of {contract} has no full address ({server}); give the server of `{source}`"
        )
    })?;
    let web = ["http", "https"].contains(&url.scheme());
    if web {
        Ok(url)
    } else {
        Err(format!(
            "the server {server} of {contract} is not reached by HTTP"
        ))
    }
}

fn method(name: &str) -> Result<Method, String> {
    Method::from_bytes(name.to_uppercase().as_bytes()).map_err(|error| error.to_string())
}

#[derive(Default)]
struct Parts {
    path: Map<String, Value>,
    query: Vec<(String, String)>,
    query_values: Map<String, Value>,
    /// A query as a whole.
    query_string: Option<String>,
    headers: HeaderMap,
    header_values: Map<String, Value>,
}

impl Parts {
    fn add(
        &mut self,
        here: &Here<'_>,
        parameter: &Parameter,
        value: Value,
        operation: Operation<'_>,
    ) -> Result<(), String> {
        let name = &parameter.name;
        let location = parameter
            .location
            .ok_or_else(|| format!("the parameter `{name}` has no place"))?;
        let lower = name.to_lowercase();
        let credentials = operation.credentials();
        let secrets = &here.frame.session.secrets;
        if ["authorization", "cookie"].contains(&lower.as_str())
            || credentials
                .iter()
                .any(|(place, known)| *place == location.as_str() && *known == lower)
        {
            secrets.keep_credential(name, &simple(&value));
        }
        match location {
            Location::Path => {
                self.path.insert(name.clone(), value);
            }
            Location::Query => {
                let declared = operation.parameters();
                let declared = declared.iter().find(|known| known.is(name, "query"));
                let style = declared.and_then(|known| known.node.get("style")?.text());
                let explode = declared.and_then(|known| known.node.get("explode")?.value.as_bool());
                self.query.extend(in_query(name, &value, style, explode));
                self.query_values.insert(name.clone(), value);
            }
            Location::QueryString => self.query_string = Some(simple(&value)),
            Location::Header if value.is_null() => {}
            Location::Header => {
                let key: HeaderName = name.parse().map_err(|_| format!("`{name}` is no header"))?;
                let text = simple(&value);
                let mut header = HeaderValue::from_str(&text).map_err(|_| {
                    format!("the header `{name}` has a value that no header can have")
                })?;
                header.set_sensitive(lower == "authorization");
                self.headers.insert(key, header);
                self.header_values.insert(lower, text.into());
            }
            Location::Cookie => {
                let pair = format!("{name}={}", simple(&value));
                let before = self
                    .headers
                    .get(COOKIE)
                    .and_then(|value| value.to_str().ok());
                let all = before.map_or(pair.clone(), |before| format!("{before}; {pair}"));
                let header = HeaderValue::from_str(&all).map_err(|_| {
                    format!("the cookie `{name}` has a value that no cookie can have")
                })?;
                self.headers.insert(COOKIE, header);
            }
        }
        Ok(())
    }

    /// Puts the path behind the base, with its parameters, and the query behind both.
    fn url(&self, mut base: Url, template: &str) -> Result<Url, String> {
        let mut path = template.to_owned();
        for (name, value) in &self.path {
            let text = in_path(value).ok_or_else(|| {
                format!("the parameter `{name}` has a value that no path can hold")
            })?;
            path = path.replace(&format!("{{{name}}}"), &text);
        }
        if let Some(open) = path.find('{') {
            let name = path[open + 1..].split('}').next().unwrap_or_default();
            return Err(format!("the parameter `{name}` of the path has no value"));
        }
        let start = base.path().trim_end_matches('/').to_owned();
        base.set_path(&format!("{start}{path}"));
        base.set_query(self.query_string.as_deref());
        if !self.query.is_empty() {
            base.query_pairs_mut().extend_pairs(&self.query);
        }
        Ok(base)
    }
}
