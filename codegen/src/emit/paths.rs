//! Shortens the absolute paths of machine-made code to what people write.

use quote::ToTokens as _;
use syn::visit_mut::{self, VisitMut};

/// What is in the prelude of every file.
const PRELUDE: [(&str, &str); 5] = [
    ("::std::option::Option", "Option"),
    ("::std::vec::Vec", "Vec"),
    ("::std::string::String", "String"),
    ("::std::boxed::Box", "Box"),
    ("::chrono::offset::Utc", "chrono::Utc"),
];

/// Shortens every path below a syntax tree.
pub(super) struct Shorten;

impl VisitMut for Shorten {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        let text: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if path.leading_colon.take().is_none() {
            return;
        }
        let full = format!("::{}", text.join("::"));
        let Some((_, short)) = PRELUDE.iter().find(|(long, _)| *long == full) else { return };
        let keep = short.split("::").count();
        let arguments = path.segments.last().map(|segment| segment.arguments.clone());
        let mut segments = syn::punctuated::Punctuated::new();
        for (index, word) in short.split("::").enumerate() {
            let mut segment = syn::PathSegment::from(super::ident(word));
            if index + 1 == keep {
                segment.arguments = arguments.clone().unwrap_or(syn::PathArguments::None);
            }
            segments.push(segment);
        }
        path.segments = segments;
    }

    fn visit_attribute_mut(&mut self, _: &mut syn::Attribute) {}
}

/// Shortens the paths in the text of an attribute's value.
pub(super) fn shorten_text(text: &str) -> String {
    let mut out = text.to_owned();
    for (long, short) in PRELUDE {
        out = out.replace(long, short);
    }
    out.strip_prefix("::").map_or(out.clone(), str::to_owned)
}

/// The identifiers that stand anywhere in a syntax tree.
pub(super) fn identifiers(item: &syn::Item) -> std::collections::BTreeSet<String> {
    fn collect(tokens: proc_macro2::TokenStream, into: &mut std::collections::BTreeSet<String>) {
        for token in tokens {
            match token {
                proc_macro2::TokenTree::Ident(ident) => {
                    into.insert(ident.to_string());
                }
                proc_macro2::TokenTree::Group(group) => collect(group.stream(), into),
                _ => {}
            }
        }
    }
    let mut found = std::collections::BTreeSet::new();
    collect(item.to_token_stream(), &mut found);
    found
}
