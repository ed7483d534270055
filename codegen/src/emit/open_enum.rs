//! String enums that keep a value they do not know.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, ident};

/// Emits an open enum.
pub(super) fn open_enum(
    name: &str,
    text: &str,
    variants: &[(String, String)],
    unknown: &str,
) -> TokenStream {
    let text = docs::tokens(text);
    let (name, unknown) = (ident(name), ident(unknown));
    let wires: Vec<&String> = variants.iter().map(|(wire, _)| wire).collect();
    let idents: Vec<_> = variants.iter().map(|(_, variant)| ident(variant)).collect();
    let notes = wires.iter().map(|wire| docs::tokens(&format!("`{wire}`")));
    quote! {
        #text
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#notes #idents,)*
            /// A value that the contract does not list; it is sent back as it came.
            #unknown(UnknownValue),
        }

        impl #name {
            /// Every value that the contract lists.
            pub const LISTED: &'static [Self] = &[#(Self::#idents),*];

            /// Returns the value as it stands on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#idents => #wires,)*
                    Self::#unknown(value) => value.as_str(),
                }
            }
        }

        impl From<&str> for #name {
            fn from(value: &str) -> Self {
                match value {
                    #(#wires => Self::#idents,)*
                    _ => Self::#unknown(UnknownValue::new(value)),
                }
            }
        }

        open_enum!(#name);
    }
}
