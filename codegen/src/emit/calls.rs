//! Text of a macro call whose body reads like an item, which a formatter of Rust leaves on one line.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

/// Formats a call: one line for each entry, documentation as people write it.
pub(super) fn call(call: &syn::Macro) -> String {
    let name = call.path.segments.last().map(|last| last.ident.to_string());
    let mut text = Text {
        line: format!("{}!", name.unwrap_or_default()),
        ..Text::default()
    };
    text.block(call.tokens.clone());
    text.out
}

#[derive(Default)]
struct Text {
    out: String,
    line: String,
    depth: usize,
    /// How many `<` are open.
    angles: usize,
    /// Whether the next word follows without a space.
    tight: bool,
}

impl Text {
    fn block(&mut self, tokens: TokenStream) {
        self.line.push_str(" {");
        self.end_line();
        self.depth += 1;
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(mark) if mark.as_char() == '#' => {
                    if let Some(TokenTree::Group(attribute)) = tokens.next() {
                        self.attribute(&attribute);
                    }
                }
                TokenTree::Punct(mark) if mark.as_char() == '<' => {
                    self.angles += 1;
                    self.line.push('<');
                    self.tight = true;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' => {
                    self.line.push(':');
                    self.tight = self.line.ends_with("::") || mark.spacing() == Spacing::Joint;
                }
                TokenTree::Punct(mark) if mark.as_char() == ',' && self.angles > 0 => {
                    self.line.push(',');
                }
                TokenTree::Punct(mark) if mark.as_char() == ',' => {
                    self.line.push(',');
                    self.end_line();
                }
                // `=>` is two marks.
                TokenTree::Punct(mark) if mark.as_char() == '>' => {
                    self.angles = self.angles.saturating_sub(1);
                    self.line.push('>');
                }
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    self.block(group.stream());
                }
                TokenTree::Group(group) => self.line.push_str(&format!("({})", group.stream())),
                other => {
                    if !self.line.is_empty() && !std::mem::take(&mut self.tight) {
                        self.line.push(' ');
                    }
                    self.line.push_str(&other.to_string());
                }
            }
        }
        self.end_line();
        self.depth -= 1;
        self.line.push('}');
        self.end_line();
    }

    fn attribute(&mut self, attribute: &Group) {
        let inner = attribute.stream();
        let doc: Option<syn::MetaNameValue> = syn::parse2(inner.clone()).ok();
        let text = doc.and_then(|doc| match doc.value {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        });
        self.line = match text {
            Some(text) => format!("///{text}"),
            None => format!(
                "#[{}]",
                inner.to_string().replace(" (", "(").replace(" ,", ",")
            ),
        };
        self.end_line();
    }

    fn end_line(&mut self) {
        if !self.line.is_empty() {
            self.out.push_str(&"    ".repeat(self.depth));
            self.out.push_str(&std::mem::take(&mut self.line));
            self.out.push('\n');
        }
    }
}
