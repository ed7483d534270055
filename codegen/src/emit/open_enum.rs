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
    let wires = variants.iter().map(|(wire, _)| wire);
    let idents = variants.iter().map(|(_, variant)| ident(variant));
    quote! {
        open_enum! {
            #text
            pub enum #name or #unknown {
                #(#wires => #idents,)*
            }
        }
    }
}
