//! The structs that serde's derives read and write: those that our macro cannot say.

use std::collections::BTreeMap;

use quote::quote;
use syn::punctuated::Punctuated;
use syn::token::Comma;
use syn::{Attribute, ItemStruct, Meta};

use super::structs::{has_default, says};
use super::{docs, paths};
use crate::plan::Field;

/// Gives a struct its derives, and its members their names on the wire.
pub(super) fn derived(mut item: ItemStruct, fields: &BTreeMap<String, Field>) -> ItemStruct {
    let default = has_default(&item).then(|| quote!(Default,));
    let transparent = says(&item.attrs, "transparent");
    let camel = fields
        .iter()
        .any(|(name, field)| *name != field.wire && camel_case(name) == field.wire);

    // `deny_unknown_fields` goes: a server may add a member any day.
    item.attrs = docs::attributes(&item.attrs).cloned().collect();
    item.attrs.push(syn::parse_quote!(
        #[derive(Clone, Debug, #default PartialEq, serde::Deserialize, serde::Serialize)]
    ));
    if transparent {
        item.attrs.push(syn::parse_quote!(#[serde(transparent)]));
    }
    if camel {
        item.attrs
            .push(syn::parse_quote!(#[serde(rename_all = "camelCase")]));
    }
    for field in &mut item.fields {
        let Some(name) = field.ident.as_ref().map(ToString::to_string) else {
            continue;
        };
        let Some(planned) = fields.get(&name) else {
            continue;
        };
        let usual = if camel { camel_case(&name) } else { name };
        let rename = (planned.wire != usual).then_some(planned.wire.as_str());
        serde_attribute(&mut field.attrs, rename);
    }
    item
}

/// Rewrites a field's serde attribute with the wire name.
fn serde_attribute(attributes: &mut Vec<Attribute>, rename: Option<&str>) {
    let mut metas: Punctuated<Meta, Comma> = Punctuated::new();
    if let Some(wire) = rename {
        metas.push(syn::parse_quote!(rename = #wire));
    }
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
    {
        let inner = attribute.parse_args_with(Punctuated::<Meta, Comma>::parse_terminated);
        for mut meta in inner.unwrap_or_default() {
            if meta.path().is_ident("rename") {
                continue;
            }
            if let Meta::NameValue(pair) = &mut meta
                && let syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(text),
                    ..
                }) = &mut pair.value
            {
                *text = syn::LitStr::new(&paths::shorten_text(&text.value()), text.span());
            }
            metas.push(meta);
        }
    }
    attributes.retain(|attribute| !attribute.path().is_ident("serde"));
    if !metas.is_empty() {
        attributes.push(syn::parse_quote!(#[serde(#metas)]));
    }
}

/// The name that serde's `rename_all = "camelCase"` gives a field.
fn camel_case(field: &str) -> String {
    let mut out = String::with_capacity(field.len());
    let mut upper = false;
    for letter in field.chars() {
        if letter == '_' {
            upper = true;
        } else if upper && !out.is_empty() {
            out.push(letter.to_ascii_uppercase());
            upper = false;
        } else {
            out.push(letter);
            upper = false;
        }
    }
    out
}
