//! The body of a request: the backend's way of sending it becomes that of the contract.

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, FnArg, ImplItemFn};

use super::{ident, styles};
use crate::model::{Body, BodyKind};

/// Rewrites the body of one method; `parts` is the type of a form of parts.
pub(super) fn rewrite(method: &mut ImplItemFn, body: &Body, parts: Option<&str>) {
    let by_reference = method.sig.inputs.iter().any(|input| match input {
        FnArg::Typed(argument) => {
            is_body(argument) && matches!(&*argument.ty, syn::Type::Reference(_))
        }
        FnArg::Receiver(_) => false,
    });
    if body.kind == BodyKind::Multipart {
        let ty = ident(parts.unwrap_or("Parts"));
        method.sig.generics = syn::Generics::default();
        for input in &mut method.sig.inputs {
            if let FnArg::Typed(argument) = input
                && is_body(argument)
            {
                *argument.ty = syn::parse_quote!(#ty);
            }
        }
    }
    let media = Some(body.media.as_str()).filter(|media| !media.contains('*'));
    let mut rewriter = Rewriter {
        body,
        media,
        by_reference,
        named: parts.is_some(),
    };
    rewriter.visit_block_mut(&mut method.block);
}

pub(super) fn is_body(argument: &syn::PatType) -> bool {
    matches!(&*argument.pat, syn::Pat::Ident(pat) if pat.ident == "body")
}

struct Rewriter<'a> {
    body: &'a Body,
    media: Option<&'a str>,
    by_reference: bool,
    /// Whether the parts are the fields of a struct.
    named: bool,
}

impl VisitMut for Rewriter<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::MethodCall(call) if call.method == "json" => {
                let receiver = &call.receiver;
                if self.body.kind == BodyKind::Form {
                    let (media, styles) = (self.media, self.styles());
                    *expr = syn::parse_quote! {
                        #receiver.header(::reqwest::header::CONTENT_TYPE, #media).body(style::form(&body, &[#styles])?)
                    };
                    return;
                }
                let media = self.media.filter(|media| *media != "application/json");
                if let Some(media) = media {
                    *call.receiver = syn::parse_quote!(#receiver.header(::reqwest::header::CONTENT_TYPE, #media));
                }
                if self.by_reference {
                    call.args = syn::parse_quote!(body);
                }
            }
            Expr::MethodCall(call)
                if call.method == "body" && self.body.kind == BodyKind::Multipart =>
            {
                // The header with the sign between the parts is the transport's to set.
                if let Expr::MethodCall(header) = &*call.receiver {
                    let receiver = &header.receiver;
                    *expr = if self.named {
                        syn::parse_quote!(#receiver.multipart(body.into_parts()?.into_form()))
                    } else {
                        syn::parse_quote!(#receiver.multipart(body.into_form()))
                    };
                }
            }
            Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) if self.body.kind == BodyKind::Bytes => {
                if let Some(media) = self
                    .media
                    .filter(|_| text.value() == "application/octet-stream")
                {
                    *text = syn::LitStr::new(media, text.span());
                }
            }
            _ => {}
        }
    }
}

impl Rewriter<'_> {
    fn styles(&self) -> TokenStream {
        let styles = self.body.styles.iter().map(|(name, style)| {
            let style = styles::tokens(*style);
            quote!((#name, #style))
        });
        quote!(#(#styles),*)
    }
}
