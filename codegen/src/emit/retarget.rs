//! Rewrites the backend's methods to stand on the support modules: bounded replies, one error, the
//! credential added in one place.

use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Ident, ImplItemFn, Stmt};

use super::syntax::{ends_in, inside_macro, is_last, is_method};
use super::{absent, attributes, bodies, paths, replies, styles};
use crate::model::{Method, Model, Operation};

/// What is to become of a method of the backend.
pub(super) struct Call<'a> {
    pub model: &'a Model,
    pub operation: &'a Operation,
    /// The way of sending and reading that it is.
    pub way: &'a Method,
    /// The name of the operation's constant.
    pub constant: &'a Ident,
    /// The type of its form of parts.
    pub parts: Option<&'a str>,
    pub docs: &'a str,
}

/// Rewrites one method.
pub(super) fn method(method: &mut ImplItemFn, call: &Call<'_>) {
    let Call {
        model, operation, ..
    } = call;
    attributes::replace(&mut method.attrs, call.docs);
    statements(&mut method.block.stmts, call.constant);
    styles::rewrite(method, operation, model);
    if let Some(body) = operation.bodies.get(call.way.body) {
        bodies::rewrite(method, body, call.parts);
        if operation.bodiless {
            absent::rewrite(method);
        }
    }
    if let (Some(usual), Some(reply)) = (
        operation.replies.first(),
        operation.replies.get(call.way.reply),
    ) {
        let alone = operation.replies.len() == 1;
        replies::rewrite(method, model, usual, reply, alone);
    }
    let constant = call.constant;
    let base: Expr = match operation.server {
        None => syn::parse_quote!(self.http().base_url()),
        Some(_) => syn::parse_quote!(self.http().server(&operation::#constant)),
    };
    Retarget { base }.visit_impl_item_fn_mut(method);
    paths::Shorten.visit_impl_item_fn_mut(method);
    merge_arms(method);
}

/// What a statement of the backend's is for.
enum Role {
    /// Starts the map of headers.
    HeaderMap,
    /// Adds the backend's own version header.
    Version,
    /// Makes the request, which gets this name.
    Request(Ident),
    /// Calls a hook of the backend's client library, or prepares for it.
    Hook,
    /// Takes the reply out of what the hooks gave.
    Response,
    /// Anything else: the address, a header of the contract, the reading of the reply.
    Other,
}

fn role(statement: &Stmt) -> Role {
    match statement {
        Stmt::Local(local) => {
            let init = local.init.as_ref().map(|init| &*init.expr);
            match init {
                Some(Expr::Call(call)) if ends_in(&call.func, "with_capacity") => Role::HeaderMap,
                Some(Expr::Struct(made)) if is_last(&made.path, "OperationInfo") => Role::Hook,
                Some(Expr::Await(wait)) if is_method(&wait.base, &["exec"]) => Role::Hook,
                Some(Expr::Try(tried)) => match (&*tried.expr, &local.pat) {
                    (made, syn::Pat::Ident(name)) if is_method(made, &["build"]) => {
                        Role::Request(name.ident.clone())
                    }
                    (Expr::Path(_), _) => Role::Response,
                    _ => Role::Other,
                },
                _ => Role::Other,
            }
        }
        Stmt::Expr(Expr::MethodCall(call), _) if call.method == "append" => {
            let value = call.args.last();
            let version = match value {
                Some(Expr::Call(made)) => made.args.first().is_some_and(is_version),
                _ => false,
            };
            if version { Role::Version } else { Role::Other }
        }
        Stmt::Expr(Expr::Try(tried), _) => match &*tried.expr {
            Expr::Await(wait) if is_method(&wait.base, &["pre", "post"]) => Role::Hook,
            _ => Role::Other,
        },
        _ => Role::Other,
    }
}

/// Whether an expression asks the backend's client for the version of the API.
fn is_version(value: &Expr) -> bool {
    matches!(value, Expr::Call(call) if call.args.is_empty() && ends_in(&call.func, "api_version"))
}

/// Whether a statement adds a header that the contract has.
fn adds_header(statement: &Stmt) -> bool {
    struct Finder(bool);
    impl VisitMut for Finder {
        fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
            self.0 |= call.method == "append";
            visit_mut::visit_expr_method_call_mut(self, call);
        }
    }
    let mut finder = Finder(false);
    if matches!(role(statement), Role::Other) {
        finder.visit_stmt_mut(&mut statement.clone());
    }
    finder.0
}

/// Drops the version header and puts our transport in place of the backend's hooks.
fn statements(statements: &mut Vec<Stmt>, constant: &Ident) {
    let plain = !statements.iter().any(adds_header);
    let mut request = None;
    for mut statement in std::mem::take(statements) {
        match role(&statement) {
            Role::Version | Role::Hook => continue,
            Role::HeaderMap if plain => continue,
            Role::Request(name) => {
                if let Stmt::Local(local) = &mut statement {
                    local.attrs.clear();
                    if let syn::Pat::Ident(pattern) = &mut local.pat {
                        pattern.mutability = None;
                    }
                    if let (true, Some(init)) = (plain, &mut local.init) {
                        DropHeaders.visit_expr_mut(&mut init.expr);
                    }
                }
                request = Some(name);
            }
            Role::Response => {
                if let (Stmt::Local(local), Some(request)) = (&mut statement, &request)
                    && let Some(init) = &mut local.init
                {
                    *init.expr =
                        syn::parse_quote!(self.http().send(#request, &operation::#constant).await?);
                }
            }
            Role::HeaderMap | Role::Other => {}
        }
        statements.push(statement);
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
struct Retarget {
    /// The address that the path stands behind.
    base: Expr,
}

impl VisitMut for Retarget {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::Field(field) if matches!(&*field.base, Expr::Path(path) if path.path.is_ident("self")) => {
                match &field.member {
                    syn::Member::Named(name) if name == "baseurl" => {
                        *expr = self.base.clone();
                    }
                    syn::Member::Named(name) if name == "client" => {
                        *expr = syn::parse_quote!(self.http().client());
                    }
                    _ => {}
                }
            }
            Expr::Call(call) if ends_in(&call.func, "encode_path") => {
                // The backend writes `&value.to_string()`, which ours does not need; ours can fail.
                if let Some(Expr::Reference(reference)) = call.args.first()
                    && let Expr::MethodCall(text) = &*reference.expr
                {
                    let value = &text.receiver;
                    let name = quote!(#value).to_string();
                    *expr = syn::parse_quote!(encode_path(#name, #value)?);
                }
            }
            Expr::Call(call) if ends_in(&call.func, "from_static") => {
                // A text becomes a value of a header by itself.
                if let Some(text @ Expr::Lit(_)) = call.args.first() {
                    *expr = text.clone();
                }
            }
            Expr::Call(call) if ends_in(&call.func, "UnexpectedResponse") => {
                let response = call.args.first();
                *expr = syn::parse_quote!(Error::unexpected(#response).await);
            }
            _ => {}
        }
    }

    /// `format!` holds expressions, which a visitor does not enter by itself.
    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        inside_macro(self, call);
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
