//! `Input<T>`: members of a step's input, which may refer to another step.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Field as SynField, GenericArgument, PathArguments, Type};

use crate::plan::Field;

/// The type of a field with `Input` wherever a reference may stand.
pub(super) fn field(ty: &Type, planned: &Field) -> Type {
    if let Some(inner) = argument_of(ty, "Option") {
        let inner = field(inner, planned);
        return syn::parse_quote!(Option<#inner>);
    }
    let mut ty = ty.clone();
    if planned.items_referable
        && let Some(last) = last_argument(&mut ty)
    {
        let item = last.clone();
        *last = syn::parse_quote!(Input<#item>);
    }
    if planned.referable {
        ty = syn::parse_quote!(Input<#ty>);
    }
    ty
}

/// What a field holds when it is no reference.
pub(super) fn inner(ty: &Type) -> &Type {
    argument_of(ty, "Input").unwrap_or(ty)
}

/// The type of a constructor's argument: a plain value will do.
pub(super) fn argument(ty: &Type) -> TokenStream {
    match argument_of(ty, "Input") {
        Some(_) => quote!(impl Into<#ty>),
        None => quote!(#ty),
    }
}

/// The field in a constructor, from the argument of its name.
pub(super) fn from_argument(field: &SynField) -> TokenStream {
    let name = &field.ident;
    match argument_of(&field.ty, "Input") {
        Some(_) => quote!(#name: #name.into()),
        None => quote!(#name),
    }
}

/// The argument of a generic type of that name.
fn argument_of<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else {
        return None;
    };
    let last = path
        .path
        .segments
        .last()
        .filter(|last| last.ident == name)?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first()? {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}

/// The last argument of a generic type: the item of a list, the value of a map.
fn last_argument(ty: &mut Type) -> Option<&mut Type> {
    let Type::Path(path) = ty else {
        return None;
    };
    match &mut path.path.segments.last_mut()?.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.last_mut()? {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}
