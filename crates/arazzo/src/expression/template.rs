//! Values with expressions in them: whole, embedded in texts, and anywhere in a structure.

use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use super::{Expression, Scope, plain, unbraced};

/// A value that is made when it is needed.
#[derive(Clone, Debug)]
pub(crate) enum Template {
    Literal(Value),
    /// The value of an expression, with its type.
    Whole(Expression),
    Text(Embedded),
    List(Vec<Template>),
    Map(Vec<(String, Template)>),
    Selected(Box<Selector>),
}

/// A text with expressions in braces.
#[derive(Clone, Debug)]
pub(crate) struct Embedded {
    pub(crate) pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
pub(crate) enum Piece {
    Text(String),
    Expression(Expression),
}

/// A part of an expression's value, chosen by a query (1.1).
#[derive(Clone, Debug)]
pub(crate) struct Selector {
    pub(crate) context: Expression,
    pub(crate) query: SelectorQuery,
}

#[derive(Clone, Debug)]
pub(crate) enum SelectorQuery {
    Pointer(String),
    Path(Box<JsonPath>),
}

/// An expression that has no value where one must be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Vague(pub(crate) String);

impl Template {
    /// Reads a text: an expression, a text with embedded ones, or a literal.
    pub(crate) fn of_text(text: &str) -> Self {
        if let Some(expression) = Expression::parse(text) {
            return Self::Whole(expression);
        }
        let embedded = Embedded::parse(text);
        let literal = embedded.expressions().next().is_none();
        if literal {
            Self::Literal(text.into())
        } else {
            Self::Text(embedded)
        }
    }

    /// Reads a structure whose texts may be expressions.
    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::String(text) => Self::of_text(text),
            Value::Array(items) => Self::List(items.iter().map(Self::of).collect()),
            Value::Object(members) => {
                let each = members
                    .iter()
                    .map(|(key, member)| (key.clone(), Self::of(member)));
                Self::Map(each.collect())
            }
            other => Self::Literal(other.clone()),
        }
    }

    /// Makes the value; `None` where it is an expression without one.
    ///
    /// A member without a value is left out, an item without one is null.
    pub(crate) fn value(&self, scope: &dyn Scope) -> Result<Option<Value>, Vague> {
        Ok(match self {
            Self::Literal(value) => Some(value.clone()),
            Self::Whole(expression) => expression.value(scope),
            Self::Text(text) => Some(text.fill(scope)?.into()),
            Self::List(items) => {
                let each = items
                    .iter()
                    .map(|item| Ok(item.value(scope)?.unwrap_or_default()));
                Some(Value::Array(each.collect::<Result<_, _>>()?))
            }
            Self::Map(members) => {
                let mut object = Map::new();
                for (key, member) in members {
                    if let Some(value) = member.value(scope)? {
                        object.insert(key.clone(), value);
                    }
                }
                Some(Value::Object(object))
            }
            Self::Selected(selector) => selector.value(scope),
        })
    }

    /// Returns it as its author means it: with braces around expressions that have none.
    pub(crate) fn meant(&self) -> Self {
        match self {
            Self::Literal(Value::String(text)) => match unbraced(text) {
                Some(found) => Self::of_text(&found.mended),
                None => self.clone(),
            },
            Self::Text(embedded) => {
                let pieces = embedded.pieces.iter().flat_map(|piece| match piece {
                    Piece::Text(text) => match unbraced(text) {
                        Some(found) => Embedded::parse(&found.mended).pieces,
                        None => vec![piece.clone()],
                    },
                    Piece::Expression(_) => vec![piece.clone()],
                });
                Self::Text(Embedded {
                    pieces: pieces.collect(),
                })
            }
            Self::List(items) => Self::List(items.iter().map(Self::meant).collect()),
            Self::Map(members) => {
                let each = members
                    .iter()
                    .map(|(key, member)| (key.clone(), member.meant()));
                Self::Map(each.collect())
            }
            Self::Literal(_) | Self::Whole(_) | Self::Selected(_) => self.clone(),
        }
    }
}

impl Embedded {
    /// Splits a text at its expressions in braces. Only `{$` opens one.
    pub(crate) fn parse(text: &str) -> Self {
        let (mut pieces, mut plain, mut rest) = (Vec::new(), String::new(), text);
        while let Some(open) = rest.find("{$") {
            let inside = rest[open + 1..].split_once('}');
            let parsed =
                inside.and_then(|(inside, after)| Some((Expression::parse(inside)?, after)));
            plain.push_str(&rest[..open]);
            if let Some((expression, after)) = parsed {
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                pieces.push(Piece::Expression(expression));
                rest = after;
            } else {
                plain.push_str("{$");
                rest = &rest[open + 2..];
            }
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Self { pieces }
    }

    pub(crate) fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Expression(expression) => Some(expression),
            Piece::Text(_) => None,
        })
    }

    /// Puts the values in their places.
    pub(crate) fn fill(&self, scope: &dyn Scope) -> Result<String, Vague> {
        self.fill_with(scope, |value, _, _| plain(value))
    }

    /// Puts values in their places as `write` makes texts of them; it is told what stands before and
    /// behind each.
    pub(crate) fn fill_with(
        &self,
        scope: &dyn Scope,
        write: impl Fn(&Value, Option<char>, Option<char>) -> String,
    ) -> Result<String, Vague> {
        let mut text = String::new();
        for (index, piece) in self.pieces.iter().enumerate() {
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Expression(expression) => {
                    let value = expression.value(scope);
                    let value = value.ok_or_else(|| Vague(expression.text.clone()))?;
                    let (before, behind) = self.around(index);
                    text.push_str(&write(&value, before, behind));
                }
            }
        }
        Ok(text)
    }

    /// Returns the characters before and behind a piece.
    pub(crate) fn around(&self, index: usize) -> (Option<char>, Option<char>) {
        let text = |index: Option<usize>| match index.and_then(|index| self.pieces.get(index)) {
            Some(Piece::Text(text)) => Some(text),
            _ => None,
        };
        let before = text(index.checked_sub(1)).and_then(|text| text.chars().next_back());
        (
            before,
            text(Some(index + 1)).and_then(|text| text.chars().next()),
        )
    }
}

impl Selector {
    fn value(&self, scope: &dyn Scope) -> Option<Value> {
        let context = self.context.value(scope)?;
        match &self.query {
            SelectorQuery::Pointer(pointer) => context.pointer(pointer).cloned(),
            SelectorQuery::Path(path) => path.query(&context).first().cloned(),
        }
    }
}
