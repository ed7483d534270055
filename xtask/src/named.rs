//! `named`: the hand-written lines of civitai-jobs that name what the contract knows.
//!
//! What a contract knows changes with it. A line that names a schema of a step, an engine or a leaf of a union, or a
//! path of the API, is a line that somebody must look at then; `regen` writes all others.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::workspace::{self, rust_files};

/// The most lines that may be.
const MOST: usize = 60;
/// What paths of both APIs begin with.
const PATHS: [&str; 2] = ["/v1/", "/v2/"];
/// Members of a step that are schemas of its own.
const PARTS: [&str; 2] = ["input", "output"];
/// Files that show users how things are done, and files of tests.
const SHOWN: [&str; 3] = ["guide.rs", "side_by_side.rs", "tests.rs"];

/// Prints each line, and fails where there are too many.
pub(crate) fn run() -> Result<ExitCode> {
    let crates = workspace::root().join("crates");
    let generated = crates.join("civitai-api/src/generated");
    let mut names = names(&generated.join("v1/types"))?;
    names.extend(self::names(&generated.join("v2/types"))?);
    let src = crates.join("civitai-jobs/src");
    let mut count = 0;
    for path in rust_files(&src)? {
        let name = path.strip_prefix(&src).unwrap_or(&path);
        let shown = SHOWN.iter().any(|shown| path.ends_with(shown));
        let generated = ["generated", "tables"]
            .iter()
            .any(|made| name.starts_with(made));
        if shown || generated {
            continue;
        }
        let text = std::fs::read_to_string(&path)?;
        let tokens = tokens(&text, &path)?;
        let mut found = BTreeSet::new();
        find(tokens, &names, &mut found);
        for (line, what) in &found {
            println!("{}:{line}: {what}", name.display());
        }
        let lines: BTreeSet<_> = found.iter().map(|(line, _)| line).collect();
        count += lines.len();
    }
    println!("{count} lines, of {MOST} that may be");
    Ok(if count <= MOST {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The types of the generated code that are variants of a union, with their inputs and outputs.
fn names(generated: &Path) -> Result<BTreeSet<String>> {
    let (mut defined, mut used, mut parts) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for path in rust_files(generated)? {
        let text = std::fs::read_to_string(&path)?;
        let file = syn::parse_file(&text).with_context(|| path.display().to_string())?;
        for item in file.items {
            match item {
                syn::Item::Enum(item) => {
                    defined.insert(item.ident.to_string());
                    for variant in item.variants {
                        if let syn::Fields::Unnamed(fields) = variant.fields {
                            used.extend(fields.unnamed.iter().flat_map(|field| idents(&field.ty)));
                        }
                    }
                }
                syn::Item::Struct(item) => {
                    let owner = item.ident.to_string();
                    defined.insert(owner.clone());
                    for field in item.fields {
                        let name = field.ident.map(|name| name.to_string());
                        if name.is_some_and(|name| PARTS.contains(&name.as_str())) {
                            parts.extend(idents(&field.ty).map(|part| (owner.clone(), part)));
                        }
                    }
                }
                _ => {}
            }
        }
    }
    let own = parts.into_iter().filter(|(owner, _)| used.contains(owner));
    let own: Vec<_> = own.map(|(_, part)| part).collect();
    used.extend(own);
    Ok(used.intersection(&defined).cloned().collect())
}

/// The names in a type.
fn idents(of: &syn::Type) -> impl Iterator<Item = String> + use<> {
    struct Names(Vec<String>);
    impl<'ast> syn::visit::Visit<'ast> for Names {
        fn visit_ident(&mut self, ident: &'ast syn::Ident) {
            self.0.push(ident.to_string());
        }
    }
    let mut names = Names(Vec::new());
    syn::visit::Visit::visit_type(&mut names, of);
    names.0.into_iter()
}

fn tokens(text: &str, path: &Path) -> Result<TokenStream> {
    text.parse::<TokenStream>()
        .map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))
}

/// Finds the lines of names and paths; attributes, documentation and tests do not count.
fn find(tokens: TokenStream, names: &BTreeSet<String>, found: &mut BTreeSet<(usize, String)>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let line = token.span().start().line;
        match token {
            TokenTree::Punct(sign) if sign.as_char() == '#' => {
                let _ = tokens.next_if(|next| next.to_string() == "!");
                let attribute = tokens.next_if(|next| {
                    matches!(next, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket)
                });
                if attribute.is_some_and(|attribute| attribute.to_string() == "[cfg (test)]") {
                    let is_last = |token: &TokenTree| match token {
                        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                        other => other.to_string() == ";",
                    };
                    tokens.by_ref().find(is_last);
                }
            }
            TokenTree::Group(group) => find(group.stream(), names, found),
            TokenTree::Ident(ident) if names.contains(&ident.to_string()) => {
                found.insert((line, ident.to_string()));
            }
            TokenTree::Literal(text) => {
                let text = text.to_string();
                if PATHS.iter().any(|path| text.contains(path)) {
                    found.insert((line, text));
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}
