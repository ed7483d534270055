//! Values with expressions in them, selectors, and outputs.

use serde_json::Value;
use serde_json_path::JsonPath;

use super::Output;
use super::fields::{Fields, Reader};
use crate::expression::{Expression, Selector, SelectorQuery, Template};
use crate::finding::Rule;
use crate::pointer::{Pointer, keys};

const SELECTOR: [&str; 3] = ["context", "selector", "type"];

impl<'a> Reader<'a> {
    /// Reads a value; since 1.1 it may be a selector.
    pub(super) fn template(&mut self, value: &'a Value, at: &Pointer) -> Template {
        let members = value.as_object();
        let is_selector = self.minor > 0
            && members.is_some_and(|members| {
                members.len() == SELECTOR.len()
                    && SELECTOR.iter().all(|key| members.contains_key(*key))
            });
        if is_selector {
            let selector = self.selector(value, at);
            return selector.map_or(Template::Literal(Value::Null), |selector| {
                Template::Selected(Box::new(selector))
            });
        }
        Template::of(value)
    }

    fn selector(&mut self, value: &'a Value, at: &Pointer) -> Option<Selector> {
        let fields = self.object(value, at, &SELECTOR)?;
        let context = self.text(&fields, "context")?;
        let expression = Expression::parse(context);
        if expression.is_none() {
            self.wrong(
                &fields.place("context"),
                format!("`{context}` is no expression"),
            );
        }
        let selector = self.text(&fields, "selector")?;
        let place = fields.place("selector");
        let query = match self.selector_kind(&fields, "type") {
            Some("jsonpath") => SelectorQuery::Path(self.path(selector, &place)?),
            Some("jsonpointer") if keys(selector).is_some() => {
                SelectorQuery::Pointer(selector.to_owned())
            }
            _ => {
                self.wrong(&place, format!("`{selector}` is no JSON Pointer"));
                return None;
            }
        };
        Some(Selector {
            context: expression?,
            query,
        })
    }

    /// Reads the type of a selector, with or without a version. XPath is not supported.
    pub(super) fn selector_kind(&mut self, fields: &Fields<'a>, key: &str) -> Option<&'a str> {
        let value = fields.get(key)?;
        let kind = value.as_str().or_else(|| value.get("type")?.as_str());
        match kind {
            Some("jsonpath" | "jsonpointer") => {}
            Some("xpath") => {
                let message = "selectors by XPath are not supported";
                self.findings
                    .add(Rule::Unsupported, &fields.place(key), message);
            }
            _ => self.wrong(
                &fields.place(key),
                "a selector is `jsonpath` or `jsonpointer`",
            ),
        }
        kind
    }

    pub(super) fn path(&mut self, text: &str, at: &Pointer) -> Option<Box<JsonPath>> {
        match JsonPath::parse(text) {
            Ok(path) => Some(Box::new(path)),
            Err(error) => {
                let message = format!("`{text}` is not a query of RFC 9535: {error}");
                self.wrong(at, message);
                None
            }
        }
    }

    pub(super) fn outputs(&mut self, fields: &Fields<'a>) -> Vec<Output> {
        let Some(value) = fields.get("outputs") else {
            return Vec::new();
        };
        let place = fields.place("outputs");
        let Some(members) = value.as_object() else {
            self.wrong(&place, "an object of names and expressions belongs here");
            return Vec::new();
        };
        let mut outputs = Vec::new();
        for (name, value) in members {
            let at = place.child(name);
            self.check_name(name, &at, true);
            if !(value.is_string() || self.minor > 0 && value.is_object()) {
                self.wrong(&at, "an output is an expression");
                continue;
            }
            let value = self.template(value, &at);
            outputs.push(Output {
                name: name.clone(),
                value,
                at,
            });
        }
        outputs
    }
}
