//! Documentation as attributes, one a line, as people write them.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Attribute;

/// The attributes of a documentation text.
pub(super) fn docs(text: &str) -> TokenStream {
    let lines = text.trim_end().lines().map(|line| {
        let line = if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        };
        quote!(#[doc = #line])
    });
    quote!(#(#lines)*)
}

/// Replaces the documentation among attributes.
pub(super) fn replace(attributes: &mut Vec<Attribute>, text: &str) {
    attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    let lines = text.trim_end().lines().map(|line| {
        let line = if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        };
        syn::parse_quote!(#[doc = #line])
    });
    attributes.splice(0..0, lines);
}
