//! Documentation as attributes, one a line, as people write them.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Attribute;

/// The attributes of a documentation text.
pub(super) fn tokens(text: &str) -> TokenStream {
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

/// The documentation among attributes.
pub(super) fn attributes(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    let docs = |attribute: &&Attribute| attribute.path().is_ident("doc");
    attributes.iter().filter(docs)
}

/// The documentation text among attributes.
pub(super) fn text(attributes: &[Attribute]) -> String {
    let lines = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
                syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(text),
                    ..
                }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}
