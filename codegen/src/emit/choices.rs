//! Open enums, tagged unions and choices without a tag: the items.

use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::quote;

use super::{attributes, gates, ident, rust_types};
use crate::docs;
use crate::model::{Choice, Enum, Model, Numbers, Type, Union};
use crate::shape::JsonKind;

/// Emits an open enum.
pub(super) fn enumeration(schema: &str, found: &Type, listed: &Enum) -> TokenStream {
    let unknown = ident(&listed.unknown);
    let rest = quote! {
        /// A value that the contract does not list; it is sent back as it came.
        #unknown(UnknownValue),
    };
    open(schema, found, &listed.variants, &quote!(Clone), &rest)
}

/// Emits an open enum of whole numbers.
pub(super) fn numbers(schema: &str, found: &Type, listed: &Numbers) -> TokenStream {
    let unknown = ident(&listed.unknown);
    let rest = quote! {
        /// A number that the contract does not list; it is sent back as it came.
        #unknown(i64),
    };
    open(schema, found, &listed.variants, &quote!(Clone, Copy), &rest)
}

/// An enum of listed values, by what stands on the wire, and of a variant for the rest.
fn open<T: Display>(
    schema: &str,
    found: &Type,
    listed: &[(T, String)],
    derived: &TokenStream,
    rest: &TokenStream,
) -> TokenStream {
    let about = attributes::docs(&docs::of_type(schema, found));
    let name = ident(&found.rust);
    let variants = listed.iter().map(|(wire, variant)| {
        let (about, variant) = (attributes::docs(&format!("`{wire}`")), ident(variant));
        quote!(#about #variant,)
    });
    quote! {
        #about
        #[derive(#derived)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #rest
        }
    }
}

/// Emits a tagged union.
pub(super) fn union(model: &Model, schema: &str, found: &Type, union: &Union) -> TokenStream {
    let about = attributes::docs(&docs::of_type(schema, found));
    let (name, raw) = (ident(&found.rust), ident(&union.raw));
    let variants = union.variants.iter().map(|variant| {
        let about = attributes::docs(&format!("`{}`", variant.tag));
        let cut = gates::attribute(&model.gate_seen_from(&variant.schema, &found.area));
        let (name, holds) = (ident(&variant.name), ident(model.rust(&variant.schema)));
        quote!(#about #cut #name(Box<#holds>),)
    });
    quote! {
        #about
        #[derive(Clone)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A variant that the contract does not list; it is sent back as it came.
            #raw(RawObject),
        }
    }
}

/// Emits a choice without a tag.
pub(super) fn choice(model: &Model, schema: &str, found: &Type, choice: &Choice) -> TokenStream {
    let about = attributes::docs(&docs::of_type(schema, found));
    let name = ident(&found.rust);
    let raw = ident(&choice.raw);
    let variants = choice.branches.iter().map(|branch| {
        let words = docs::of_content(&branch.content);
        let about = attributes::docs(if words.is_empty() {
            says(branch.kind)
        } else {
            &words
        });
        let name = ident(&branch.name);
        let mut holds = rust_types::plain(model, &branch.content);
        if branch.kind == JsonKind::Object {
            holds = quote!(Box<#holds>);
        }
        quote!(#about #name(#holds),)
    });
    quote! {
        #about
        #[derive(Clone)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// Any other JSON; it is sent back as it came.
            #raw(serde_json::Value),
        }
    }
}

fn says(kind: JsonKind) -> &'static str {
    match kind {
        JsonKind::Bool => "A boolean.",
        JsonKind::Number => "A number.",
        JsonKind::Text => "A text.",
        JsonKind::List => "A list.",
        JsonKind::Object => "An object.",
    }
}
