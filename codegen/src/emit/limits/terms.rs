//! Members and rules in the words of the support module `terms`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::limits::{Limited, Rule};

/// Writes a member.
pub(super) fn member(member: &Limited) -> String {
    let how = if member.required { "must" } else { "may" };
    format!("{how}({:?}, {})", member.wire, rule(&member.rule))
}

/// The limits that a rule names.
pub(super) fn named<'a>(plan: &'a Rule, names: &mut BTreeSet<&'a str>) {
    match plan {
        Rule::Enum(name) | Rule::Object(name) => {
            names.insert(name);
        }
        Rule::List { item, .. } => named(item, names),
        Rule::Map(value) => named(value, names),
        _ => {}
    }
}

fn rule(plan: &Rule) -> String {
    match plan {
        Rule::Any => "ANY".to_owned(),
        Rule::Number { whole, bounds } => number(*whole, bounds),
        Rule::Flag => "FLAG".to_owned(),
        Rule::Text(0, None) => "TEXT".to_owned(),
        Rule::Text(least, None) => format!("text_from({least})"),
        Rule::Text(least, Some(most)) => format!("text({least}, {most})"),
        Rule::Values(values) => format!("one_of(&{values:?})"),
        Rule::Numbers(values) => format!("Rule::Numbers(&{values:?})"),
        Rule::List {
            least: 0,
            most: None,
            unique: false,
            item,
        } => format!("each(&{})", rule(item)),
        Rule::List {
            least,
            most,
            unique,
            item,
        } => {
            let word = if *unique { "set" } else { "list" };
            format!("{word}({least}, {most:?}, &{})", rule(item))
        }
        Rule::Map(value) => format!("map(&{})", rule(value)),
        Rule::Enum(name) => name.clone(),
        Rule::Object(name) => format!("object(&{name})"),
    }
}

fn number(whole: bool, bounds: &[(&'static str, f64)]) -> String {
    match bounds {
        [] => return if whole { "WHOLE" } else { "NUMBER" }.to_owned(),
        [("minimum", least), ("maximum", most)] if !whole => {
            return format!("number({least:?}, {most:?})");
        }
        [("minimum", least), ("maximum", most)] if is_exact(*least) && is_exact(*most) => {
            return format!("whole({least}, {most})");
        }
        _ => {}
    }
    let kind = if whole { "INTEGER" } else { "NUMBER" };
    let mut text = format!("Rule::Number(Range::{kind}");
    for (key, value) in bounds {
        let method = match *key {
            "minimum" => "from",
            "maximum" => "to",
            "exclusiveMinimum" => "above",
            "exclusiveMaximum" => "below",
            _ => "multiple_of",
        };
        let _infallible = write!(text, ".{method}({value:?})");
    }
    text + ")"
}

/// Whether a number is a whole one that a float holds exactly.
fn is_exact(number: f64) -> bool {
    number.fract() == 0.0 && number.abs() < (1_i64 << f64::MANTISSA_DIGITS) as f64
}
