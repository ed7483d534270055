//! Structs: the item, and what makes one.

use proc_macro2::TokenStream;
use quote::quote;

use super::{attributes, ident, rust_types};
use crate::docs;
use crate::model::{Member, Model, Struct, Type};

/// A constructor with more arguments is easier to mix up than to write.
const MOST_ARGUMENTS: usize = 5;

/// Emits a struct and its constructor.
pub(super) fn structure(
    model: &Model,
    schema: &str,
    found: &Type,
    made: &Struct,
    support: &syn::Path,
) -> TokenStream {
    let name = ident(&found.rust);
    let required: Vec<&Member> = made
        .members
        .iter()
        .filter(|member| rust_types::is_required(model, schema, member) && !member.content.nullable)
        .collect();
    let has_default = required
        .iter()
        .all(|member| rust_types::is_plain(&member.content));
    let mut text = docs::of_type(schema, found);
    if has_default && !required.is_empty() {
        let names: Vec<String> = required
            .iter()
            .map(|one| format!("`{}`", one.field))
            .collect();
        text.push_str(&format!("\n\nRequired: {}.", names.join(", ")));
    }
    let about = attributes::docs(&text);
    let default = has_default.then(|| quote!(, Default));
    let fields = made.members.iter().map(|member| {
        let about = attributes::docs(&docs::of_member(model, member));
        let (name, ty) = (
            ident(&member.field),
            rust_types::field(model, schema, member),
        );
        quote!(#about pub #name: #ty,)
    });
    let rest = made.rest.as_ref().map(|content| {
        let ty = rust_types::plain(model, content);
        quote! {
            /// Every member without a field of its own.
            pub additional: std::collections::BTreeMap<String, #ty>,
        }
    });
    let constructor = constructor(model, &found.rust, &required, support).filter(|_| !has_default);
    quote! {
        #about
        #[derive(Clone #default)]
        pub struct #name {
            #(#fields)*
            #rest
            pub extra: Extra,
        }

        #constructor
    }
}

/// The constructor of a struct that has no default: what must be said is asked for, the rest is
/// left out.
fn constructor(
    model: &Model,
    rust: &str,
    required: &[&Member],
    support: &syn::Path,
) -> Option<TokenStream> {
    if required.len() > MOST_ARGUMENTS {
        return None;
    }
    let about = attributes::docs(&format!("Creates a `{rust}` with its required members."));
    let name = ident(rust);
    let arguments = required.iter().map(|member| {
        let (name, ty) = (ident(&member.field), rust_types::argument(model, member));
        quote!(#name: #ty)
    });
    let values = required.iter().map(|member| {
        let name = ident(&member.field);
        if rust_types::takes_into(model, member) {
            quote!(#name: #name.into())
        } else {
            quote!(#name)
        }
    });
    Some(quote! {
        impl #name {
            #about
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values,)* ..#support::blank() }
            }
        }
    })
}
