//! Names that mean nothing, for the backend alone.
//!
//! The backend makes identifiers of a document's names in its own way: two that become one are an
//! error or lose one, and an argument may be called like a variable of its own. It is therefore given
//! names that nothing else has, and its methods get theirs here: the operation's, the arguments', and
//! the names of parameters as they are on the wire.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ImplItem, ImplItemFn};

use crate::lower::Naming;
use crate::model::{Method, Model, Operation};

/// Variables of the backend's methods that live as long as the arguments.
const LOCALS: [&str; 5] = ["header_map", "request", "response", "result", "url"];

/// Names the backend can do nothing to: `T0`, `op0`, `p0x0`.
pub(super) struct Neutral<'a> {
    schemas: BTreeMap<&'a str, usize>,
}

impl<'a> Neutral<'a> {
    pub(super) fn of(model: &'a Model) -> Self {
        let schemas = model.types.keys().enumerate();
        Self {
            schemas: schemas
                .map(|(index, name)| (name.as_str(), index))
                .collect(),
        }
    }
}

impl Naming for Neutral<'_> {
    fn schema(&self, schema: &str) -> String {
        let index = self.schemas.get(schema);
        index.map_or_else(String::new, |index| format!("T{index}"))
    }

    fn operation(&self, index: usize, _: &Method) -> String {
        format!("op{index}")
    }

    fn parameter(&self, operation: usize, made: &Operation, index: usize) -> String {
        // The backend orders arguments by name: these names have the order of the real ones.
        let name = |index: usize| (&made.parameters[index].name, index);
        let before = (0..made.parameters.len()).filter(|other| name(*other) < name(index));
        format!("p{operation}x{:05}", before.count())
    }
}

/// Takes the methods out of what the backend made for one way of sending, by their names in Rust.
pub(super) fn methods(file: syn::File, model: &Model, body: usize) -> BTreeMap<String, ImplItemFn> {
    let blocks = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Impl(block) => Some(block.items),
        _ => None,
    });
    let mut made: BTreeMap<String, ImplItemFn> = blocks
        .flatten()
        .filter_map(|item| match item {
            ImplItem::Fn(method) => Some((method.sig.ident.to_string(), method)),
            _ => None,
        })
        .collect();
    let names = Neutral::of(model);
    let named = model
        .operations
        .iter()
        .enumerate()
        .filter_map(|(index, operation)| {
            let way = operation.methods.iter().find(|one| one.body == body)?;
            let mut method = made.remove(&names.operation(index, way))?;
            name(&mut method, index, operation, &names);
            method.sig.ident = Ident::new(&way.rust, proc_macro2::Span::call_site());
            Some((way.rust.clone(), method))
        });
    named.collect()
}

/// Gives a method its names.
fn name(method: &mut ImplItemFn, index: usize, operation: &Operation, names: &Neutral<'_>) {
    let arguments: BTreeSet<&str> = operation.parameters.iter().map(|one| &*one.rust).collect();
    let mut idents = BTreeMap::new();
    for local in LOCALS.iter().filter(|local| arguments.contains(**local)) {
        let mut other = format!("{local}_");
        while arguments.contains(&*other) {
            other.push('_');
        }
        idents.insert((*local).to_owned(), other);
    }
    Rename {
        idents,
        wire: BTreeMap::new(),
    }
    .visit_block_mut(&mut method.block);
    let parameters = operation.parameters.iter().enumerate();
    let (idents, wire) = parameters
        .map(|(at, one)| {
            let neutral = names.parameter(index, operation, at);
            (
                (neutral.clone(), one.rust.clone()),
                (neutral, one.name.clone()),
            )
        })
        .unzip();
    Rename { idents, wire }.visit_impl_item_fn_mut(method);
}

/// Replaces variables by name, and texts that are such a name.
struct Rename {
    idents: BTreeMap<String, String>,
    wire: BTreeMap<String, String>,
}

impl Rename {
    fn ident(&self, ident: &mut Ident) {
        if let Some(name) = self.idents.get(&ident.to_string()) {
            *ident = Ident::new(name, ident.span());
        }
    }

    /// Inside `format!`, whose arguments no visitor enters.
    fn tokens(&self, tokens: TokenStream) -> TokenStream {
        let tokens = tokens.into_iter().map(|token| match token {
            TokenTree::Ident(mut ident) => {
                self.ident(&mut ident);
                TokenTree::Ident(ident)
            }
            TokenTree::Group(group) => {
                TokenTree::Group(Group::new(group.delimiter(), self.tokens(group.stream())))
            }
            other => other,
        });
        tokens.collect()
    }
}

impl VisitMut for Rename {
    fn visit_pat_ident_mut(&mut self, pattern: &mut syn::PatIdent) {
        self.ident(&mut pattern.ident);
        visit_mut::visit_pat_ident_mut(self, pattern);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::Path(path) = expr
            && path.path.leading_colon.is_none()
            && path.path.segments.len() == 1
        {
            self.ident(&mut path.path.segments[0].ident);
        }
    }

    fn visit_lit_str_mut(&mut self, text: &mut syn::LitStr) {
        if let Some(wire) = self.wire.get(&text.value()) {
            *text = syn::LitStr::new(wire, text.span());
        }
    }

    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        call.tokens = self.tokens(std::mem::take(&mut call.tokens));
    }
}
