//! Rewrites the backend's methods to stand on the support modules: bounded replies, one error, the
//! credential added in one place.

use quote::quote;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ImplItemFn, Stmt, Token};

use super::{docs, paths};
use crate::plan::{OperationPlan, Plan};

/// Rewrites one method.
pub(super) fn method(method: &mut ImplItemFn, planned: &OperationPlan, plan: &Plan) {
    docs::replace(&mut method.attrs, &planned.docs);
    let name = method.sig.ident.to_string();
    let body_is_reference = method.sig.inputs.iter().any(|input| match input {
        syn::FnArg::Typed(argument) => {
            matches!(&*argument.pat, syn::Pat::Ident(pat) if pat.ident == "body")
                && matches!(&*argument.ty, syn::Type::Reference(_))
        }
        syn::FnArg::Receiver(_) => false,
    });
    statements(&mut method.block.stmts, &name);
    let mut retarget = Retarget {
        plan,
        content_type: planned.content_type.as_deref(),
        body_is_reference,
    };
    retarget.visit_impl_item_fn_mut(method);
    paths::Shorten.visit_impl_item_fn_mut(method);
    merge_arms(method);
}

/// Drops the version header and puts our transport in place of the backend's hooks.
fn statements(statements: &mut Vec<Stmt>, name: &str) {
    let text = |statement: &Stmt| quote!(#statement).to_string();
    let appends = statements
        .iter()
        .filter(|statement| text(statement).contains("header_map . append"))
        .count();
    let plain = appends <= 1;
    statements.retain(|statement| {
        let text = text(statement);
        let version = text.contains("api_version");
        let unused_map = plain && text.starts_with("let mut header_map");
        let hooks = ["let info =", "self . pre", "let result =", "self . post"];
        !version && !unused_map && !hooks.iter().any(|hook| text.starts_with(hook))
    });
    for statement in statements.iter_mut() {
        let Stmt::Local(local) = statement else {
            continue;
        };
        let syn::Pat::Ident(pattern) = &mut local.pat else {
            continue;
        };
        if pattern.ident == "request" {
            local.attrs.clear();
            pattern.mutability = None;
            if let (true, Some(init)) = (plain, &mut local.init) {
                DropHeaders.visit_expr_mut(&mut init.expr);
            }
        } else if pattern.ident == "response"
            && let Some(init) = &mut local.init
        {
            *init.expr = syn::parse_quote!(self.http().send(request, #name).await?);
        }
    }
}

/// Takes `.headers(header_map)` out of a chain of calls.
struct DropHeaders;

impl VisitMut for DropHeaders {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::MethodCall(call) = expr
            && call.method == "headers"
        {
            let receiver = (*call.receiver).clone();
            *expr = receiver;
        }
    }
}

/// Replaces what belongs to the backend's own client library.
struct Retarget<'a> {
    plan: &'a Plan,
    content_type: Option<&'a str>,
    body_is_reference: bool,
}

impl VisitMut for Retarget<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::Field(field) if matches!(&*field.base, Expr::Path(path) if path.path.is_ident("self")) => {
                match &field.member {
                    syn::Member::Named(name) if name == "baseurl" => {
                        *expr = syn::parse_quote!(self.http().base_url());
                    }
                    syn::Member::Named(name) if name == "client" => {
                        *expr = syn::parse_quote!(self.http().client());
                    }
                    _ => {}
                }
            }
            Expr::MethodCall(call) if call.method == "json" => {
                if self.body_is_reference {
                    call.args = syn::parse_quote!(body);
                }
                if let Some(media) = self.content_type {
                    let receiver = &call.receiver;
                    *call.receiver = syn::parse_quote!(#receiver.header(::reqwest::header::CONTENT_TYPE, #media));
                }
            }
            Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => {
                if let Some(media) = self
                    .content_type
                    .filter(|_| text.value() == "application/octet-stream")
                {
                    *text = syn::LitStr::new(media, text.span());
                }
            }
            Expr::Call(call) if ends_in(&call.func, "encode_path") => {
                // The backend writes `&value.to_string()`, which ours does not need.
                if let Some(Expr::Reference(reference)) = call.args.first()
                    && let Expr::MethodCall(text) = &*reference.expr
                {
                    let value = &text.receiver;
                    call.args = syn::parse_quote!(#value);
                }
            }
            Expr::Call(call) if ends_in(&call.func, "UnexpectedResponse") => {
                *expr = syn::parse_quote!(Error::unexpected(response).await);
            }
            _ => {}
        }
    }

    /// `format!` holds expressions, which a visitor does not enter by itself.
    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        let arguments = Punctuated::<Expr, Token![,]>::parse_terminated;
        if let Ok(mut arguments) = call.parse_body_with(arguments) {
            arguments
                .iter_mut()
                .for_each(|argument| self.visit_expr_mut(argument));
            arguments.pop_punct();
            call.tokens = quote!(#arguments);
        }
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        if path.segments.len() > 1 && path.segments[0].ident == "progenitor_client" {
            path.segments = std::mem::take(&mut path.segments)
                .into_iter()
                .skip(1)
                .collect();
        }
        // The one error has no type argument.
        if path.segments.len() == 1 && path.segments[0].ident == "Error" {
            path.segments[0].arguments = syn::PathArguments::None;
        }
        // Types made here are known to the backend by their bare names.
        let bare = path.leading_colon.is_none() && path.segments.len() == 1;
        if bare
            && self
                .plan
                .types
                .contains_key(&path.segments[0].ident.to_string())
        {
            let name = path.segments[0].ident.clone();
            *path = syn::parse_quote!(types::#name);
        }
    }

    fn visit_generics_mut(&mut self, generics: &mut syn::Generics) {
        visit_mut::visit_generics_mut(self, generics);
        let kept = std::mem::take(&mut generics.params).into_iter();
        generics.params = kept
            .filter(|param| !matches!(param, syn::GenericParam::Lifetime(_)))
            .collect();
        if generics.params.is_empty() {
            (generics.lt_token, generics.gt_token) = (None, None);
        }
    }

    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        visit_mut::visit_type_reference_mut(self, reference);
        reference.lifetime = None;
    }

    fn visit_receiver_mut(&mut self, receiver: &mut syn::Receiver) {
        *receiver = syn::parse_quote!(&self);
    }
}

/// Whether a function's path ends in a name.
fn ends_in(function: &Expr, name: &str) -> bool {
    matches!(function, Expr::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

/// `200 => x, 202 => x` becomes `200 | 202 => x`.
fn merge_arms(method: &mut ImplItemFn) {
    let Some(Stmt::Expr(Expr::Match(choice), None)) = method.block.stmts.last_mut() else {
        return;
    };
    let mut merged: Vec<syn::Arm> = Vec::new();
    for mut arm in std::mem::take(&mut choice.arms) {
        plain_literal(&mut arm.pat);
        match merged.last_mut() {
            Some(last) if last.body == arm.body && !matches!(arm.pat, syn::Pat::Wild(_)) => {
                let (one, other) = (&last.pat, &arm.pat);
                let text = quote!(#one | #other);
                if let Ok(both) = syn::parse::Parser::parse2(syn::Pat::parse_multi, text) {
                    last.pat = both;
                }
            }
            _ => merged.push(arm),
        }
    }
    choice.arms = merged;
}

/// `200u16` becomes `200`.
fn plain_literal(pattern: &mut syn::Pat) {
    if let syn::Pat::Lit(literal) = pattern
        && let syn::Lit::Int(number) = &literal.lit
    {
        literal.lit = syn::Lit::Int(syn::LitInt::new(number.base10_digits(), number.span()));
    }
}
