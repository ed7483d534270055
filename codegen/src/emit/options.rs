//! The options of an operation: a struct in place of many arguments that may be left out.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{FnArg, GenericArgument, Ident, ImplItemFn, Pat, PathArguments, Type};

use super::{attributes, ident};
use crate::docs;
use crate::model::Operation;
use crate::names::{NameScope, pascal};

/// From as many on, arguments that may be left out become a struct.
const MANY: usize = 3;

/// Moves the optional arguments of a method into a struct, where there are many; returns the struct,
/// unless another method of the operation has made it. `known` is its name.
pub(super) fn gather(
    method: &mut ImplItemFn,
    operation: &Operation,
    scope: &mut NameScope,
    known: &mut Option<Ident>,
) -> Option<TokenStream> {
    let optional: Vec<(Ident, Type)> = method.sig.inputs.iter().filter_map(optional).collect();
    if optional.len() < MANY {
        return None;
    }
    let before = known.clone();
    let name = known
        .get_or_insert_with(|| ident(&scope.claim(&format!("{}Options", pascal(&operation.rust)))));
    let inputs = std::mem::take(&mut method.sig.inputs);
    let kept = inputs
        .into_iter()
        .filter(|input| self::optional(input).is_none());
    method.sig.inputs = kept.collect();
    let taken = |name: &str| method.sig.inputs.iter().any(|input| is_called(input, name));
    let argument = ident(if taken("options") {
        "options_"
    } else {
        "options"
    });
    method.sig.inputs.push(syn::parse_quote!(#argument: &#name));
    let names: Vec<&Ident> = optional.iter().map(|(name, _)| name).collect();
    let open: syn::Stmt = syn::parse_quote!(let #name { #(#names),* } = #argument;);
    method.block.stmts.insert(0, open);
    if before.is_some() {
        return None;
    }
    let fields = optional.iter().map(|(field, ty)| {
        let found = operation.parameters.iter();
        let found = found.into_iter().find(|one| *field == one.rust.as_str());
        let text = found
            .map(|one| docs::of_content(&one.content))
            .unwrap_or_default();
        let about = attributes::docs(&text);
        quote!(#about pub #field: Option<#ty>,)
    });
    let about = attributes::docs(&format!(
        "The options of [`{}`](Client::{}).",
        operation.rust, operation.rust
    ));
    Some(quote! {
        #about
        #[derive(Clone, Debug, Default)]
        pub struct #name {
            #(#fields)*
        }
    })
}

/// Whether an argument is one of the method's own, and not an option.
pub(super) fn is_listed(method: &ImplItemFn, name: &str) -> bool {
    method.sig.inputs.iter().any(|input| is_called(input, name))
}

fn is_called(input: &FnArg, name: &str) -> bool {
    matches!(input, FnArg::Typed(typed) if matches!(&*typed.pat, Pat::Ident(pat) if pat.ident == name))
}

/// The name of an argument that may be left out, and the type of its value as a field has it.
fn optional(input: &FnArg) -> Option<(Ident, Type)> {
    let FnArg::Typed(typed) = input else {
        return None;
    };
    let Pat::Ident(name) = &*typed.pat else {
        return None;
    };
    Some((name.ident.clone(), owned(optional_type(&typed.ty)?)))
}

/// `T` of an `Option<T>`.
pub(super) fn optional_type(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else {
        return None;
    };
    let last = path
        .path
        .segments
        .last()
        .filter(|last| last.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

/// The type without its reference: a text becomes a `String`.
fn owned(ty: &Type) -> Type {
    let Type::Reference(reference) = ty else {
        return ty.clone();
    };
    match &*reference.elem {
        Type::Path(path) if path.path.is_ident("str") => syn::parse_quote!(String),
        inner => inner.clone(),
    }
}
