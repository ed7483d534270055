//! What a waiter asks for, as the constant that `job-waiter` reads.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::times::{duration, unit};
use crate::model::{Model, Place, Target, Waiter};
use crate::waiters::{fixed, operation};

/// An operation with its parameters, or an address.
pub(super) fn target(model: &Model, target: &Target) -> TokenStream {
    if let Some(id) = &target.operation {
        return operated(model, id, &target.with);
    }
    let (at, hosts) = (
        value(target.url.as_deref().unwrap_or_default()),
        &target.hosts,
    );
    let method = target.method.as_deref().unwrap_or("GET");
    quote!(Target::Address { at: #at, method: #method, hosts: &[#(#hosts),*] })
}

fn operated(model: &Model, id: &str, with: &BTreeMap<String, String>) -> TokenStream {
    let Some(found) = operation(model, id) else {
        return quote!();
    };
    let (id, path) = (&found.id, &found.path);
    let method = found.method.to_uppercase();
    let given = found.parameters.iter().filter_map(|parameter| {
        let given = with.get(&parameter.name);
        let value = match given {
            Some(given) => value(given.trim_start_matches('+')),
            None => {
                let fixed = fixed(&parameter.content).filter(|_| parameter.required)?;
                quote!(Value::Text(#fixed))
            }
        };
        let name = &parameter.name;
        let place = match parameter.place {
            Place::Path if given.is_some_and(|given| given.starts_with('+')) => {
                quote!(Place::Segments)
            }
            Place::Path => quote!(Place::Path),
            Place::Header => quote!(Place::Header),
            Place::Query | Place::Cookie => quote!(Place::Query),
        };
        Some(quote!(Given { name: #name, place: #place, value: #value }))
    });
    quote!(Target::Operation { id: #id, method: #method, path: #path, with: &[#(#given),*] })
}

/// A part of the handle, something of the poll, or a text.
fn value(given: &str) -> TokenStream {
    if let Some(text) = given.strip_prefix('=') {
        quote!(Value::Text(#text))
    } else if let Some(path) = given.strip_prefix("look/") {
        quote!(Value::Look(#path))
    } else {
        quote!(Value::Part(#given))
    }
}

/// How a poll is kept open.
pub(super) fn hold(model: &Model, waiter: &Waiter) -> Option<TokenStream> {
    let hold = waiter.hold.as_ref()?;
    let asked = match &hold.operation {
        Some(id) => {
            let asked = operated(model, id, &hold.with);
            quote!(Some(#asked))
        }
        None => quote!(None),
    };
    let parameter = match (&hold.parameter, &hold.header) {
        (None, Some(header)) => quote!((#header, Place::Header)),
        (name, _) => {
            let name = name.as_deref().unwrap_or_default();
            quote!((#name, Place::Query))
        }
    };
    let (prefix, unit, longest) = (
        &hold.prefix,
        unit(hold.unit.as_deref()),
        duration(hold.longest),
    );
    Some(quote! {
        Hold { target: #asked, parameter: #parameter, prefix: #prefix, unit: #unit, longest: #longest }
    })
}
