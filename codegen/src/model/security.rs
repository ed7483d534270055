//! What operations ask for as a credential, and which server they are at.

use serde_json::Value;

use super::text;
use crate::document::Document;
use crate::notes::Notes;
use crate::pointer::{Pointer, unescape};

/// A security scheme, as one operation asks for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Scheme {
    /// Its name in the contract.
    pub name: String,
    /// What it asks for.
    pub asks: Asks,
}

/// What a scheme asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Asks {
    /// A token in the `Authorization` header.
    Bearer,
    /// A name and a password.
    Basic,
    /// A key in the header of this name.
    Header(String),
    /// A key in the query parameter of this name.
    Query(String),
    /// A key in the cookie of this name.
    Cookie(String),
    /// A token of this endpoint, for these scopes.
    ClientCredentials(String, String),
    /// Anything else.
    Other,
}

/// A server, its address with variables in braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Server {
    /// Its address.
    pub address: String,
    /// Each variable: its name, what it usually is, and what it may be.
    pub variables: Vec<(String, String, Vec<String>)>,
}

/// Lists of schemes of which one is needed.
pub(crate) type Security = Vec<Vec<Scheme>>;

/// What an operation says of credentials; nothing where that is a bearer token, which is the usual case,
/// or not said at all.
pub(super) fn security(
    doc: &Document,
    operation: &Value,
    at: &Pointer,
    notes: &mut Notes,
) -> Option<Security> {
    let said = operation.get("security").or(doc.root.get("security"))?;
    let mut lists: Security = Vec::new();
    for list in said.as_array()?.iter().filter_map(Value::as_object) {
        let mut schemes: Vec<Scheme> = Vec::new();
        for (name, scopes) in list {
            let scopes = scopes.as_array().into_iter().flatten();
            let scopes: Vec<&str> = scopes.filter_map(Value::as_str).collect();
            match asks(doc, name, &scopes.join(" ")) {
                Some(asks) => {
                    if asks == Asks::Other {
                        let at = Pointer::root().child("components").child("securitySchemes");
                        let what = "only an `Auth` of the caller's answers this scheme";
                        notes.guess("security", at.child(name), what);
                    }
                    schemes.push(Scheme {
                        name: name.clone(),
                        asks,
                    });
                }
                None => {
                    let what = format!("the security scheme `{name}` is declared nowhere");
                    notes.fault("security", at.clone(), what);
                }
            }
        }
        if !lists.contains(&schemes) {
            lists.push(schemes);
        }
    }
    let is_usual = |list: &Vec<Scheme>| match list.as_slice() {
        [] => true,
        [one] => one.asks == Asks::Bearer,
        _ => false,
    };
    let asked = lists.iter().any(|list| !list.is_empty());
    (!asked || !lists.iter().all(is_usual)).then_some(lists)
}

fn asks(doc: &Document, name: &str, scopes: &str) -> Option<Asks> {
    let schemes = doc.root.get("components")?.get("securitySchemes")?;
    let mut scheme = schemes.get(name)?;
    if let Some(other) = text(scheme, "$ref") {
        let other = other.strip_prefix("#/components/securitySchemes/")?;
        scheme = schemes.get(unescape(other))?;
    }
    let key = || text(scheme, "name").unwrap_or_default().to_owned();
    Some(match text(scheme, "type")? {
        "http" => match text(scheme, "scheme")
            .unwrap_or_default()
            .to_lowercase()
            .as_str()
        {
            "bearer" => Asks::Bearer,
            "basic" => Asks::Basic,
            _ => Asks::Other,
        },
        "apiKey" => match text(scheme, "in") {
            Some("header") => Asks::Header(key()),
            Some("query") => Asks::Query(key()),
            Some("cookie") => Asks::Cookie(key()),
            _ => Asks::Other,
        },
        "oauth2" => {
            let flow = scheme
                .get("flows")
                .and_then(|flows| flows.get("clientCredentials"));
            match flow.and_then(|flow| text(flow, "tokenUrl")) {
                Some(url) => Asks::ClientCredentials(url.to_owned(), scopes.to_owned()),
                None => Asks::Bearer,
            }
        }
        "openIdConnect" => Asks::Bearer,
        _ => Asks::Other,
    })
}

/// The servers that a part of a document names.
pub(super) fn servers(node: Option<&Value>) -> Vec<Server> {
    let servers = node.and_then(|node| node.get("servers")?.as_array());
    let servers = servers.into_iter().flatten().filter_map(|server| {
        let variables = server.get("variables").and_then(Value::as_object);
        let variables = variables.into_iter().flatten().map(|(name, variable)| {
            let values = variable.get("enum").and_then(Value::as_array);
            let values = values.into_iter().flatten().filter_map(Value::as_str);
            let usual = text(variable, "default").unwrap_or_default().to_owned();
            (name.clone(), usual, values.map(str::to_owned).collect())
        });
        Some(Server {
            address: text(server, "url")?.to_owned(),
            variables: variables.collect(),
        })
    });
    servers.collect()
}

/// The server of an operation, where that is another than the document's.
pub(super) fn server(doc: &Document, path: &str, operation: &Value) -> Option<Server> {
    let item = doc.root.get("paths").and_then(|paths| paths.get(path));
    let own = servers(Some(operation)).into_iter().next();
    let own = own.or_else(|| servers(item).into_iter().next())?;
    let usual = servers(Some(&doc.root)).into_iter().next();
    (usual.as_ref() != Some(&own)).then_some(own)
}
