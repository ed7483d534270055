//! The Rust types of what a poll shows.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};

use crate::emit::rust_types;
use crate::model::{Content, Model, Waiter};
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
            Place::Known(content) => named(model, &content),
            _ => any(),
        },
    };
    let is_file = waiter.result.is_bytes() && result.is_none();
    let look = look
        .filter(|_| !is_file)
        .map(|content| named(model, content));
    (look.unwrap_or_else(any), outcome)
}

/// The type of a content, as tokens.
pub(super) fn named(model: &Model, content: &Content) -> TokenStream {
    rust_types::outside(model, content).into_token_stream()
}
