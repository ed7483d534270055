//! Criteria.

use serde_json::Value;

use super::Criterion;
use super::fields::{Fields, Reader};
use crate::condition::Condition;
use crate::expression::Expression;
use crate::finding::Rule;
use crate::pointer::Pointer;

impl<'a> Reader<'a> {
    pub(super) fn criteria(&mut self, fields: &Fields<'a>, key: &str) -> Vec<Criterion> {
        let read = self.each(fields, key, |reader, value, at| {
            reader.criterion(value, &at)
        });
        read.unwrap_or_default()
    }

    fn criterion(&mut self, value: &'a Value, at: &Pointer) -> Option<Criterion> {
        let fields = self.object(value, at, &["context", "condition", "type"])?;
        let text = self.text(&fields, "condition")?;
        let context = self.optional(&fields, "context");
        let expression = context.and_then(Expression::parse);
        if let (Some(context), None) = (context, &expression) {
            let place = fields.place("context");
            self.wrong(&place, format!("the context `{context}` is no expression"));
        }
        let kind = self.kind(&fields);
        let condition = match kind {
            "regex" => Condition::regex(text),
            "jsonpath" => Condition::path(text),
            "simple" => Condition::simple(text),
            other => Condition::Unsupported(format!("conditions by {other} are not supported")),
        };
        if context.is_none() && kind != "simple" {
            let message = format!("a condition of type `{kind}` needs a `context`");
            self.findings.add(Rule::NoContext, at, message);
        }
        self.tell(&condition, text, &fields.place("condition"));
        Some(Criterion {
            text: text.to_owned(),
            context: expression,
            condition,
            at: at.clone(),
        })
    }

    /// Reads the type, which may be an object with a version.
    fn kind(&mut self, fields: &Fields<'a>) -> &'a str {
        let Some(value) = fields.get("type") else {
            return "simple";
        };
        let place = fields.place("type");
        let (kind, version) = match value {
            Value::Object(object) => (
                object.get("type").and_then(Value::as_str),
                object.get("version").and_then(Value::as_str),
            ),
            other => (other.as_str(), None),
        };
        match kind {
            Some("simple" | "regex" | "xpath") => {}
            Some("jsonpath") => match version {
                None | Some("rfc9535") => {}
                Some(version) if version.starts_with("draft-goessner-dispatch-jsonpath") => {
                    let message = format!("the query of the dialect {version} is read by RFC 9535");
                    self.findings.add(Rule::Dialect, &place, message);
                }
                Some(version) => {
                    let message = format!("JSONPath of version {version} is not supported");
                    self.findings.add(Rule::Unsupported, &place, message);
                }
            },
            other => {
                let other = other.unwrap_or_default();
                self.wrong(&place, format!("`{other}` is no type of condition"));
                return "simple";
            }
        }
        kind.unwrap_or("simple")
    }

    fn tell(&mut self, condition: &Condition, text: &str, at: &Pointer) {
        match condition {
            Condition::Meant(_) => {
                let message = format!(
                    "`{text}` is a comparison and no JSONPath query, so it never holds; write a simple \
                     condition, as in `$response.body#/status == 'done'`, or a filter, as in \
                     `$[?$.status == 'done']`"
                );
                self.findings.add(Rule::NoQuery, at, message);
            }
            Condition::Broken(why) => {
                self.findings
                    .add(Rule::MalformedCondition, at, format!("`{text}`: {why}"));
            }
            Condition::Unsupported(why) => self.findings.add(Rule::Unsupported, at, why),
            Condition::Simple(_) | Condition::Regex(_) | Condition::Path(_) => {}
        }
    }
}
