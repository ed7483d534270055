//! Times as constants.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Span;

/// A time as a constant.
pub(super) fn duration(Span(time): Span) -> TokenStream {
    let (seconds, millis) = (time.as_secs(), time.as_millis());
    if time == Duration::from_secs(seconds) {
        return quote!(Duration::from_secs(#seconds));
    }
    let millis = u64::try_from(millis).unwrap_or(u64::MAX);
    quote!(Duration::from_millis(#millis))
}

/// A unit of time.
pub(super) fn unit(unit: Option<&str>) -> TokenStream {
    match unit {
        Some("ms") => quote!(Unit::Millis),
        Some("duration") => quote!(Unit::Suffixed),
        _ => quote!(Unit::Seconds),
    }
}
