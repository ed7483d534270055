//! `#[cfg(feature = …)]` for what a feature turns on.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{Gate, Plan};

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

/// The gate of a type, seen from a module that is itself compiled only sometimes.
pub(super) fn seen_from(plan: &Plan, name: &str, area: &str) -> Gate {
    let gate = |area: &str| plan.gates.get(area).unwrap_or(&Gate::Always);
    let theirs = plan
        .types
        .get(name)
        .map_or(&Gate::Always, |planned| gate(&planned.area));
    if theirs.covers(gate(area)) {
        Gate::Always
    } else {
        theirs.clone()
    }
}
