//! The method that goes through all pages of an operation.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{FnArg, ImplItemFn, Pat, Type};

use super::{attributes, ident, rust_types};
use crate::model::{Model, Next, Operation, Pages, Ty};

/// Makes the method, from the finished one that asks for a single page.
pub(super) fn method(
    single: &ImplItemFn,
    model: &Model,
    operation: &Operation,
    pages: &Pages,
) -> Option<ImplItemFn> {
    let found = operation.parameters.iter();
    let parameter = found.into_iter().find(|one| one.name == pages.parameter)?;
    let reply = operation.replies.first()?;
    let (item, items) = match (&reply.content.ty, &pages.items) {
        (Ty::Named(schema), Some(items)) => {
            let mut members = model.structure(schema)?.members.iter();
            let member = members.find(|member| member.wire == *items)?;
            let Ty::List(item) = &member.content.ty else {
                return None;
            };
            let field = ident(&member.field);
            let sure = rust_types::is_required(model, schema, member) && !member.content.nullable;
            let items = if sure {
                quote!(page.#field)
            } else {
                quote!(page.#field.unwrap_or_default())
            };
            (item, items)
        }
        (Ty::List(item), None) => (item, quote!(page)),
        _ => return None,
    };
    if item.nullable {
        return None;
    }
    let item = rust_types::outside(model, item);
    let argument = parameter.rust.clone();
    let listed = super::options::is_listed(single, &parameter.rust);
    let place = ident(&argument);
    let place = if listed {
        quote!(#place)
    } else {
        quote!(options.#place)
    };
    let is_text = matches!(parameter.content.ty, Ty::Text(_));
    let name = &parameter.name;
    let next = match &pages.next {
        Next::Member(member) => {
            let Ty::Named(schema) = &reply.content.ty else {
                return None;
            };
            let mut members = model.structure(schema)?.members.iter();
            let field = ident(&members.find(|one| one.wire == *member)?.field);
            quote!(pages::told(&page.#field, #name))
        }
        Next::Link => quote!(pages::linked(&headers, #name)),
        Next::Page(first) => quote!(pages::numbered(asked.unwrap_or(#first), items.len())),
        Next::Offset => {
            quote!(pages::counted(asked.unwrap_or_default(), items.len()))
        }
    };
    let headers =
        matches!(pages.next, Next::Link).then(|| quote!(let headers = reply.headers().clone();));
    let asked =
        matches!(pages.next, Next::Page(_) | Next::Offset).then(|| match parameter.content.ty {
            Ty::Int("int64") => quote!(let asked = #place;),
            _ => quote!(let asked = #place.map(i64::from);),
        });
    let (order, rest) = match pages.next {
        Next::Member(_) => (quote!(let next = #next;), quote!(let items = #items;)),
        _ => (quote!(let items = #items;), quote!(let next = #next;)),
    };
    // The method's own words step back behind its arguments.
    let free = |word: &str| {
        let taken = super::options::is_listed(single, word);
        ident(&if taken {
            format!("{word}_")
        } else {
            word.to_owned()
        })
    };
    let (client, told_) = (free("client"), free("told"));
    let told = if is_text {
        quote!(Some(#told_))
    } else {
        quote!(#told_.parse().ok())
    };
    let arguments: Vec<Argument> = single.sig.inputs.iter().filter_map(argument_of).collect();
    let own = arguments.iter().map(|one| &one.own);
    // What is no reference is copied.
    let again = arguments
        .iter()
        .filter(|one| !one.own.is_empty())
        .map(|one| {
            let name = &one.name;
            quote!(let #name = #name.clone();)
        });
    let passed = arguments.iter().map(|one| &one.passed);
    let varied = arguments.iter().map(|one| {
        let name = &one.name;
        let varies = *name == if listed { argument.as_str() } else { "options" };
        varies.then(|| quote!(let mut #name = #name;))
    });
    let (rust, call, inputs) = (ident(&pages.rust), &single.sig.ident, &single.sig.inputs);
    let about = attributes::docs(&format!(
        "Every item of every page of [`{call}`](Self::{call}), from the page on that is asked for. Each page is asked for when its first item is."
    ));
    let tokens: TokenStream = quote! {
        #about
        pub fn #rust(#inputs) -> Pages<#item> {
            let #client = self.clone();
            #(#own)*
            Pages::new(move |#told_| {
                let #client = #client.clone();
                #(#again)*
                Box::pin(async move {
                    #(#varied)*
                    if let Some(#told_) = #told_ {
                        #place = #told;
                    }
                    #asked
                    let reply = #client.#call(#(#passed),*).await?;
                    #headers
                    let page = reply.into_inner();
                    #order
                    #rest
                    Ok((items, next))
                })
            })
        }
    };
    syn::parse2(tokens).ok()
}

/// An argument of a method that is called again and again.
struct Argument {
    name: syn::Ident,
    /// How it becomes a value of its own.
    own: TokenStream,
    /// How the value is passed on.
    passed: TokenStream,
}

fn argument_of(input: &FnArg) -> Option<Argument> {
    let FnArg::Typed(typed) = input else {
        return None;
    };
    let Pat::Ident(name) = &*typed.pat else {
        return None;
    };
    let name = name.ident.clone();
    let is_str = |ty: &Type| matches!(ty, Type::Path(path) if path.path.is_ident("str"));
    let is_list = |ty: &Type| matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Vec"));
    let (own, passed) = match &*typed.ty {
        Type::Reference(reference) if is_str(&reference.elem) => {
            (quote!(let #name = #name.to_owned();), quote!(&#name))
        }
        // Said so, a lint does not ask for a slice in place of the list.
        Type::Reference(reference) if is_list(&reference.elem) => {
            (quote!(let #name = Vec::clone(#name);), quote!(&#name))
        }
        Type::Reference(_) => (quote!(let #name = #name.clone();), quote!(&#name)),
        ty => match inner_reference(ty) {
            Some(inner) if is_str(inner) => (
                quote!(let #name = #name.map(str::to_owned);),
                quote!(#name.as_deref()),
            ),
            Some(_) => (quote!(let #name = #name.cloned();), quote!(#name.as_ref())),
            None => (TokenStream::new(), quote!(#name)),
        },
    };
    Some(Argument { name, own, passed })
}

/// `T` of an `Option<&T>`.
fn inner_reference(ty: &Type) -> Option<&Type> {
    match super::options::optional_type(ty)? {
        Type::Reference(reference) => Some(&reference.elem),
        _ => None,
    }
}
