//! Conditions: what they name, and what they cannot mean.

use super::Check;
use super::expressions::Site;
use crate::condition::{Condition, Operand, Query, Simple};
use crate::contract::{Presence, presence, structure};
use crate::document::Criterion;
use crate::expression::{Expression, Part, Root};
use crate::finding::Rule;
use crate::pointer::Pointer;

impl<'a> Check<'a> {
    pub(super) fn criterion(&mut self, criterion: &'a Criterion, site: Site<'a>) {
        let at = &criterion.at;
        if let Some(context) = &criterion.context {
            self.expression(context, &at.child("context"), site);
        }
        let place = at.child("condition");
        match &criterion.condition {
            Condition::Simple(simple) | Condition::Meant(simple) => {
                self.operands(simple, criterion.context.as_ref(), &place, site);
            }
            Condition::Regex(pattern) => {
                for expression in pattern.expressions() {
                    self.expression(expression, &place, site);
                }
            }
            Condition::Path(query) => {
                for expression in query.expressions() {
                    self.expression(expression, &place, site);
                }
                self.query(query, criterion, &place, site);
            }
            Condition::Broken(_) | Condition::Unsupported(_) => {}
        }
    }

    fn operands(
        &mut self,
        simple: &'a Simple,
        context: Option<&Expression>,
        at: &Pointer,
        site: Site<'a>,
    ) {
        let mut operands = Vec::new();
        simple.each_operand(&mut |operand| operands.push(operand));
        for operand in operands {
            match operand {
                Operand::Literal(_) => {}
                Operand::DoubleQuoted(text) => {
                    let message = format!("{text} stands in double quotes; texts have single ones");
                    self.add(Rule::DoubleQuotes, at, message);
                }
                Operand::Expression(expression) => self.expression(expression, at, site),
                Operand::Path(path) => {
                    let keys = operand_keys(operand, context);
                    self.path(&keys.unwrap_or_default(), &path.to_string(), at, site);
                }
            }
        }
    }

    fn query(&mut self, query: &Query, criterion: &Criterion, at: &Pointer, site: Site<'a>) {
        let Some(base) = body_keys(criterion.context.as_ref()) else {
            return;
        };
        if query.filters_root() && !self.is_list(&base, site) {
            let message = format!(
                "`{}` tests the members of the object and not the object itself; write a simple \
                 condition, or name the object by `$` inside the filter",
                criterion.text
            );
            self.add(Rule::RootFilter, at, message);
        }
        let keys: Vec<_> = base.into_iter().chain(query.plain_start()).collect();
        self.path(&keys, &criterion.text, at, site);
    }

    fn path(&mut self, keys: &[String], shown: &str, at: &Pointer, site: Site<'a>) {
        if let Site::Reply { scene, success } = site
            && let Some(operation) = scene.operation
            && !keys.is_empty()
        {
            self.body_path(&scene.replies(operation, success), keys, shown, at);
        }
    }

    /// Returns whether the contract says that a part of the reply is a list.
    fn is_list(&self, keys: &[String], site: Site<'a>) -> bool {
        let Site::Reply { scene, .. } = site else {
            return false;
        };
        match presence(&scene.schemas(), keys) {
            Presence::Declared(schemas) if !schemas.is_empty() => {
                let parts = structure(&schemas).parts;
                parts.iter().any(|part| part.get("items").is_some())
                    && !parts.iter().any(|part| part.get("properties").is_some())
            }
            _ => false,
        }
    }
}

/// Returns the way into the reply's body that an operand names.
pub(super) fn operand_keys(operand: &Operand, context: Option<&Expression>) -> Option<Vec<String>> {
    match operand {
        Operand::Expression(expression) => body_keys(Some(expression)),
        Operand::Path(path) => {
            let base = body_keys(context)?;
            let start = Query::start_of(&path.to_string());
            Some(base.into_iter().chain(start).collect())
        }
        Operand::Literal(_) | Operand::DoubleQuoted(_) => None,
    }
}

fn body_keys(expression: Option<&Expression>) -> Option<Vec<String>> {
    let expression = expression?;
    (expression.root == Root::Response(Part::Body)).then(|| expression.keys())
}
