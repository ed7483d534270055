//! Values with expressions in them, and texts that only look as if they had some.

use serde_json::Value;

use super::Check;
use super::expressions::Site;
use crate::expression::{Expression, Piece, Root, Template, unbraced};
use crate::finding::Rule;
use crate::pointer::Pointer;

impl<'a> Check<'a> {
    /// Checks a value, at each place where an expression may be.
    pub(super) fn template(&mut self, template: &'a Template, at: &Pointer, site: Site<'a>) {
        match template {
            Template::Literal(Value::String(text)) => self.literal(text, at, site),
            Template::Literal(_) => {}
            Template::Whole(expression) => {
                self.expression(expression, at, site);
                self.pointers(expression, at);
            }
            Template::Text(text) => {
                for piece in &text.pieces {
                    match piece {
                        Piece::Text(text) => self.literal(text, at, site),
                        Piece::Expression(expression) => {
                            self.expression(expression, at, site);
                            self.pointers(expression, at);
                            self.certain(expression, "a text", at, site);
                        }
                    }
                }
            }
            Template::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.template(item, &at.item(index), site);
                }
            }
            Template::Map(members) => {
                for (key, member) in members {
                    self.template(member, &at.child(key), site);
                }
            }
            Template::Selected(selector) => self.expression(&selector.context, at, site),
        }
    }

    /// Checks an output, which is nothing but an expression.
    pub(super) fn output(&mut self, template: &'a Template, at: &Pointer, site: Site<'a>) {
        if let Template::Literal(Value::String(text)) = template {
            let message = format!("the output `{text}` is no expression, and so always this text");
            self.add(Rule::NoExpression, at, message);
            return;
        }
        self.template(template, at, site);
    }

    fn literal(&mut self, text: &str, at: &Pointer, site: Site<'a>) {
        if let Some(found) = unbraced(text) {
            if found
                .expressions
                .iter()
                .any(|expression| is_meant(expression, site))
            {
                let message = format!(
                    "`{text}` is sent as it stands, since an expression in a text needs braces; write \
                     `{}`",
                    found.mended
                );
                self.add(Rule::UnbracedExpression, at, message);
            }
        } else if looks_like_one(text) {
            let message =
                format!("`{text}` looks like an expression and is none; it is sent as it stands");
            self.add(Rule::NoExpression, at, message);
        }
    }

    /// Tells of an input that may be absent where a value must be.
    pub(super) fn certain(
        &mut self,
        expression: &Expression,
        what: &str,
        at: &Pointer,
        site: Site<'a>,
    ) {
        let Root::Input(name) = &expression.root else {
            return;
        };
        let inputs = &site.workflow().inputs;
        if inputs.declared.contains_key(name) && !inputs.is_certain(name) {
            let message = format!(
                "the input `{name}` is neither required nor has a default, and {what} cannot do without it"
            );
            self.add(Rule::OptionalInput, at, message);
        }
    }
}

/// Returns whether an expression without braces names something that is there.
fn is_meant(expression: &Expression, site: Site<'_>) -> bool {
    match &expression.root {
        Root::Input(name) => {
            let inputs = &site.workflow().inputs;
            inputs.schema.is_none() || inputs.declared.contains_key(name.as_str())
        }
        Root::Step { step, .. } => site.workflow().step(step).is_some(),
        _ => true,
    }
}

/// `$word.word` somewhere in the text, or a brace before a `$`.
fn looks_like_one(text: &str) -> bool {
    text.match_indices('$').any(|(at, _)| {
        let rest = &text[at + 1..];
        let word = rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        let goes_on = rest[word..].strip_prefix('.');
        let goes_on =
            goes_on.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
        text[..at].ends_with('{') || (word > 2 && goes_on)
    })
}
