//! Tagged unions that keep a variant they do not know.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, ident};
use crate::plan::UnionVariant;

/// Emits a tagged union. Each variant has the attribute that cuts it out, or none.
pub(super) fn union(
    name: &str,
    text: &str,
    (tag, default): (&str, Option<&str>),
    variants: &[UnionVariant],
    cuts: &[TokenStream],
    raw: &str,
) -> TokenStream {
    let mut text = format!("{text}\n\nThe member `{tag}` names the variant.");
    if let Some(default) = default {
        text.push_str(&format!(" Where it is absent, it is `{default}`."));
    }
    let text = docs::tokens(&text);
    let (name, raw) = (ident(name), ident(raw));
    let idents: Vec<_> = variants
        .iter()
        .map(|variant| ident(&variant.name))
        .collect();
    let holds: Vec<_> = variants
        .iter()
        .map(|variant| ident(&variant.holds))
        .collect();
    let tags: Vec<&String> = variants.iter().map(|variant| &variant.tag).collect();
    let notes = tags.iter().map(|value| docs::tokens(&format!("`{value}`")));
    let default = match default {
        Some(default) => quote!(Some(#default)),
        None => quote!(None),
    };
    quote! {
        #text
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#notes #cuts #idents(Box<#holds>),)*
            /// A variant that the contract does not list; it is sent back as it came.
            #raw(RawObject),
        }

        impl Tagged for #name {
            const TAG: &'static str = #tag;
            const DEFAULT: Option<&'static str> = #default;

            fn decode(tag: &str, object: Tree) -> Result<Self, DecodeError> {
                Ok(match tag {
                    #(#cuts #tags => Self::#idents(object.read()?),)*
                    _ => Self::#raw(object.read()?),
                })
            }
        }

        impl<'de> serde::Deserialize<'de> for #name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                tagged::decode(deserializer)
            }
        }

        impl serde::Serialize for #name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    #(#cuts Self::#idents(variant) => tagged::encode(serializer, Self::TAG, #tags, variant),)*
                    Self::#raw(object) => object.serialize(serializer),
                }
            }
        }
    }
}
