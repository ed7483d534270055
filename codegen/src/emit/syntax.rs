//! What a piece of the backend's Rust is.

use quote::quote;
use syn::punctuated::Punctuated;
use syn::visit_mut::VisitMut;
use syn::{Expr, Token};

/// Whether an expression calls a method of one of these names.
pub(super) fn is_method(expr: &Expr, names: &[&str]) -> bool {
    matches!(expr, Expr::MethodCall(call) if names.iter().any(|name| call.method == name))
}

/// Visits the arguments of a macro such as `format!`.
pub(super) fn inside_macro(visitor: &mut impl VisitMut, call: &mut syn::Macro) {
    let arguments = Punctuated::<Expr, Token![,]>::parse_terminated;
    if let Ok(mut arguments) = call.parse_body_with(arguments) {
        arguments
            .iter_mut()
            .for_each(|argument| visitor.visit_expr_mut(argument));
        arguments.pop_punct();
        call.tokens = quote!(#arguments);
    }
}

/// Whether a function's path ends in a name.
pub(super) fn ends_in(function: &Expr, name: &str) -> bool {
    matches!(function, Expr::Path(path) if is_last(&path.path, name))
}

pub(super) fn is_last(path: &syn::Path, name: &str) -> bool {
    path.segments.last().is_some_and(|last| last.ident == name)
}
