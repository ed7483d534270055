//! The backend's structs, rewritten: wire names from the plan, our documentation, no impls.

use std::collections::{BTreeMap, BTreeSet};

use quote::quote;
use syn::visit_mut::VisitMut as _;
use syn::{ItemStruct, Meta};

use super::{derives, docs, inputs, paths};
use crate::plan::{Field, Plan, TypeKind};

/// What the macro of structs takes from the support modules.
const OF_OBJECT: [&str; 3] = ["DecodeError", "Tree", "object"];

/// A struct as it is written.
pub(super) struct Struct {
    /// The struct, and what makes one.
    pub(super) items: Vec<syn::Item>,
    /// The names that it takes from elsewhere.
    pub(super) used: BTreeSet<String>,
}

/// Takes the planned structs out of the backend's `types` module.
pub(super) fn structs(module: syn::ItemMod, plan: &Plan) -> BTreeMap<String, Struct> {
    let items = module.content.map(|(_, items)| items).unwrap_or_default();
    let structs = items.into_iter().filter_map(|item| match item {
        syn::Item::Struct(item) => Some(item),
        _ => None,
    });
    structs
        .filter_map(|item| {
            let name = item.ident.to_string();
            let planned = plan.types.get(&name)?;
            let TypeKind::Struct { fields } = &planned.kind else {
                return None;
            };
            Some((name, rewritten(item, fields, &planned.docs)))
        })
        .collect()
}

fn rewritten(mut item: ItemStruct, fields: &BTreeMap<String, Field>, text: &str) -> Struct {
    paths::Shorten.visit_item_struct_mut(&mut item);
    for field in &mut item.fields {
        let Some(name) = field.ident.as_ref().map(ToString::to_string) else {
            continue;
        };
        let text = if let Some(planned) = fields.get(&name) {
            field.ty = inputs::field(&field.ty, planned);
            docs::text(&field.attrs)
        } else {
            "Every member that the contract does not name.".to_owned()
        };
        docs::replace(&mut field.attrs, &text);
    }
    let text = with_required(text, &item);
    docs::replace(&mut item.attrs, &text);
    let constructor = constructor(&item);
    let mut used = paths::names_used(&syn::Item::Struct(item.clone()));
    let mut items = vec![match call(&item, fields) {
        Some(call) => {
            used.extend(OF_OBJECT.map(str::to_owned));
            call
        }
        None => syn::Item::Struct(derives::derived(item, fields)),
    }];
    items.extend(constructor);
    Struct { items, used }
}

/// The call that writes a struct with the names of its members on the wire; none for one that is
/// transparent or empty, has members without a name, or one that must be written even where it is
/// null.
fn call(item: &ItemStruct, fields: &BTreeMap<String, Field>) -> Option<syn::Item> {
    let mut options = item.fields.iter().filter(|field| is_optional(field));
    if item.fields.is_empty() || !options.all(|option| says(&option.attrs, "skip_serializing_if")) {
        return None;
    }
    let members: Option<Vec<_>> = item
        .fields
        .iter()
        .map(|field| {
            let wire = &fields.get(&field.ident.as_ref()?.to_string())?.wire;
            let (about, name, ty) = (docs::attributes(&field.attrs), &field.ident, &field.ty);
            Some(quote!(#(#about)* pub #name: #ty = #wire,))
        })
        .collect();
    let (members, name) = (members?, &item.ident);
    let about = docs::attributes(&item.attrs);
    let default = has_default(item).then(|| quote!(Default,));
    Some(syn::parse_quote! {
        object! {
            #(#about)*
            #[derive(Clone, Debug, #default PartialEq)]
            pub struct #name { #(#members)* }
        }
    })
}

/// Says which members a default leaves empty although they must be set.
fn with_required(text: &str, item: &ItemStruct) -> String {
    let needed = required(item);
    if needed.is_empty() || !has_default(item) {
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
fn constructor(item: &ItemStruct) -> Option<syn::Item> {
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
/// the contract has none, and a struct that stands for its one member has none either.
pub(super) fn has_default(item: &ItemStruct) -> bool {
    const EMPTY: [&str; 9] = [
        "BTreeMap", "Map", "Option", "String", "Vec", "bool", "f64", "i32", "i64",
    ];
    let mut fields = item.fields.iter();
    !says(&item.attrs, "transparent")
        && fields.all(|field| {
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
    option || says(&field.attrs, "flatten")
}

/// Whether the backend's serde attributes say a word.
pub(super) fn says(attributes: &[syn::Attribute], word: &str) -> bool {
    attributes.iter().any(|attribute| {
        matches!(&attribute.meta, Meta::List(list)
            if list.path.is_ident("serde") && list.tokens.to_string().contains(word))
    })
}
