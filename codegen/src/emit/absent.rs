//! A body that may be left out: its argument is an option, and without one nothing of it is sent.

use syn::{Expr, FnArg, ImplItemFn, Stmt};

use super::syntax::{ends_in, is_method};
use super::{bodies, ident};

/// Makes the body of a method an option; `bodies` has rewritten the way it is sent before.
pub(super) fn rewrite(method: &mut ImplItemFn) {
    let statements = std::mem::take(&mut method.block.stmts);
    let mut found = false;
    for statement in statements {
        match split(&statement) {
            Some(parts) if !found => {
                found = true;
                method.block.stmts.extend(parts);
            }
            _ => method.block.stmts.push(statement),
        }
    }
    if !found {
        return;
    }
    let mut is_generic = false;
    for input in &mut method.sig.inputs {
        let FnArg::Typed(argument) = input else {
            continue;
        };
        if bodies::is_body(argument) {
            let ty = &argument.ty;
            is_generic = is_parameter(ty, &method.sig.generics);
            *argument.ty = if is_generic {
                syn::parse_quote!(Option<reqwest::Body>)
            } else {
                syn::parse_quote!(Option<#ty>)
            };
        }
    }
    // `None` alone would not say what it is none of.
    if is_generic {
        method.sig.generics = syn::Generics::default();
    }
}

fn is_parameter(ty: &syn::Type, generics: &syn::Generics) -> bool {
    let syn::Type::Path(path) = ty else {
        return false;
    };
    let mut types = generics.type_params();
    types.any(|parameter| path.path.is_ident(&parameter.ident))
}

/// Parts the statement that makes the request: without the body, the body where there is one, the end.
fn split(statement: &Stmt) -> Option<[Stmt; 3]> {
    let Stmt::Local(local) = statement else {
        return None;
    };
    // What stands behind may change the request, and says so here.
    let kept = &local.pat;
    let syn::Pat::Ident(name) = kept else {
        return None;
    };
    let Expr::Try(tried) = &*local.init.as_ref()?.expr else {
        return None;
    };
    let Expr::MethodCall(build) = &*tried.expr else {
        return None;
    };
    if !is_method(&tried.expr, &["build"]) {
        return None;
    }
    let name = &name.ident;
    let mut plain = (*build.receiver).clone();
    let mut sent: Expr = syn::parse_quote!(#name);
    take(&mut plain, &mut sent);
    if matches!(sent, Expr::Path(_)) {
        return None;
    }
    let body = ident("body");
    Some([
        syn::parse_quote!(let mut #name = #plain;),
        syn::parse_quote!(if let Some(#body) = #body { #name = #sent; }),
        syn::parse_quote!(let #kept = #name.build()?;),
    ])
}

/// Moves the calls that speak of the body from one chain to the end of another, in their order.
fn take(chain: &mut Expr, sent: &mut Expr) {
    let Expr::MethodCall(call) = chain else {
        return;
    };
    take(&mut call.receiver, sent);
    let of_body = ["json", "body", "multipart"]
        .iter()
        .any(|name| call.method == name)
        || (call.method == "header"
            && call
                .args
                .first()
                .is_some_and(|name| ends_in(name, "CONTENT_TYPE")));
    if of_body {
        let mut moved = call.clone();
        let rest = std::mem::replace(&mut *moved.receiver, sent.clone());
        *sent = Expr::MethodCall(moved);
        *chain = rest;
    }
}
