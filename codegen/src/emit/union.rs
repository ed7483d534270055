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
    let idents = variants.iter().map(|variant| ident(&variant.name));
    let holds = variants.iter().map(|variant| ident(&variant.holds));
    let tags = variants.iter().map(|variant| &variant.tag);
    let default = default.map(|default| quote!(default #default));
    quote! {
        tagged! {
            #text
            pub enum #name by #tag #default or #raw {
                #(#cuts #tags => #idents(#holds),)*
            }
        }
    }
}
