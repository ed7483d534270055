//! The backend's structs, rewritten: wire names from the plan, our documentation, no impls.

use std::collections::BTreeMap;

use quote::quote;
use syn::visit_mut::VisitMut as _;
use syn::{Attribute, ItemStruct, Meta, punctuated::Punctuated, token::Comma};

use super::{docs, inputs, paths};
use crate::plan::{Field, Plan, TypeKind};

/// Takes the planned structs out of the backend's `types` module.
pub(super) fn structs(module: syn::ItemMod, plan: &Plan) -> BTreeMap<String, ItemStruct> {
    let items = module.content.map(|(_, items)| items).unwrap_or_default();
    let structs = items.into_iter().filter_map(|item| match item {
        syn::Item::Struct(item) => Some(item),
        _ => None,
    });
    structs
        .filter_map(|mut item| {
            let name = item.ident.to_string();
            let planned = plan.types.get(&name)?;
            let TypeKind::Struct { fields } = &planned.kind else {
                return None;
            };
            rewrite(&mut item, fields, &planned.docs);
            Some((name, item))
        })
        .collect()
}

/// The call that writes a struct with the names of its members on the wire; none for one that is
/// transparent or empty, has members without a name, or one that must be written even where it is
/// null.
pub(super) fn call(item: &ItemStruct, fields: &BTreeMap<String, Field>) -> Option<syn::Item> {
    let mut options = item.fields.iter().filter(|field| is_optional(field));
    if item.fields.is_empty() || !options.all(may_be_left_out) {
        return None;
    }
    let members: Option<Vec<_>> = item
        .fields
        .iter()
        .map(|field| {
            let wire = &fields.get(&field.ident.as_ref()?.to_string())?.wire;
            let (name, ty) = (&field.ident, &field.ty);
            let about = field
                .attrs
                .iter()
                .filter(|attribute| attribute.path().is_ident("doc"));
            Some(quote!(#(#about)* pub #name: #ty = #wire,))
        })
        .collect();
    let members = members?;
    let about = item
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"));
    let default = has_default(item).then(|| quote!(Default,));
    let name = &item.ident;
    Some(syn::parse_quote! {
        object! {
            #(#about)*
            #[derive(Clone, Debug, #default PartialEq)]
            pub struct #name { #(#members)* }
        }
    })
}

fn rewrite(item: &mut ItemStruct, fields: &BTreeMap<String, Field>, text: &str) {
    item.attrs
        .retain(|attribute| attribute.path().is_ident("serde"));
    let transparent = item.attrs.iter().any(|attribute| {
        matches!(&attribute.meta, Meta::List(list) if list.tokens.to_string().contains("transparent"))
    });
    // `deny_unknown_fields` goes: a server may add a member any day.
    item.attrs.clear();
    paths::Shorten.visit_item_struct_mut(item);
    for field in &mut item.fields {
        let name = field.ident.as_ref().map(ToString::to_string);
        if let Some(planned) = name.and_then(|name| fields.get(&name)) {
            field.ty = inputs::field(&field.ty, planned);
        }
    }
    let default = (!transparent && has_default(item)).then(|| quote!(Default,));
    item.attrs.push(syn::parse_quote!(
        #[derive(Clone, Debug, #default PartialEq, serde::Deserialize, serde::Serialize)]
    ));
    if transparent {
        item.attrs.push(syn::parse_quote!(#[serde(transparent)]));
    }
    let camel = fields
        .iter()
        .any(|(name, field)| *name != field.wire && camel_case(name) == field.wire);
    if camel {
        item.attrs
            .push(syn::parse_quote!(#[serde(rename_all = "camelCase")]));
    }
    let text = with_required(text, item, transparent);
    docs::replace(&mut item.attrs, &text);
    for field in &mut item.fields {
        let Some(name) = field.ident.as_ref().map(ToString::to_string) else {
            continue;
        };
        let usual = if camel {
            camel_case(&name)
        } else {
            name.clone()
        };
        if let Some(planned) = fields.get(&name) {
            let rename = (planned.wire != usual).then_some(planned.wire.as_str());
            let text = docs::text(&field.attrs);
            serde_attribute(&mut field.attrs, rename);
            docs::replace(&mut field.attrs, &text);
        } else {
            docs::replace(
                &mut field.attrs,
                "Every member that the contract does not name.",
            );
        }
    }
}

/// Says which members a default leaves empty although they must be set.
fn with_required(text: &str, item: &ItemStruct, transparent: bool) -> String {
    let needed = required(item);
    if transparent || needed.is_empty() || !has_default(item) {
        return text.to_owned();
    }
    let names = needed.iter().filter_map(|field| field.ident.as_ref());
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    format!(
        "{text}\n\nMust be set, since a default leaves them empty: {}.",
        names.join(", ")
    )
}

/// The constructor of a struct that has no default: what must be said is asked for, the rest is
/// left out.
pub(super) fn constructor(item: &ItemStruct) -> Option<syn::Item> {
    let (needed, name) = (required(item), &item.ident);
    // More than a few positional arguments are easier to mix up than to write.
    if has_default(item) || needed.len() == item.fields.len() || needed.len() > 5 {
        return None;
    }
    let idents: Vec<_> = needed.iter().map(|field| &field.ident).collect();
    let types = needed.iter().map(|field| inputs::argument(&field.ty));
    let values = needed.iter().map(|field| inputs::from_argument(field));
    let others = item
        .fields
        .iter()
        .filter(|field| is_optional(field))
        .map(|field| &field.ident);
    Some(syn::parse_quote! {
        impl #name {
            /// Makes one of the members that it must have; the others are left out.
            pub fn new(#(#idents: #types),*) -> Self {
                Self { #(#values,)* #(#others: Default::default()),* }
            }
        }
    })
}

/// Whether every member has an obvious empty value. A point in time, an enum or another type of
/// the contract has none.
fn has_default(item: &ItemStruct) -> bool {
    const EMPTY: [&str; 9] = [
        "BTreeMap", "Map", "Option", "String", "Vec", "bool", "f64", "i32", "i64",
    ];
    item.fields.iter().all(|field| {
        is_optional(field)
            || matches!(inputs::inner(&field.ty), syn::Type::Path(path)
                if path.path.segments.last().is_some_and(|last| EMPTY.iter().any(|name| last.ident == name)))
    })
}

/// The fields without which a struct cannot be made.
fn required(item: &ItemStruct) -> Vec<&syn::Field> {
    item.fields
        .iter()
        .filter(|field| !is_optional(field))
        .collect()
}

/// Whether a field can be left out: an option, or the map of members without a name.
fn is_optional(field: &syn::Field) -> bool {
    let option = matches!(&field.ty, syn::Type::Path(path)
        if path.path.segments.last().is_some_and(|last| last.ident == "Option"));
    let rest = field.attrs.iter().any(|attribute| {
        matches!(&attribute.meta, Meta::List(list) if list.tokens.to_string().contains("flatten"))
    });
    option || rest
}

/// Whether an option is not written where it is empty.
fn may_be_left_out(field: &syn::Field) -> bool {
    field.attrs.iter().any(|attribute| {
        matches!(&attribute.meta, Meta::List(list) if list.tokens.to_string().contains("skip_serializing_if"))
    })
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
