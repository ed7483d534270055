//! Simple conditions as trees.

use std::borrow::Cow;

use serde_json::Value;
use serde_json_path::JsonPath;

use super::compare::{Operator, compare, is_true};
use crate::expression::{Expression, Root, Scope};

#[derive(Clone, Debug)]
pub(crate) enum Simple {
    Or(Vec<Simple>),
    And(Vec<Simple>),
    Not(Box<Simple>),
    Compare(Operand, Operator, Operand),
    Bare(Operand),
}

#[derive(Clone, Debug)]
pub(crate) enum Operand {
    Literal(Value),
    DoubleQuoted(Value),
    Expression(Expression),
    /// A query over the context, whose first result counts.
    Path(Box<JsonPath>),
}

impl Simple {
    pub(crate) fn holds(&self, scope: &dyn Scope, context: Option<&Value>) -> bool {
        match self {
            Self::Or(parts) => parts.iter().any(|part| part.holds(scope, context)),
            Self::And(parts) => parts.iter().all(|part| part.holds(scope, context)),
            Self::Not(part) => !part.holds(scope, context),
            Self::Compare(left, operator, right) => {
                let (left, right) = (left.value(scope, context), right.value(scope, context));
                compare(left.as_deref(), *operator, right.as_deref())
            }
            Self::Bare(operand) => is_true(operand.value(scope, context).as_deref()),
        }
    }

    /// Returns whether it holds for a reply of this status; `None` where that depends on more.
    pub(crate) fn admits(&self, status: u16) -> Option<bool> {
        match self {
            Self::Or(parts) => joined(parts.iter().map(|part| part.admits(status)), true),
            Self::And(parts) => joined(parts.iter().map(|part| part.admits(status)), false),
            Self::Not(part) => part.admits(status).map(|holds| !holds),
            Self::Compare(left, operator, right) => {
                let (left, right) = (left.known(status)?, right.known(status)?);
                Some(compare(Some(&left), *operator, Some(&right)))
            }
            Self::Bare(operand) => Some(is_true(Some(&operand.known(status)?))),
        }
    }

    pub(crate) fn has_comparison(&self) -> bool {
        match self {
            Self::Or(parts) | Self::And(parts) => parts.iter().any(Self::has_comparison),
            Self::Not(part) => part.has_comparison(),
            Self::Compare(..) => true,
            Self::Bare(_) => false,
        }
    }

    /// Visits every operand.
    pub(crate) fn each_operand<'a>(&'a self, visit: &mut dyn FnMut(&'a Operand)) {
        match self {
            Self::Or(parts) | Self::And(parts) => {
                parts.iter().for_each(|part| part.each_operand(visit));
            }
            Self::Not(part) => part.each_operand(visit),
            Self::Compare(left, _, right) => {
                visit(left);
                visit(right);
            }
            Self::Bare(operand) => visit(operand),
        }
    }

    /// Visits every comparison of something with a literal.
    pub(crate) fn each_literal<'a>(
        &'a self,
        visit: &mut dyn FnMut(&'a Operand, Operator, &'a Value),
    ) {
        match self {
            Self::Or(parts) | Self::And(parts) => {
                parts.iter().for_each(|part| part.each_literal(visit));
            }
            Self::Not(part) => part.each_literal(visit),
            Self::Compare(
                operand,
                operator,
                Operand::Literal(value) | Operand::DoubleQuoted(value),
            )
            | Self::Compare(
                Operand::Literal(value) | Operand::DoubleQuoted(value),
                operator,
                operand,
            ) => {
                visit(operand, *operator, value);
            }
            Self::Compare(..) | Self::Bare(_) => {}
        }
    }
}

impl Operand {
    fn value<'a>(
        &'a self,
        scope: &dyn Scope,
        context: Option<&'a Value>,
    ) -> Option<Cow<'a, Value>> {
        match self {
            Self::Literal(value) | Self::DoubleQuoted(value) => Some(Cow::Borrowed(value)),
            Self::Expression(expression) => expression.value(scope).map(Cow::Owned),
            Self::Path(path) => path.query(context?).first().map(Cow::Borrowed),
        }
    }

    fn known(&self, status: u16) -> Option<Value> {
        match self {
            Self::Literal(value) | Self::DoubleQuoted(value) => Some(value.clone()),
            Self::Expression(expression) => {
                (expression.root == Root::StatusCode).then(|| status.into())
            }
            Self::Path(_) => None,
        }
    }
}

/// Joins truths of which some are not known; `decisive` is the one that settles it alone.
fn joined(parts: impl Iterator<Item = Option<bool>>, decisive: bool) -> Option<bool> {
    let mut known = true;
    for part in parts {
        match part {
            Some(value) if value == decisive => return Some(decisive),
            Some(_) => {}
            None => known = false,
        }
    }
    known.then_some(!decisive)
}
