//! The constants of the operations: what logs call them, what they ask for, where they are.

use std::collections::BTreeMap;

use heck::ToShoutySnakeCase as _;
use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::{attributes, ident, items};
use crate::docs;
use crate::error::Error;
use crate::model::{Asks, Model, Operation, Scheme, Security, Server};
use crate::names::{NameScope, snake};

/// The name of an operation's constant.
pub(super) fn name(operation: &Operation) -> Ident {
    ident(&operation.rust.to_shouty_snake_case())
}

/// One constant for each operation, those that are written by hand among them.
pub(super) fn all(model: &Model, support: &syn::Path) -> Result<Vec<syn::Item>, Error> {
    let operations = || model.operations.iter();
    let names: Vec<String> = operations().map(|one| name(one).to_string()).collect();
    let taken = names.iter().map(String::as_str).chain(["ALL"]);
    let mut scope = NameScope::with_reserved(taken);
    let mut asked: BTreeMap<&Security, Ident> = BTreeMap::new();
    let mut tokens = TokenStream::new();
    for security in operations().filter_map(|one| one.security.as_ref()) {
        if !security.is_empty() && !asked.contains_key(security) {
            let name = ident(&scope.claim(&security_name(security)));
            let lists = security.iter().map(|list| {
                let schemes = list.iter().map(scheme);
                quote!(&[#(#schemes),*])
            });
            tokens.extend(quote!(const #name: &[&[Scheme]] = &[#(#lists),*];));
            asked.insert(security, name);
        }
    }
    for operation in operations() {
        let (name, about) = (name(operation), attributes::docs(&docs::line(operation)));
        let (id, path) = (&operation.id, &operation.path);
        let method = operation.method.to_uppercase();
        let secured = operation.security.as_ref().map(|security| {
            let lists = asked.get(security).map(|name| quote!(#name));
            let lists = lists.unwrap_or_else(|| quote!(&[]));
            quote!(.secured(#lists))
        });
        let at = operation.server.as_ref().map(|own| {
            let own = server(own);
            quote!(.at(#own))
        });
        let mut starts = model.waiters.iter().flat_map(|waiter| &waiter.start);
        let starting = starts
            .any(|start| start.operation == *id)
            .then(|| quote!(.starting()));
        tokens.extend(quote! {
            #about
            pub const #name: Operation = Operation::new(#id, #method, #path) #secured #at #starting;
        });
    }
    let names = operations().map(name);
    tokens.extend(quote! {
        /// Every operation of the contract.
        pub const ALL: &[Operation] = &[#(#names),*];
    });
    // What asks for nothing names no way of asking.
    let names_one = |security: &Security| security.iter().any(|list| !list.is_empty());
    let all = operations().filter_map(|one| one.security.as_ref());
    let asks = all.into_iter().any(names_one).then(|| quote!(Asks,));
    let schemes = (!asked.is_empty()).then(|| quote!(Scheme,));
    let own: Vec<Server> = operations().filter_map(|one| one.server.clone()).collect();
    let (named, variable) = used(&own);
    items(
        quote! {
            use #support::{#asks Operation, #schemes #named #variable};
            #tokens
        },
        "operation.rs",
    )
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
