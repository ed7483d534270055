//! Compares what a use adds to a type: null, defaults, direction.

use serde_json::Value;

use super::compare::Comparison;
use super::detail::{Detail, Way};
use super::kind::{Kind, kind};
use super::prepare::DROPPED;
use super::side::Side;
use super::values::{flag, same_option, text};

impl Comparison<'_> {
    /// Compares what a use adds to a type.
    pub(super) fn site(&self, ours: &Value, vendors: &Value, way: Way) -> Vec<Detail> {
        let mut details = own(ours, vendors, way);
        // Any JSON includes null; where only one side is that, the types differ and say so.
        let nullable = |side: &Side, schema: &Value| {
            let target = side.target(schema);
            let may = flag(schema, "nullable") || flag(target, "nullable");
            (kind(target) != Kind::Any).then_some(may)
        };
        let (Some(before), Some(after)) =
            (nullable(self.ours, ours), nullable(self.vendors, vendors))
        else {
            return details;
        };
        if before != after {
            let word = |nullable| Some(if nullable { "nullable" } else { "never null" }.to_owned());
            details.push(Detail {
                message: if after {
                    "became nullable"
                } else {
                    "is never null now"
                }
                .to_owned(),
                ..Detail::changed("", word(before), word(after), way.breaks(before, after))
            });
        }
        details
    }
}

/// Compares what stands on a schema whatever its type.
pub(super) fn own(ours: &Value, vendors: &Value, way: Way) -> Vec<Detail> {
    let mut details = Vec::new();
    let (before, after) = (default(ours), default(vendors));
    if !same_option(before, after) {
        let (before, after) = (before.map(text), after.map(text));
        details.push(Detail::changed("default", before, after, false));
    }
    for (key, narrows) in [("readOnly", Way::REQUEST), ("writeOnly", Way::REPLY)] {
        let (before, after) = (flag(ours, key), flag(vendors, key));
        if before != after {
            let breaking = after && way.breaks(narrows.request, narrows.reply);
            let word = |flag: bool| Some(flag.to_string());
            details.push(Detail::changed(key, word(before), word(after), breaking));
        }
    }
    if !same_option(ours.get(DROPPED), vendors.get(DROPPED)) {
        let say = |schema: &Value| schema.get(DROPPED).map(Value::to_string);
        details.push(Detail::changed("rule", say(ours), say(vendors), true));
    }
    details
}

/// A default that says something.
fn default(schema: &Value) -> Option<&Value> {
    schema.get("default").filter(|value| !value.is_null())
}
