//! Open enums and tagged unions: the items.

use proc_macro2::TokenStream;
use quote::quote;

use super::{attributes, gates, ident};
use crate::docs;
use crate::model::{Enum, Model, Type, Union};

/// Emits an open enum.
pub(super) fn enumeration(schema: &str, found: &Type, listed: &Enum) -> TokenStream {
    let about = attributes::docs(&docs::of_type(schema, found));
    let (name, unknown) = (ident(&found.rust), ident(&listed.unknown));
    let variants = listed.variants.iter().map(|(wire, variant)| {
        let (about, variant) = (attributes::docs(&format!("`{wire}`")), ident(variant));
        quote!(#about #variant,)
    });
    quote! {
        #about
        #[derive(Clone)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A value that the contract does not list; it is sent back as it came.
            #unknown(UnknownValue),
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
