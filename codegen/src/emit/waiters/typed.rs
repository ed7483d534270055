//! The Rust types of what a poll shows.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::ident;
use crate::model::{Content, Kind, Model, Ty, Waiter};
use crate::waiters::{Place, locate, reply_of};

/// The types of a poll and of a result.
pub(super) fn shown(model: &Model, waiter: &Waiter) -> (TokenStream, TokenStream) {
    let any = || quote!(serde_json::Value);
    let look = reply_of(model, &waiter.look);
    let result = waiter.result.target();
    let whole = match &result {
        Some(target) => reply_of(model, target),
        None => look,
    };
    let path = waiter.result.path.as_deref().unwrap_or_default();
    let outcome = match whole {
        _ if waiter.result.is_bytes() => quote!(watch::Bytes),
        None => any(),
        Some(content) => match locate(model, content, path) {
            Place::Known(content) => typed(model, &content),
            _ => any(),
        },
    };
    let is_file = waiter.result.is_bytes() && result.is_none();
    let look = look
        .filter(|_| !is_file)
        .map(|content| typed(model, content));
    (look.unwrap_or_else(any), outcome)
}

/// The type of a content, named from outside of the module of types.
pub(super) fn typed(model: &Model, content: &Content) -> TokenStream {
    let inner = |inner: &Content| {
        let ty = typed(model, inner);
        match inner.nullable && inner.ty != Ty::Any {
            true => quote!(Option<#ty>),
            false => ty,
        }
    };
    match &content.ty {
        Ty::Named(name) => match model.kind(name) {
            Some(Kind::Alias(content)) => typed(model, content),
            _ => {
                let name = ident(model.rust(name));
                quote!(types::#name)
            }
        },
        Ty::List(item) => {
            let item = inner(item);
            quote!(Vec<#item>)
        }
        Ty::Map(entry) => {
            let entry = inner(entry);
            quote!(std::collections::BTreeMap<String, #entry>)
        }
        _ => crate::emit::rust_types::plain(model, content),
    }
}
