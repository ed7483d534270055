//! Text of a file: banner, documentation, items with blank lines between them.

use std::fmt::Write as _;

/// Formats a whole file.
pub(super) fn file(banner: &str, docs: &str, items: &[syn::Item]) -> String {
    let mut out = banner.to_owned();
    let _infallible = writeln!(out, "//! {docs}");
    let mut last = None;
    for item in items {
        let kind = line_kind(item);
        if last != Some(kind) || kind.is_none() {
            out.push('\n');
        }
        out.push_str(&blank_lines(&unparse(item)));
        last = Some(kind);
    }
    out
}

/// Items that stand in blocks of lines: `mod`, `use` and `pub use`.
fn line_kind(item: &syn::Item) -> Option<u8> {
    match item {
        syn::Item::Mod(module) if module.content.is_none() => Some(0),
        syn::Item::Use(import) if matches!(import.vis, syn::Visibility::Inherited) => Some(1),
        syn::Item::Use(_) => Some(2),
        _ => None,
    }
}

fn unparse(item: &syn::Item) -> String {
    prettyplease::unparse(&syn::File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: vec![item.clone()],
    })
}

/// Puts an empty line between the members of an `impl`, which the formatter does not.
fn blank_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 32);
    let mut ended = false;
    for line in text.lines() {
        if ended && line.starts_with("    ") && !line.starts_with("     ") && line != "    }" {
            out.push('\n');
        }
        ended = line == "    }";
        out.push_str(line);
        out.push('\n');
    }
    out
}
