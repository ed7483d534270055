//! Why work failed, in one line, whatever shape the service gives it.

use serde_json::Value;

use crate::path;
use crate::spec::Reason;

/// Characters of a reason, at most.
const LONGEST: usize = 300;
/// Members that hold what people read, where an error is an object.
const WORDS: [&str; 6] = ["message", "detail", "error", "description", "title", "msg"];

/// Reads the reason where the waiter says that it stands.
pub(crate) fn reason(says: &Reason, body: &Value) -> Option<String> {
    let at = |place: &str| path::find(body, place).filter(|_| !place.is_empty());
    let message = at(says.message).and_then(words);
    let code = at(says.code).and_then(words);
    match (code, message) {
        (Some(code), Some(message)) if code != message => Some(line(&format!("{code}: {message}"))),
        (code, message) => message.or(code).map(|text| line(&text)),
    }
}

/// Reads the reason of a reply that refuses, of which the waiter need not say anything.
pub(crate) fn refusal(says: &Reason, body: Option<&Value>) -> Option<String> {
    let body = body?;
    let found = reason(says, body);
    found.or_else(|| words(body).map(|text| line(&text)))
}

/// What people read in a value: a text, a member of an object, or else its JSON.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => (!text.trim().is_empty()).then(|| text.clone()),
        Value::Object(members) => {
            let found = WORDS.iter().find_map(|name| words(members.get(*name)?));
            found.or_else(|| (!members.is_empty()).then(|| value.to_string()))
        }
        Value::Array(items) => {
            let parts: Vec<String> = items.iter().filter_map(words).collect();
            (!parts.is_empty()).then(|| parts.join("; "))
        }
        other => Some(other.to_string()),
    }
}

fn line(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_error_of_any_shape_is_one_line() {
        let says = Reason {
            message: "error",
            code: "error_code",
        };
        for (body, expected) in [
            (json!({"error": "no  such\nmodel"}), Some("no such model")),
            (json!({"error": {"message": "no", "x": 1}}), Some("no")),
            (
                json!({"error": {"error": {"detail": "deep"}}}),
                Some("deep"),
            ),
            (json!({"error": {"status": 7}}), Some("{\"status\":7}")),
            (json!({"error": ["a", {"message": "b"}]}), Some("a; b")),
            (json!({"error": 17}), Some("17")),
            (json!({"error": "no", "error_code": "E1"}), Some("E1: no")),
            (json!({"error": null}), None),
            (json!({"error": " "}), None),
            (json!({}), None),
        ] {
            assert_eq!(reason(&says, &body).as_deref(), expected, "{body}");
        }
    }
}
