//! `#[cfg(feature = …)]` for what a feature turns on.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Gate;

/// The attribute of something that stands where nothing else is asked for.
pub(super) fn attribute(gate: &Gate) -> TokenStream {
    let Gate::Any(features) = gate else {
        return TokenStream::new();
    };
    let features = features.iter();
    if features.len() == 1 {
        quote!(#[cfg(#(feature = #features)*)])
    } else {
        quote!(#[cfg(any(#(feature = #features),*))])
    }
}

/// The attribute as a line of its own.
pub(super) fn line(gate: &Gate) -> String {
    text(gate).replace("] ", "]\n")
}

/// The attribute as text, with a space behind it.
pub(super) fn text(gate: &Gate) -> String {
    let Gate::Any(features) = gate else {
        return String::new();
    };
    let features: Vec<String> = features
        .iter()
        .map(|one| format!("feature = {one:?}"))
        .collect();
    match features.as_slice() {
        [one] => format!("#[cfg({one})] "),
        all => format!("#[cfg(any({}))] ", all.join(", ")),
    }
}
