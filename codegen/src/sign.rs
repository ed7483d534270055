//! The signs by which a branch of a choice is known among objects: members that must be there, and what
//! they hold.

use serde_json::{Value, json};

use crate::shape::JsonKind;

/// What a member says about the branch.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Sign {
    /// That it is there.
    There,
    /// What JSON it is.
    Kind(JsonKind),
    /// That it is one of these values.
    Is(Vec<Value>),
}

impl Sign {
    /// Whether no value bears both signs.
    pub(crate) fn excludes(&self, other: &Self) -> bool {
        let kinds = |values: &[Value], kind: JsonKind| {
            values
                .iter()
                .all(|value| JsonKind::of_value(value) != Some(kind))
        };
        match (self, other) {
            (Self::There, _) | (_, Self::There) => false,
            (Self::Kind(one), Self::Kind(other)) => one != other,
            (Self::Is(values), Self::Kind(kind)) | (Self::Kind(kind), Self::Is(values)) => {
                kinds(values, *kind)
            }
            (Self::Is(one), Self::Is(other)) => one.iter().all(|value| !other.contains(value)),
        }
    }

    /// As a mark holds it.
    pub(crate) fn write(&self) -> Value {
        match self {
            Self::There => json!({}),
            Self::Kind(kind) => json!({ "kind": kind.name() }),
            Self::Is(values) => json!({ "is": values }),
        }
    }

    /// Reads what [`write`](Self::write) wrote.
    pub(crate) fn read(value: &Value) -> Self {
        if let Some(values) = value.get("is").and_then(Value::as_array) {
            return Self::Is(values.clone());
        }
        let kind = value.get("kind").and_then(Value::as_str);
        kind.and_then(JsonKind::named)
            .map_or(Self::There, Self::Kind)
    }
}
