//! Shortens the absolute paths of machine-made code to what people write.

use std::collections::BTreeSet;

use syn::punctuated::Punctuated;
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
        let text: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if path.leading_colon.take().is_none() {
            return;
        }
        let full = format!("::{}", text.join("::"));
        let Some((_, short)) = PRELUDE.iter().find(|(long, _)| *long == full) else {
            return;
        };
        let keep = short.split("::").count();
        let arguments = path
            .segments
            .last()
            .map(|segment| segment.arguments.clone());
        let mut segments = Punctuated::new();
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

/// Shortens every path of an item.
pub(super) fn shorten(item: &mut syn::Item) {
    Shorten.visit_item_mut(item);
}

/// The names that an item takes from elsewhere: the first segment of every path in it.
pub(super) fn names_used(item: &syn::Item) -> BTreeSet<String> {
    let mut names = Names::default();
    names.visit_item_mut(&mut item.clone());
    names.found
}

/// The modules that an item takes names from: the first segment of every path of several.
pub(super) fn modules_used(item: &syn::Item) -> BTreeSet<String> {
    let mut names = Names::default();
    names.visit_item_mut(&mut item.clone());
    names.modules
}

#[derive(Default)]
struct Names {
    found: BTreeSet<String>,
    modules: BTreeSet<String>,
}

impl VisitMut for Names {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        let first = path.segments.first();
        let first = first.map(|segment| segment.ident.to_string());
        if path.segments.len() > 1 {
            self.modules.extend(first.clone());
        }
        self.found.extend(first);
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        visit_mut::visit_macro_mut(self, call);
        let arguments = Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated;
        for mut argument in call.parse_body_with(arguments).unwrap_or_default() {
            self.visit_expr_mut(&mut argument);
        }
    }

    fn visit_attribute_mut(&mut self, _: &mut syn::Attribute) {}
}
