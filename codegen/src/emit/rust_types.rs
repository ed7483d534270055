//! The Rust type of a member, and what a constructor takes for it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::{self, VisitMut};

use super::ident;
use crate::model::{Content, Kind, Member, Model, Ty};

/// The type of a field.
pub(super) fn field(model: &Model, schema: &str, member: &Member) -> TokenStream {
    let inner = value(model, member);
    if is_required(model, schema, member)
        && (!member.content.nullable || member.content.ty == Ty::Any)
    {
        inner
    } else if member.clearable {
        quote!(Nullable<#inner>)
    } else {
        quote!(Option<#inner>)
    }
}

/// The type of a field's value, where it is there.
fn value(model: &Model, member: &Member) -> TokenStream {
    let mut inner = plain(model, &member.content);
    if member.boxed {
        inner = quote!(Box<#inner>);
    }
    if member.content.referable {
        inner = quote!(Input<#inner>);
    }
    inner
}

/// The type of a constructor's argument: a plain value will do where a reference may stand.
pub(super) fn argument(model: &Model, member: &Member) -> TokenStream {
    let ty = value(model, member);
    if takes_into(model, member) {
        quote!(impl Into<#ty>)
    } else {
        ty
    }
}

/// Whether a constructor converts the argument.
pub(super) fn takes_into(model: &Model, member: &Member) -> bool {
    let of_union = match &member.content.ty {
        Ty::Named(name) => matches!(model.kind(name), Some(Kind::Union(_))),
        _ => false,
    };
    member.content.referable || of_union
}

/// Whether a struct cannot be made without a member: what only the service sets is not asked of a
/// request, and what only requests have not of a reply.
pub(super) fn is_required(model: &Model, schema: &str, member: &Member) -> bool {
    let content = &member.content;
    member.required
        && !(content.read_only && model.sent.contains(schema))
        && !(content.write_only && model.received.contains(schema))
}

/// Whether a member has an obvious empty value. A point in time, an enum or another type of the
/// contract has none.
pub(super) fn is_plain(content: &Content) -> bool {
    match &content.ty {
        Ty::Named(_) => false,
        Ty::Text(format) => format.as_deref() != Some("date-time"),
        Ty::Any => false,
        _ => true,
    }
}

/// The type of a value.
pub(super) fn plain(model: &Model, content: &Content) -> TokenStream {
    let inner = |inner: &Content| {
        let mut ty = plain(model, inner);
        if inner.referable {
            ty = quote!(Input<#ty>);
        }
        if inner.nullable && inner.ty != Ty::Any {
            ty = quote!(Option<#ty>);
        }
        ty
    };
    match &content.ty {
        Ty::Any => quote!(serde_json::Value),
        Ty::Bool => quote!(bool),
        Ty::Int(format) => match *format {
            "int32" => quote!(i32),
            "uint32" => quote!(u32),
            "uint64" => quote!(u64),
            _ => quote!(i64),
        },
        Ty::Number => quote!(f64),
        Ty::Text(format) if format.as_deref() == Some("date-time") => {
            quote!(chrono::DateTime<chrono::Utc>)
        }
        Ty::Text(_) => quote!(String),
        Ty::List(item) => {
            let item = inner(item);
            quote!(Vec<#item>)
        }
        Ty::Map(entry) => {
            let entry = inner(entry);
            quote!(std::collections::BTreeMap<String, #entry>)
        }
        Ty::Named(name) => match model.kind(name) {
            Some(Kind::Alias(content)) => plain(model, content),
            _ => {
                let name = ident(model.rust(name));
                quote!(#name)
            }
        },
    }
}

/// The type of a value as it is written outside the `types` module.
pub(super) fn outside(model: &Model, content: &Content) -> syn::Type {
    struct Outside<'a>(&'a Model);
    impl VisitMut for Outside<'_> {
        fn visit_path_mut(&mut self, path: &mut syn::Path) {
            visit_mut::visit_path_mut(self, path);
            let ours = path
                .get_ident()
                .map(ToString::to_string)
                .is_some_and(|name| {
                    let mut types = self.0.types.values();
                    types.any(|found| found.rust == name && !matches!(found.kind, Kind::Alias(_)))
                });
            if ours {
                path.segments
                    .insert(0, syn::PathSegment::from(ident("types")));
            }
        }
    }
    let mut ty =
        syn::parse2(plain(model, content)).unwrap_or_else(|_| syn::parse_quote!(serde_json::Value));
    Outside(model).visit_type_mut(&mut ty);
    ty
}
