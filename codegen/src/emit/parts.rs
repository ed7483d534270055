//! Forms of parts: a struct with a field for each part, files among them.

use proc_macro2::TokenStream;
use quote::quote;

use super::{attributes, ident, rust_types, styles};
use crate::docs;
use crate::model::{Body, Model, Part};
use crate::names::{NameScope, pascal};

/// A constructor with more arguments is easier to mix up than to write.
const MOST_ARGUMENTS: usize = 5;

/// Emits the struct of a form and how it is sent; returns its name, too.
pub(super) fn form(
    model: &Model,
    method: &str,
    body: &Body,
    scope: &mut NameScope,
) -> (String, TokenStream) {
    let rust = scope.claim(&format!("{}Form", pascal(method)));
    let name = ident(&rust);
    let required: Vec<&Part> = body.parts.iter().filter(|part| part.required).collect();
    let about = attributes::docs(&format!(
        "The form that [`{method}`](Client::{method}) sends."
    ));
    let default = required.is_empty().then(|| quote!(, Default));
    let fields = body.parts.iter().map(|part| {
        let (field, ty) = (ident(&part.field), ty(model, part));
        let about = attributes::docs(&docs::of_content(&part.content));
        let ty = if part.required {
            quote!(#ty)
        } else {
            quote!(Option<#ty>)
        };
        quote!(#about pub #field: #ty,)
    });
    let sent = body.parts.iter().map(|part| sending(body, part));
    let constructor = constructor(model, &rust, body, &required);
    let tokens = quote! {
        #about
        #[derive(Debug #default)]
        pub struct #name {
            #(#fields)*
        }

        impl #name {
            #constructor

            fn into_parts(self) -> Result<Parts, Error> {
                let mut parts = Parts::default();
                #(#sent)*
                Ok(parts)
            }
        }
    };
    (rust, tokens)
}

fn ty(model: &Model, part: &Part) -> TokenStream {
    let one = if part.file {
        quote!(FilePart)
    } else {
        let ty = rust_types::outside(model, &part.content);
        quote!(#ty)
    };
    if part.many { quote!(Vec<#one>) } else { one }
}

fn constructor(model: &Model, rust: &str, body: &Body, required: &[&Part]) -> Option<TokenStream> {
    if required.is_empty() || required.len() > MOST_ARGUMENTS {
        return None;
    }
    let about = attributes::docs(&format!("Creates a `{rust}` with its required parts."));
    let arguments = required.iter().map(|part| {
        let (field, ty) = (ident(&part.field), ty(model, part));
        quote!(#field: impl Into<#ty>)
    });
    let values = body.parts.iter().map(|part| {
        let field = ident(&part.field);
        if part.required {
            quote!(#field: #field.into())
        } else {
            quote!(#field: None)
        }
    });
    Some(quote! {
        #about
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values),* }
        }
    })
}

/// The statement that adds a part.
fn sending(body: &Body, part: &Part) -> TokenStream {
    let (wire, field) = (&part.wire, ident(&part.field));
    let all = match (part.required, part.many) {
        (true, true) | (false, false) => quote!(self.#field),
        (true, false) => quote!([self.#field]),
        (false, true) => quote!(self.#field.into_iter().flatten()),
    };
    let media = part.media.as_ref().map(|media| quote!(Some(#media)));
    let media = media.unwrap_or_else(|| quote!(None));
    match body.styles.get(wire) {
        _ if part.file => quote!(parts.files(#wire, #all, #media)?;),
        Some(style) => {
            let style = styles::tokens(*style);
            quote!(parts.styled(#wire, &self.#field, #style)?;)
        }
        None => quote!(parts.values(#wire, #all, #media)?;),
    }
}
