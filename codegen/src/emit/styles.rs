//! Parameters that the backend would send another way: its statement becomes a call of the support module. A query is
//! added to the request that is made; a parameter whose text is more than that of one value goes with the style of the
//! contract.

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprMethodCall, ImplItemFn, Lit, Stmt};

use crate::model::{Content, Kind, Model, Operation, Parameter, Place, Style, StyleKind, Ty};

/// Rewrites the parameters of one method that the backend would send another way.
pub(super) fn rewrite(method: &mut ImplItemFn, operation: &Operation, model: &Model) {
    let styled = operation.parameters.iter();
    let styled: Vec<&Parameter> = styled.filter(|one| !is_plain(one, model)).collect();
    let mut calls = Calls {
        styled,
        queries: Vec::new(),
    };
    let mut statements = std::mem::take(&mut method.block.stmts);
    statements
        .iter_mut()
        .for_each(|statement| calls.visit_stmt_mut(statement));
    for mut statement in statements {
        let request = if calls.queries.is_empty() {
            None
        } else {
            made_request(&mut statement)
        };
        let queries = request.map(|request| {
            let queries = std::mem::take(&mut calls.queries).into_iter();
            queries.map(move |query| -> Stmt {
                let Query { name, value, style } = query;
                match style.map(tokens) {
                    Some(style) => {
                        syn::parse_quote!(style::query(&mut #request, #name, #value, #style)?;)
                    }
                    None => syn::parse_quote!(add_query(&mut #request, #name, #value)?;),
                }
            })
        });
        method.block.stmts.push(statement);
        method.block.stmts.extend(queries.into_iter().flatten());
    }
}

/// The style as it is written in generated code.
pub(super) fn tokens(style: Style) -> TokenStream {
    let explode = style.explode;
    match style.kind {
        StyleKind::Form => quote!(Style::Form { explode: #explode }),
        StyleKind::Simple => quote!(Style::Simple { explode: #explode }),
        StyleKind::Label => quote!(Style::Label { explode: #explode }),
        StyleKind::Matrix => quote!(Style::Matrix { explode: #explode }),
        // Exploded, these two are lists like any other.
        StyleKind::Space | StyleKind::Pipe if explode => quote!(Style::Form { explode: true }),
        StyleKind::Space => quote!(Style::Space),
        StyleKind::Pipe => quote!(Style::Pipe),
        StyleKind::Deep => quote!(Style::Deep),
        StyleKind::Json => quote!(Style::Json),
    }
}

/// Whether the backend sends a parameter as the contract says.
fn is_plain(parameter: &Parameter, model: &Model) -> bool {
    let Style { kind, explode } = parameter.style;
    match (parameter.place, kind) {
        (Place::Query, StyleKind::Form) => match &parameter.content.ty {
            Ty::List(item) => explode && is_one(item, model),
            _ => is_one(&parameter.content, model),
        },
        (Place::Query, StyleKind::Space | StyleKind::Pipe | StyleKind::Deep) => {
            is_one(&parameter.content, model)
        }
        (Place::Path | Place::Header, StyleKind::Simple) => {
            is_one(&parameter.content, model) && !is_date(&parameter.content)
        }
        _ => false,
    }
}

/// Whether a value is one text.
fn is_one(content: &Content, model: &Model) -> bool {
    match &content.ty {
        Ty::Bool | Ty::Int(_) | Ty::Number | Ty::Text(_) => true,
        Ty::Named(name) => matches!(model.kind(name), Some(Kind::Enum(_) | Kind::Numbers(_))),
        Ty::Any | Ty::List(_) | Ty::Map(_) => false,
    }
}

/// A point in time has another text for people than for the wire.
fn is_date(content: &Content) -> bool {
    matches!(&content.ty, Ty::Text(Some(format)) if format == "date-time")
}

/// Puts our calls in place of the backend's.
struct Calls<'a> {
    styled: Vec<&'a Parameter>,
    /// Parameters taken out of the chain that makes the request.
    queries: Vec<Query>,
}

/// A parameter of a query.
struct Query {
    name: String,
    value: Expr,
    /// The style, where the value is more than one text.
    style: Option<Style>,
}

impl<'a> Calls<'a> {
    fn find(&self, name: &str, places: &[Place]) -> Option<&'a Parameter> {
        let mut styled = self.styled.iter();
        styled
            .find(|one| one.name == name && places.contains(&one.place))
            .copied()
    }
}

impl VisitMut for Calls<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::MethodCall(call) if call.method == "query" => {
                let Some((name, value)) = query_of(call) else {
                    return;
                };
                let style = self.find(&name, &[Place::Query]).map(|one| one.style);
                self.queries.push(Query { name, value, style });
                *expr = (*call.receiver).clone();
            }
            Expr::MethodCall(call) if call.method == "append" => {
                let Some((name, value)) = header_of(call) else {
                    return;
                };
                let Some(parameter) = self.find(&name, &[Place::Header, Place::Cookie]) else {
                    return;
                };
                let (map, style) = (&call.receiver, tokens(parameter.style));
                *expr = if parameter.place == Place::Cookie {
                    syn::parse_quote!(style::cookie(&mut #map, #name, &#value, #style)?)
                } else {
                    syn::parse_quote!(#map.append(#name, style::header(&#value, #style)?))
                };
            }
            Expr::Call(call) => {
                let Some(Expr::Path(value)) = segment_of(call) else {
                    return;
                };
                let found = self
                    .styled
                    .iter()
                    .find(|one| one.place == Place::Path && value.path.is_ident(&one.rust));
                if let Some(parameter) = found {
                    let (name, style) = (&parameter.name, tokens(parameter.style));
                    *expr = syn::parse_quote!(style::path(#name, &#value, #style)?);
                }
            }
            _ => {}
        }
    }

    /// `format!` holds expressions, which a visitor does not enter by itself.
    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        super::syntax::inside_macro(self, call);
    }
}

/// `.query(&QueryParam::new(name, value))`.
fn query_of(call: &ExprMethodCall) -> Option<(String, Expr)> {
    let Expr::Reference(argument) = call.args.first()? else {
        return None;
    };
    let Expr::Call(made) = &*argument.expr else {
        return None;
    };
    Some((text(made.args.first()?)?, made.args.last()?.clone()))
}

/// `.append(name, value.to_string().try_into()?)`.
fn header_of(call: &ExprMethodCall) -> Option<(String, Expr)> {
    let name = text(call.args.first()?)?;
    let Expr::Try(tried) = call.args.last()? else {
        return None;
    };
    let Expr::MethodCall(converted) = &*tried.expr else {
        return None;
    };
    let Expr::MethodCall(shown) = &*converted.receiver else {
        return None;
    };
    Some((name, (*shown.receiver).clone()))
}

/// `encode_path(&value.to_string())`.
fn segment_of(call: &syn::ExprCall) -> Option<&Expr> {
    if !super::syntax::ends_in(&call.func, "encode_path") {
        return None;
    }
    let Expr::Reference(reference) = call.args.first()? else {
        return None;
    };
    match &*reference.expr {
        Expr::MethodCall(shown) => Some(&shown.receiver),
        _ => None,
    }
}

fn text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// The name of the request that a statement makes, which is then one that can be changed.
fn made_request(statement: &mut Stmt) -> Option<syn::Ident> {
    let Stmt::Local(local) = statement else {
        return None;
    };
    let Expr::Try(tried) = &*local.init.as_ref()?.expr else {
        return None;
    };
    match (&*tried.expr, &mut local.pat) {
        (Expr::MethodCall(call), syn::Pat::Ident(name)) if call.method == "build" => {
            name.mutability = Some(syn::Token![mut](name.ident.span()));
            Some(name.ident.clone())
        }
        _ => None,
    }
}
