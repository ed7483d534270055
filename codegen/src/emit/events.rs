//! The `events` module: what the service sends by itself, webhooks and callbacks, as types with a decoder
//! from bytes.

use proc_macro2::TokenStream;
use quote::quote;

use super::{attributes, gates, ident, items, rust_types};
use crate::docs;
use crate::error::Error;
use crate::model::{Event, Model, Ty, told_by};

/// Emits the module.
pub(super) fn emit(model: &Model, support: &syn::Path) -> Result<Vec<syn::Item>, Error> {
    let gate = |event: &Event| match &event.content.ty {
        Ty::Named(schema) => gates::attribute(model.gate(schema)),
        _ => TokenStream::new(),
    };
    let variants = model.events.iter().map(|event| {
        let (gate, about) = (gate(event), attributes::docs(&about(event)));
        let (variant, ty) = (
            ident(&event.variant),
            rust_types::outside(model, &event.content),
        );
        quote!(#gate #about #variant(Box<#ty>),)
    });
    let arms = model.events.iter().map(|event| {
        let (gate, name) = (gate(event), &event.name);
        let (variant, function) = (ident(&event.variant), ident(&event.function));
        quote!(#gate #name => Self::#variant(Box::new(#function(body)?)),)
    });
    let functions = model.events.iter().map(|event| {
        let (gate, about) = (gate(event), attributes::docs(&about(event)));
        let (function, ty) = (
            ident(&event.function),
            rust_types::outside(model, &event.content),
        );
        quote! {
            #gate
            #about
            ///
            /// # Errors
            ///
            /// The body is no JSON, or another value than the contract says.
            pub fn #function(body: &[u8]) -> Result<#ty, DecodeError> {
                decode(body)
            }
        }
    });
    let names = model.events.iter().map(|event| &event.name);
    let read = told_by(&model.events, &model.types).map(|(member, values)| {
        let arms = model.events.iter().zip(&values).map(|(event, value)| {
            let (gate, name) = (gate(event), &event.name);
            quote!(#gate Some(#value) => #name,)
        });
        let about = attributes::docs(&format!(
            "Decodes the body of a request whose member `{member}` tells which it is.\n\n# Errors\n\nThe body is no JSON, or another value than the contract says."
        ));
        quote! {
            #about
            pub fn read(body: &[u8]) -> Result<Self, DecodeError> {
                let told: serde_json::Value = decode(body)?;
                let name = match told.get(#member).and_then(serde_json::Value::as_str) {
                    #(#arms)*
                    other => other.unwrap_or_default(),
                };
                Self::decode(name, body)
            }
        }
    });
    let types = model.events.iter();
    let named = types
        .clone()
        .any(|event| matches!(event.content.ty, Ty::Named(_)));
    let types = named.then(|| {
        quote!(
            use super::types;
        )
    });
    items(
        quote! {
            #types
            use #support::{DecodeError, decode};

            /// What the service sends by itself, to an address that it was told.
            #[derive(Clone, Debug)]
            #[non_exhaustive]
            pub enum Event {
                #(#variants)*
                /// One that the contract does not list: its name, and what it holds.
                Unlisted(String, serde_json::Value),
            }

            impl Event {
                /// The names of all events, as the contract has them.
                pub const NAMES: &[&str] = &[#(#names),*];

                /// Decodes the body of the request that has this name in the contract.
                ///
                /// # Errors
                ///
                /// The body is no JSON, or another value than the contract says.
                pub fn decode(name: &str, body: &[u8]) -> Result<Self, DecodeError> {
                    Ok(match name {
                        #(#arms)*
                        other => Self::Unlisted(other.to_owned(), decode(body)?),
                    })
                }

                #read
            }

            #(#functions)*
        },
        "events.rs",
    )
}

fn about(event: &Event) -> String {
    let text = docs::one_line(&event.about);
    if text.is_empty() {
        format!("The event `{}` of the contract.", event.name)
    } else {
        text
    }
}
