//! The body of a reply: the backend's way of reading it becomes that of the contract.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ImplItemFn, ReturnType, Type};

use super::{rust_types, syntax};
use crate::model::{Model, Reply, ReplyKind, Ty};

/// Rewrites how one method reads its reply. `usual` is the way that the backend knows; `alone` tells
/// that there is no other.
pub(super) fn rewrite(
    method: &mut ImplItemFn,
    model: &Model,
    usual: &Reply,
    reply: &Reply,
    alone: bool,
) {
    let is_stream = reply.kind != ReplyKind::Json && reply.kind != ReplyKind::Bytes;
    let item = rust_types::outside(model, &reply.content);
    let value: Type = match reply.kind {
        ReplyKind::Json => item,
        ReplyKind::Bytes => syn::parse_quote!(ByteStream),
        ReplyKind::Events => syn::parse_quote!(EventStream<#item>),
        ReplyKind::Lines | ReplyKind::Sequence => syn::parse_quote!(ItemStream<#item>),
    };
    method.sig.output = ReturnType::Type(
        Default::default(),
        Box::new(syn::parse_quote!(Result<ResponseValue<#value>, Error<()>>)),
    );
    if alone && !is_stream && (usual.kind == ReplyKind::Bytes || usual.media == "application/json")
    {
        return;
    }
    let accept = Some(reply.media.as_str()).filter(|media| !media.contains('*'));
    let mut rewriter = Rewriter {
        reply,
        is_stream,
        accept: accept.or(Some("application/json").filter(|_| reply.kind == ReplyKind::Json)),
    };
    rewriter.visit_block_mut(&mut method.block);
}

struct Rewriter<'a> {
    reply: &'a Reply,
    is_stream: bool,
    accept: Option<&'a str>,
}

impl VisitMut for Rewriter<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::MethodCall(call) if call.method == "header" => {
                let asks = matches!(call.args.first(), Some(Expr::Path(name)) if syntax::is_last(&name.path, "ACCEPT"));
                if asks {
                    let receiver = (*call.receiver).clone();
                    *expr = receiver;
                }
            }
            Expr::MethodCall(call) if call.method == "build" => {
                if let Some(accept) = self.accept {
                    let receiver = &call.receiver;
                    *call.receiver =
                        syn::parse_quote!(#receiver.header(::reqwest::header::ACCEPT, #accept));
                }
            }
            Expr::MethodCall(call) if call.method == "send" && self.is_stream => {
                call.method = super::ident("open");
            }
            Expr::Match(choice) => {
                for arm in &mut choice.arms {
                    if let Some(response) = read(&arm.body) {
                        *arm.body = self.reading(&response);
                    }
                }
            }
            _ => {}
        }
    }
}

impl Rewriter<'_> {
    fn reading(&self, response: &Expr) -> Expr {
        let is_text = matches!(self.reply.content.ty, Ty::Text(_));
        match self.reply.kind {
            ReplyKind::Json => syn::parse_quote!(ResponseValue::from_response(#response).await),
            ReplyKind::Bytes => syn::parse_quote!(Ok(ResponseValue::stream(#response))),
            ReplyKind::Events if is_text => {
                syn::parse_quote!(Ok(ResponseValue::text_events(#response)))
            }
            ReplyKind::Events => syn::parse_quote!(Ok(ResponseValue::events(#response))),
            ReplyKind::Lines => syn::parse_quote!(Ok(ResponseValue::lines(#response))),
            ReplyKind::Sequence => syn::parse_quote!(Ok(ResponseValue::sequence(#response))),
        }
    }
}

/// The reply that an arm reads as a success.
fn read(arm: &Expr) -> Option<Expr> {
    struct Finder(Option<Expr>);
    impl VisitMut for Finder {
        fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
            visit_mut::visit_expr_call_mut(self, call);
            let reads = ["from_response", "stream", "empty"];
            if reads.iter().any(|name| syntax::ends_in(&call.func, name)) {
                self.0 = call.args.first().cloned();
            }
        }
    }
    let mut finder = Finder(None);
    finder.visit_expr_mut(&mut arm.clone());
    finder.0
}
