//! What may stand at one place: in a member, an item, a parameter or a message.

use serde_json::Value;

use super::{is_on, text};
use crate::document::referred;
use crate::extension;
use crate::marks;

/// What may stand at one place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Content {
    /// The type of the value.
    pub ty: Ty,
    /// Whether null may stand in its place.
    pub nullable: bool,
    /// Whether a reference to another step may stand in its place.
    pub referable: bool,
    /// Whether only the service sets it.
    pub read_only: bool,
    /// Whether only requests have it.
    pub write_only: bool,
    /// Keywords that bound a number, and their values.
    pub bounds: Vec<(&'static str, f64)>,
    /// Least and most characters of a text, or items of a list.
    pub counts: (u64, Option<u64>),
    /// Whether no two items may be equal.
    pub unique: bool,
    /// The values that are listed, where the type is no enum of its own.
    pub listed: Vec<Value>,
    /// The value that the service takes where there is none.
    pub default: Option<Value>,
    /// Whether it may be left out although the document requires it.
    pub optional: bool,
    /// The kind of file behind a link, as the contract marks it.
    pub file: Option<String>,
    /// What the contract says about it.
    pub about: About,
}

/// What a contract says about a node in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct About {
    /// The description, or the title.
    pub text: Option<String>,
    /// Whether the service gives it up.
    pub deprecated: bool,
    /// Sentences about where the node is known from.
    pub known: Vec<String>,
}

/// The type of a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ty {
    /// Any JSON.
    Any,
    /// `true` or `false`.
    Bool,
    /// A whole number, with its format.
    Int(&'static str),
    /// Any number.
    Number,
    /// A text, with its format.
    Text(Option<String>),
    /// A list.
    List(Box<Content>),
    /// A map.
    Map(Box<Content>),
    /// A type of its own, by the name of its schema.
    Named(String),
}

/// Keywords that bound a number.
const BOUNDS: [&str; 5] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];

impl About {
    /// Reads what stands about a node.
    pub(crate) fn of(node: &Value) -> Self {
        Self {
            text: text(node, "description")
                .or(text(node, "title"))
                .map(str::to_owned),
            deprecated: is_on(node, "deprecated"),
            known: extension::sentence(node).into_iter().collect(),
        }
    }
}

impl Content {
    /// Reads a schema where it is used.
    pub(crate) fn of(schema: &Value) -> Self {
        let ty = Ty::of(schema);
        let count = |key: &str| schema.get(key).and_then(Value::as_u64);
        let (least, most) = match ty {
            Ty::List(_) => (count("minItems"), count("maxItems")),
            _ => (count("minLength"), count("maxLength")),
        };
        let bound = |key| Some((key, schema.get(key)?.as_f64()?));
        let listed = schema.get("enum").and_then(Value::as_array);
        Self {
            ty,
            nullable: is_on(schema, "nullable"),
            referable: is_on(schema, marks::REFERABLE),
            read_only: is_on(schema, "readOnly"),
            write_only: is_on(schema, "writeOnly"),
            bounds: BOUNDS.into_iter().filter_map(bound).collect(),
            counts: (least.unwrap_or(0), most),
            unique: is_on(schema, "uniqueItems"),
            listed: listed.cloned().unwrap_or_default(),
            default: schema
                .get("default")
                .filter(|value| !value.is_null())
                .cloned(),
            optional: is_on(schema, marks::OPTIONAL),
            file: text(schema, marks::FILE).map(str::to_owned),
            about: About::of(schema),
        }
    }

    /// The content of an absent schema.
    pub(crate) fn any() -> Self {
        Self::of(&Value::Null)
    }

    /// Calls `visit` with every schema that it refers to.
    pub(crate) fn each_name<'a>(&'a self, visit: &mut dyn FnMut(&'a str)) {
        match &self.ty {
            Ty::Named(name) => visit(name),
            Ty::List(inner) | Ty::Map(inner) => inner.each_name(visit),
            _ => {}
        }
    }
}

/// Whether a whole number may be larger than the largest `i64`.
fn is_beyond(schema: &Value) -> bool {
    let most = schema.get("maximum");
    most.is_some_and(|most| most.is_u64() && !most.is_i64())
}

impl Ty {
    fn of(schema: &Value) -> Self {
        if let Some(name) = referred(schema) {
            return Self::Named(name);
        }
        let inner = |key: &str| {
            let inner = schema.get(key).filter(|inner| inner.is_object());
            Box::new(inner.map_or_else(Content::any, Content::of))
        };
        match text(schema, "type") {
            Some("boolean") => Self::Bool,
            Some("integer") => Self::Int(match text(schema, "format") {
                Some("int32") => "int32",
                Some("uint32") => "uint32",
                Some("uint64" | "uint") => "uint64",
                _ if is_beyond(schema) => "uint64",
                _ => "int64",
            }),
            Some("number") => Self::Number,
            Some("string") => Self::Text(text(schema, "format").map(str::to_owned)),
            Some("array") => Self::List(inner("items")),
            Some("object") => Self::Map(inner("additionalProperties")),
            _ => Self::Any,
        }
    }
}
