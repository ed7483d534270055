//! The constants of the operations: what logs call them, what they take and ask for, where they are.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use heck::ToShoutySnakeCase as _;
use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::{format, ident, items, lines};
use crate::docs;
use crate::error::Error;
use crate::model::{Asks, Model, Next, Operation, Place, Scheme, Security, Server};
use crate::names::{NameScope, snake};

/// The name of an operation's constant.
pub(super) fn name(operation: &Operation) -> Ident {
    ident(&operation.rust.to_shouty_snake_case())
}

/// Writes `operation.rs`: one constant for each operation, those that are written by hand among them. It
/// is text from the start, since it is data: the formatter would give every argument a line of its own.
pub(super) fn file(model: &Model, support: &syn::Path) -> Result<String, Error> {
    let operations = || model.operations.iter();
    let names: Vec<String> = operations().map(|one| name(one).to_string()).collect();
    let taken = names.iter().map(String::as_str).chain(["ALL"]);
    let mut scope = NameScope::with_reserved(taken);
    let mut asked: BTreeMap<&Security, Ident> = BTreeMap::new();
    let mut shared = TokenStream::new();
    for security in operations().filter_map(|one| one.security.as_ref()) {
        if !security.is_empty() && !asked.contains_key(security) {
            let name = ident(&scope.claim(&security_name(security)));
            let lists = security.iter().map(|list| {
                let schemes = list.iter().map(scheme);
                quote!(&[#(#schemes),*])
            });
            shared.extend(quote!(const #name: &[&[Scheme]] = &[#(#lists),*];));
            asked.insert(security, name);
        }
    }
    let mut servers: Vec<(&Server, Ident)> = Vec::new();
    for own in operations().filter_map(|one| one.server.as_ref()) {
        if servers.iter().all(|(known, _)| *known != own) {
            let (name, made) = (ident(&scope.claim("SERVER")), server(own));
            shared.extend(quote!(const #name: Server = #made;));
            servers.push((own, name));
        }
    }
    let mut body = String::new();
    for (operation, name) in operations().zip(&names) {
        let mut calls = Vec::new();
        let query: Vec<&str> = query(operation).collect();
        if !query.is_empty() {
            calls.push(format!(".with_query(&{query:?})"));
        }
        if let Some(pages) = &operation.pages {
            calls.push(format!(
                ".paged({:?}, {})",
                pages.parameter,
                next(&pages.next)
            ));
        }
        if let Some(security) = &operation.security {
            let lists = asked.get(security).map(Ident::to_string);
            let lists = lists.unwrap_or_else(|| "&[]".to_owned());
            calls.push(format!(".secured({lists})"));
        }
        let own = operation.server.as_ref();
        calls.extend(
            servers
                .iter()
                .filter(|(server, _)| own == Some(server))
                .map(|(_, name)| format!(".at({name})")),
        );
        let mut starts = model.waiters.iter().flat_map(|waiter| &waiter.start);
        if starts.any(|start| start.operation == operation.id) {
            calls.push(".starting()".to_owned());
        }
        constant(&mut body, name, operation, &calls);
    }
    body.push_str("\n/// Every operation of the contract.\n");
    lines::list(
        &mut body,
        "pub const ALL: &[Operation] = &[",
        names.into_iter(),
        "];",
    );
    // What asks for nothing names no way of asking.
    let names_one = |security: &Security| security.iter().any(|list| !list.is_empty());
    let all = operations().filter_map(|one| one.security.as_ref());
    let asks = all.into_iter().any(names_one).then(|| quote!(Asks,));
    let paged = operations()
        .any(|one| one.pages.is_some())
        .then(|| quote!(NextPage,));
    let schemes = (!asked.is_empty()).then(|| quote!(Scheme,));
    let own: Vec<Server> = servers.iter().map(|(own, _)| (*own).clone()).collect();
    let (named, variable) = used(&own);
    let head = items(
        quote! {
            use #support::{#asks #paged Operation, #schemes #named #variable};
            #shared
        },
        "operation.rs",
    )?;
    let docs = "The operations of the contract, as logs and counters name them.";
    Ok(format::file("", docs, &head) + &body)
}

/// Writes the constant of an operation: in one line where it fits, else a call a line.
fn constant(out: &mut String, name: &str, operation: &Operation, calls: &[String]) {
    let method = operation.method.to_uppercase();
    let new = format!(
        "Operation::new({:?}, {method:?}, {:?})",
        operation.id, operation.path
    );
    let about = docs::line(operation);
    let head = format!("\n/// {about}\npub const {name}: Operation =");
    let whole = format!("{new}{};", calls.concat());
    let before = format!("pub const {name}: Operation = ");
    let text = if before.len() + whole.len() <= lines::WIDTH {
        format!("{head} {whole}")
    } else if 4 + whole.len() <= lines::WIDTH {
        format!("{head}\n    {whole}")
    } else {
        let calls = calls.iter().map(|call| format!("\n        {call}"));
        format!("{head}\n    {new}{};", calls.collect::<String>())
    };
    let _infallible = writeln!(out, "{text}");
}

/// The names of an operation's query parameters.
fn query(operation: &Operation) -> impl Iterator<Item = &str> {
    let parameters = operation.parameters.iter();
    parameters
        .filter(|one| one.place == Place::Query)
        .map(|one| one.name.as_str())
}

fn next(next: &Next) -> String {
    match next {
        Next::Member(name) => format!("NextPage::Member({name:?})"),
        Next::Link => "NextPage::Link".to_owned(),
        Next::Page(first) => format!("NextPage::Number({first})"),
        Next::Offset => "NextPage::Offset".to_owned(),
    }
}

/// What the constants of servers take from the support modules.
pub(super) fn used(servers: &[Server]) -> (Option<TokenStream>, Option<TokenStream>) {
    let named = (!servers.is_empty()).then(|| quote!(Server,));
    let varies = servers.iter().any(|server| !server.variables.is_empty());
    (named, varies.then(|| quote!(Variable,)))
}

/// A server as a constant.
pub(super) fn server(server: &Server) -> TokenStream {
    let address = &server.address;
    let variables = server.variables.iter();
    let variables = variables
        .map(|(name, usual, values)| quote!(Variable::new(#name, #usual, &[#(#values),*])));
    quote!(Server::new(#address, &[#(#variables),*]))
}

fn security_name(security: &Security) -> String {
    let lists = security.iter().map(|list| {
        let names: Vec<String> = list.iter().map(|scheme| snake(&scheme.name)).collect();
        if names.is_empty() {
            "nothing".to_owned()
        } else {
            names.join("_and_")
        }
    });
    let lists: Vec<String> = lists.collect();
    format!("by_{}", lists.join("_or_")).to_shouty_snake_case()
}

fn scheme(scheme: &Scheme) -> TokenStream {
    let name = &scheme.name;
    let asks = match &scheme.asks {
        Asks::Bearer => quote!(Asks::Bearer),
        Asks::Basic => quote!(Asks::Basic),
        Asks::Header(name) => quote!(Asks::Header(#name)),
        Asks::Query(name) => quote!(Asks::Query(#name)),
        Asks::Cookie(name) => quote!(Asks::Cookie(#name)),
        Asks::ClientCredentials(token_url, scopes) => {
            quote!(Asks::ClientCredentials { token_url: #token_url, scopes: #scopes })
        }
        Asks::Other => quote!(Asks::Other),
    };
    quote!(Scheme::new(#name, #asks))
}
