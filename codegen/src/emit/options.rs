//! The options of an operation: a struct in place of many arguments that may be left out.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, FnArg, GenericArgument, Ident, ImplItemFn, Pat, PathArguments, Type};

use super::{attributes, ident};
use crate::docs;
use crate::model::{Model, Operation};
use crate::names::{NameScope, pascal};

/// From as many on, arguments that may be left out become a struct.
const MANY: usize = 3;

/// So many operations that take the same options have one struct for them.
const SEVERAL: usize = 3;

/// Structs that several operations have in common.
#[derive(Default)]
pub(super) struct Shared {
    /// The operation in Rust → the struct that it takes.
    names: BTreeMap<String, Ident>,
    structs: TokenStream,
}

impl Shared {
    /// The struct that an operation shares with others.
    pub(super) fn name(&self, operation: &Operation) -> Option<&Ident> {
        self.names.get(&operation.rust)
    }

    /// The names of all of them.
    pub(super) fn names(&self) -> impl Iterator<Item = &Ident> {
        let names: BTreeSet<&Ident> = self.names.values().collect();
        names.into_iter()
    }

    /// The structs, where there are any.
    pub(super) fn structs(&self) -> Option<TokenStream> {
        (!self.names.is_empty()).then(|| self.structs.clone())
    }
}

/// Finds the options that several operations take, the first word of their names being the same: that
/// word names the struct.
pub(super) fn shared(
    model: &Model,
    made: &BTreeMap<String, ImplItemFn>,
    scope: &mut NameScope,
) -> Shared {
    let mut groups: BTreeMap<(String, String), Vec<&Operation>> = BTreeMap::new();
    let operations = model.operations.iter().filter(|one| !one.hand_written);
    for operation in operations {
        let first = operation.methods.first();
        let method = first.and_then(|way| made.get(&way.rust));
        let options = method.map(optional_of).unwrap_or_default();
        let fields = fields(operation, &options).to_string();
        // A type may need a feature, which not all of them do.
        if options.len() >= MANY && !fields.contains("types ::") {
            let (word, _) = operation.rust.split_once('_').unwrap_or_default();
            let group = groups.entry((word.to_owned(), fields)).or_default();
            group.push(operation);
        }
    }
    let mut shared = Shared::default();
    for ((word, fields), operations) in groups {
        if word.is_empty() || operations.len() < SEVERAL {
            continue;
        }
        let name = ident(&scope.claim(&format!("{}Options", pascal(&word))));
        let about = format!("The options of every `{word}_` method that has none of its own.");
        if let Ok(fields) = fields.parse() {
            shared.structs.extend(structure(&name, &about, &fields));
            let operations = operations.into_iter().map(|one| one.rust.clone());
            shared
                .names
                .extend(operations.map(|one| (one, name.clone())));
        }
    }
    shared
}

/// Moves the optional arguments of a method into a struct, where there are many; returns the struct,
/// unless another method has made it. `known` is its name.
pub(super) fn gather(
    method: &mut ImplItemFn,
    operation: &Operation,
    scope: &mut NameScope,
    known: &mut Option<Ident>,
) -> Option<TokenStream> {
    let optional = optional_of(method);
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
    let mut taken = Taken {
        argument: &argument,
        options: optional.iter().map(|(name, _)| name).collect(),
        left: optional.iter().map(|(name, _)| name).collect(),
    };
    taken.visit_block_mut(&mut method.block);
    if !taken.left.is_empty() {
        let names = taken.left;
        let open: syn::Stmt = syn::parse_quote!(let #name { #(#names,)* .. } = #argument;);
        method.block.stmts.insert(0, open);
    }
    if before.is_some() {
        return None;
    }
    let about = format!(
        "The options of [`{}`](Client::{}).",
        operation.rust, operation.rust
    );
    Some(structure(name, &about, &fields(operation, &optional)))
}

fn structure(name: &Ident, about: &str, fields: &TokenStream) -> TokenStream {
    let about = attributes::docs(about);
    quote! {
        #about
        #[derive(Clone, Debug, Default)]
        pub struct #name {
            #fields
        }
    }
}

fn fields(operation: &Operation, optional: &[(Ident, Type)]) -> TokenStream {
    let fields = optional.iter().map(|(field, ty)| {
        let found = operation.parameters.iter();
        let found = found.into_iter().find(|one| *field == one.rust.as_str());
        let text = found
            .map(|one| docs::of_content(&one.content))
            .unwrap_or_default();
        let about = attributes::docs(&text);
        quote!(#about pub #field: Option<#ty>,)
    });
    quote!(#(#fields)*)
}

/// Takes options out of their struct where the backend refers to them or asks whether they are there.
struct Taken<'a> {
    argument: &'a Ident,
    options: Vec<&'a Ident>,
    /// Those that were not met.
    left: BTreeSet<&'a Ident>,
}

impl Taken<'_> {
    fn of(&mut self, expr: &Expr) -> Option<Expr> {
        let Expr::Path(path) = expr else {
            return None;
        };
        let name = path.path.get_ident()?;
        self.options.iter().find(|option| **option == name)?;
        self.left.remove(name);
        let argument = self.argument;
        Some(syn::parse_quote!(&#argument.#name))
    }
}

impl VisitMut for Taken<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let inner = match expr {
            Expr::Reference(reference) => &*reference.expr,
            _ => return,
        };
        if let Some(taken) = self.of(inner) {
            *expr = taken;
        }
    }

    fn visit_expr_let_mut(&mut self, asked: &mut syn::ExprLet) {
        visit_mut::visit_expr_let_mut(self, asked);
        if let Some(taken) = self.of(&asked.expr) {
            *asked.expr = taken;
        }
    }
}

/// Whether an argument is one of the method's own, and not an option.
pub(super) fn is_listed(method: &ImplItemFn, name: &str) -> bool {
    method.sig.inputs.iter().any(|input| is_called(input, name))
}

fn is_called(input: &FnArg, name: &str) -> bool {
    matches!(input, FnArg::Typed(typed) if matches!(&*typed.pat, Pat::Ident(pat) if pat.ident == name))
}

/// The arguments of a method that may be left out.
fn optional_of(method: &ImplItemFn) -> Vec<(Ident, Type)> {
    method.sig.inputs.iter().filter_map(optional).collect()
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
