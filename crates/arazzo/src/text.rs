//! Reads JSON and YAML, and remembers the line that each value stands on.

use std::collections::BTreeMap;
use std::{fmt, thread};

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use serde_saphyr::Spanned;

use crate::pointer::Pointer;

/// A document as it was written: its value, and where each part of it stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    pub(crate) value: Value,
    lines: BTreeMap<Pointer, usize>,
}

/// Deepest nesting of a document; deeper ones would exhaust the stack of those who walk it.
const DEEPEST: usize = 100;
/// A parser without optimisations takes 40 KB of stack for each level, and threads have 2 MB.
const STACK: usize = 16 << 20;

impl Text {
    /// Reads YAML, of which JSON is a part.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        aside(|| {
            let mut lines = BTreeMap::new();
            let value = gather(read(text)?, &Pointer::root(), &mut lines);
            Ok(Self { value, lines })
        })
    }

    /// Returns the line of a place, or of the nearest one around it.
    pub(crate) fn line(&self, place: &Pointer) -> Option<usize> {
        let mut next = Some(place.clone());
        while let Some(place) = next {
            if let Some(line) = self.lines.get(&place) {
                return Some(*line);
            }
            next = place.parent();
        }
        None
    }
}

/// Reads the value alone, which is a good deal faster.
pub(crate) fn value(text: &str) -> Result<Value, String> {
    aside(|| match serde_json::from_str(text) {
        Ok(value) => Ok(value),
        Err(_) => read(text),
    })
}

fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, String> {
    // YAML 1.2: `y`, `no` and `on` are words, not truth values.
    let options = serde_saphyr::options! {
        strict_booleans: true,
        budget: serde_saphyr::budget! { max_depth: DEEPEST },
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let words = error.to_string();
        let first = words.lines().next().unwrap_or_default();
        first.strip_prefix("error: ").unwrap_or(first).to_owned()
    })
}

/// Does work that needs a deep stack.
fn aside<T: Send>(work: impl FnOnce() -> Result<T, String> + Send) -> Result<T, String> {
    thread::scope(|scope| {
        let working = thread::Builder::new().stack_size(STACK);
        let working = working.spawn_scoped(scope, work);
        let working = working.map_err(|error| format!("no thread to read it: {error}"))?;
        working
            .join()
            .unwrap_or_else(|_| Err("the parser has given up".to_owned()))
    })
}

/// A value in which each part knows its line.
enum Written {
    Plain(Value),
    List(Vec<Spanned<Written>>),
    Object(Vec<(String, Spanned<Written>)>),
}

fn gather(written: Spanned<Written>, at: &Pointer, lines: &mut BTreeMap<Pointer, usize>) -> Value {
    let line = usize::try_from(written.referenced.line()).unwrap_or_default();
    if line > 0 {
        lines.insert(at.clone(), line);
    }
    match written.value {
        Written::Plain(value) => value,
        Written::List(items) => {
            let each = items.into_iter().enumerate();
            Value::Array(
                each.map(|(index, item)| gather(item, &at.item(index), lines))
                    .collect(),
            )
        }
        Written::Object(members) => {
            let each = members.into_iter().map(|(key, member)| {
                let member = gather(member, &at.child(&key), lines);
                (key, member)
            });
            Value::Object(each.collect::<Map<_, _>>())
        }
    }
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Written;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Written, E> {
        Ok(Written::Plain(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Written, E> {
        Ok(Written::Plain(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Written, E> {
        Ok(Written::Plain(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Written, E> {
        Ok(Written::Plain(
            Number::from_f64(value).map_or(Value::Null, Value::Number),
        ))
    }

    fn visit_str<E>(self, value: &str) -> Result<Written, E> {
        Ok(Written::Plain(value.into()))
    }

    fn visit_string<E>(self, value: String) -> Result<Written, E> {
        Ok(Written::Plain(value.into()))
    }

    fn visit_unit<E>(self) -> Result<Written, E> {
        Ok(Written::Plain(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Written, E> {
        Ok(Written::Plain(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Written, D::Error> {
        Written::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Written, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Written::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Written, A::Error> {
        let mut list = Vec::new();
        // A number or a truth value as a key, such as a status code, is its text.
        while let Some((Key(key), member)) = members.next_entry()? {
            list.push((key, member));
        }
        Ok(Written::Object(list))
    }
}

struct Key(String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_knows_its_line() {
        let text = Text::parse("a: 1\nb:\n  - x\n  - {c: [1,\n     2]}\n200: yes\n").unwrap();
        assert_eq!(
            text.value,
            serde_json::json!({"a": 1, "b": ["x", {"c": [1, 2]}], "200": "yes"})
        );
        for (place, line) in [
            ("/a", 1),
            ("/b/0", 3),
            ("/b/1/c/1", 5),
            ("/200", 6),
            ("/b/1/none", 4),
        ] {
            assert_eq!(text.line(&place.into()), Some(line), "{place}");
        }
    }

    #[test]
    fn json_is_read_as_well() {
        let text =
            Text::parse("{\n \"a\": {\"b\": null, \"c\": 1.5, \"d\": \"\\u00e9\"}}").unwrap();
        assert_eq!(
            text.value,
            serde_json::json!({"a": {"b": null, "c": 1.5, "d": "é"}})
        );
    }

    #[test]
    fn the_value_alone_is_the_same() {
        for text in [
            "a: [1, no, yes, null, 1.5]\n200: {b: true}\nc: |\n  x\n  y\nd: &k {e: 1}\nf: *k\n",
            "{\"a\": 1, \"b\": [\"\\u00e9\"]}",
        ] {
            assert_eq!(
                value(text),
                Text::parse(text).map(|text| text.value),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_document_is_refused() {
        let deep = "[".repeat(200) + &"]".repeat(200);
        for text in ["a: [1", "{\"a\": 1", "a: 1\na: 2", "\t- x: :", &deep] {
            assert!(Text::parse(text).is_err(), "{text}");
            assert!(value(text).is_err(), "{text}");
        }
    }
}
