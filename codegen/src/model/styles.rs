//! How a value becomes text in a path, a query, a header, a cookie or a form.

use serde_json::Value;

use super::{is_on, text};
use crate::marks;

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the path.
    Path,
    /// Behind the question mark.
    Query,
    /// As a header.
    Header,
    /// In the `Cookie` header.
    Cookie,
}

/// A style of the contract, and whether each item of a list stands by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    /// How it is spelled.
    pub kind: StyleKind,
    /// Whether items and members stand by themselves.
    pub explode: bool,
}

/// The styles of OpenAPI, and values that are whole documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StyleKind {
    /// `name=a,b`.
    Form,
    /// `a,b`.
    Simple,
    /// `.a.b`.
    Label,
    /// `;name=a,b`.
    Matrix,
    /// `name=a b`.
    Space,
    /// `name=a|b`.
    Pipe,
    /// `name[member]=a`.
    Deep,
    /// JSON as text.
    Json,
}

impl Style {
    /// Reads what a parameter says, or the encoding of a member of a form.
    pub(super) fn of(node: &Value, place: Place) -> Self {
        let usual = match place {
            Place::Path | Place::Header => StyleKind::Simple,
            Place::Query | Place::Cookie => StyleKind::Form,
        };
        let said = match (text(node, "style"), place) {
            (Some("label"), Place::Path) => StyleKind::Label,
            (Some("matrix"), Place::Path) => StyleKind::Matrix,
            (Some("spaceDelimited"), Place::Query) => StyleKind::Space,
            (Some("pipeDelimited"), Place::Query) => StyleKind::Pipe,
            (Some("deepObject"), Place::Query) => StyleKind::Deep,
            _ => usual,
        };
        let kind = if is_on(node, marks::JSON_TEXT) {
            StyleKind::Json
        } else {
            said
        };
        let explode = node.get("explode").and_then(Value::as_bool);
        Self {
            kind,
            explode: explode.unwrap_or(said == StyleKind::Form),
        }
    }
}
