//! Every kind of condition, in both readings.

use serde_json::{Value, json};

use super::*;
use crate::expression::{Part, Root};

struct Reply(Value);

impl Scope for Reply {
    fn root(&self, root: &Root) -> Option<Value> {
        match root {
            Root::StatusCode => Some(200.into()),
            Root::Response(Part::Body) => Some(self.0.clone()),
            Root::Response(Part::Header(name)) => (name == "x-count").then(|| "2".into()),
            Root::Input(name) => match name.as_str() {
                "word" => Some("ready".into()),
                "sly" => Some("x' || 'a' == 'a".into()),
                "dots" => Some("a.c".into()),
                _ => None,
            },
            _ => None,
        }
    }
}

fn reply() -> Reply {
    Reply(json!({
        "status": "READY", "n": 10, "text": "10", "nul": null, "list": [], "zero": 0, "no": false,
        "items": [{"name": "Alpha"}, {"name": "Beta"}], "o": {"a": 1}, "empty": "",
    }))
}

fn judge(condition: &Condition, reading: Reading) -> Judged {
    let context = Expression::parse("$response.body");
    condition.judge(context.as_ref(), &reply(), reading)
}

#[test]
fn simple_conditions() {
    for (text, held) in [
        ("$statusCode == 200", true),
        ("$statusCode != 200", false),
        ("$statusCode >= 200 && $statusCode < 300", true),
        ("$statusCode == 404 || $statusCode == 200", true),
        (
            "($statusCode == 404 || $statusCode == 200) && $response.body#/n > 9",
            true,
        ),
        ("$statusCode == 404 || $statusCode == 200 && false", false),
        ("!($statusCode == 200)", false),
        ("!$response.body#/no", true),
        // Texts ignore case.
        ("$response.body#/status == 'ready'", true),
        ("$response.body#/status == \"Ready\"", true),
        ("$response.body#/status != 'ready'", false),
        ("'it''s' == 'IT''S'", true),
        ("$response.body.items[1].name == 'beta'", true),
        // Texts that are numbers compare as numbers.
        ("$response.body#/text > 9", true),
        ("$response.body#/text == 10", true),
        ("$response.header.x-count == 2", true),
        ("$response.body#/text < '9'", false),
        ("'apple' < 'Banana'", true),
        ("$response.body#/n <= 10", true),
        ("$response.body#/n >= 10.5", false),
        ("9007199254740993 == 9007199254740992", false),
        // Null equals null and what is absent, and nothing else.
        ("$response.body#/nul == null", true),
        ("$response.body#/absent == null", true),
        ("$response.body#/n != null", true),
        ("$response.body#/nul != null", false),
        ("$response.body#/absent != null", false),
        ("$response.body#/nul < 1", false),
        ("$response.body#/absent == 'x'", false),
        ("$response.body#/absent != 'x'", false),
        ("$response.body#/o == 1", false),
        ("$response.body#/no == false", true),
        // A value alone.
        ("true", true),
        ("$response.body#/empty", false),
        ("$response.body#/zero", false),
        ("$response.body#/list", true),
        ("$response.body#/absent", false),
        ("$response.body#/nul", false),
        ("$response.body#/status", true),
    ] {
        let condition = Condition::simple(text);
        assert!(
            matches!(condition, Condition::Simple(_)),
            "{text}: {condition:?}"
        );
        assert_eq!(
            judge(&condition, Reading::Strict),
            Judged { held, note: None },
            "{text}"
        );
    }
}

#[test]
fn what_is_no_simple_condition() {
    for text in [
        "",
        "$statusCode",
        "$statusCode = 200",
        "$statusCode === 200",
        "{$statusCode} == 200",
        "1 <",
        "$response.body#/a contains 'b'",
        "(true",
        "true)",
        "1 < 2 < 3",
        "$.a == 'b'",
        "ready == ready",
        "'open",
        "&& true",
        "$statusCode == 200 and true",
        &"!".repeat(100),
    ] {
        let broken = matches!(Condition::simple(text), Condition::Broken(_));
        assert_eq!(broken, text != "$statusCode", "{text}");
    }
}

#[test]
fn regular_expressions() {
    let status = Expression::parse("$statusCode");
    for (context, text, held) in [
        (&status, "^200$", true),
        (&status, r"^2\d{2}$", true),
        (&status, "^4", false),
    ] {
        let judged = Condition::regex(text).judge(context.as_ref(), &reply(), Reading::Strict);
        assert_eq!(judged.held, held, "{text}");
    }
    for (text, held) in [
        ("\"status\":\"READY\"", true),
        ("ready", false),
        ("(?i)ready", true),
    ] {
        assert_eq!(
            judge(&Condition::regex(text), Reading::Strict).held,
            held,
            "{text}"
        );
    }
    // The value of an expression is searched for as it is.
    assert!(!judge(&Condition::regex("{$inputs.dots}"), Reading::Strict).held);
    assert!(
        judge(&Condition::regex("{$inputs.absent}"), Reading::Strict)
            .note
            .is_some()
    );
    for text in ["(", r"(a)\1", "(?=a)", "a{100000}{100000}"] {
        assert!(
            matches!(Condition::regex(text), Condition::Broken(_)),
            "{text}"
        );
    }
}

#[test]
fn queries() {
    for (text, strict, meant) in [
        ("$.items[*]", true, true),
        ("$.items[?@.name == 'Beta']", true, true),
        ("$.items[?(@.name == 'Gamma')]", false, false),
        ("$.nul", true, true),
        ("$.absent", false, false),
        ("$[?$.status == 'READY']", true, true),
        // A filter at the root tests the members of an object, or, as meant, the object.
        ("$[?@.status == 'READY']", false, true),
        ("$[?count(@.items) > 0]", false, true),
        ("$[?@.a == 1]", true, false),
        // Values of expressions are literals, whatever is in them.
        ("$[?$.status == '{$inputs.word}']", false, false),
        ("$[?$.n != {$inputs.word}]", true, true),
        ("$[?$.status == '{$inputs.sly}']", false, false),
        ("$[?$.status == {$inputs.sly}]", false, false),
    ] {
        let condition = Condition::path(text);
        assert!(
            matches!(condition, Condition::Path(_)),
            "{text}: {condition:?}"
        );
        let held = |held| Judged { held, note: None };
        assert_eq!(judge(&condition, Reading::Strict), held(strict), "{text}");
        assert_eq!(judge(&condition, Reading::Meant), held(meant), "{text}");
    }
    let nowhere = Condition::path("$.a").judge(None, &reply(), Reading::Strict);
    assert!(nowhere.note.is_some());
}

#[test]
fn comparisons_that_are_no_queries_are_read_as_meant_or_not_at_all() {
    for (text, meant) in [
        ("$.status == 'READY'", true),
        ("$.status == 'a' || $.status == 'ready'", true),
        ("$.items[1].name == 'Beta' && $.n > 9", true),
        ("$.items[?@.name == 'Beta'].name == 'Beta'", true),
        ("@.status != 'ready'", false),
        ("$.absent == null", true),
        ("$.status == $inputs.word", true),
    ] {
        let condition = Condition::path(text);
        assert!(
            matches!(condition, Condition::Meant(_)),
            "{text}: {condition:?}"
        );
        let strict = judge(&condition, Reading::Strict);
        assert!(!strict.held && strict.note.is_some(), "{text}");
        assert_eq!(
            judge(&condition, Reading::Meant),
            Judged {
                held: meant,
                note: None
            },
            "{text}"
        );
    }
    for text in ["#/name == X", "$.[", "name", "", "$.a &&"] {
        assert!(
            matches!(Condition::path(text), Condition::Broken(_)),
            "{text}"
        );
    }
}

#[test]
fn a_status_alone_may_decide() {
    let admits = |text, status| match Condition::simple(text) {
        Condition::Simple(simple) => simple.admits(status),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        admits("$statusCode == 200 || $statusCode == 201", 201),
        Some(true)
    );
    assert_eq!(
        admits("$statusCode == 200 && $response.body#/a == 1", 404),
        Some(false)
    );
    assert_eq!(
        admits("$statusCode == 200 && $response.body#/a == 1", 200),
        None
    );
    assert_eq!(admits("!($statusCode >= 400)", 302), Some(true));
    assert_eq!(admits("$response.body#/a == 1", 200), None);
}

/// Every text of up to four of these words is read, one way or the other, and judged.
#[test]
fn no_condition_panics() {
    let words = [
        "$",
        "$.a",
        "$[?",
        "@.b",
        "]",
        "'",
        "\"",
        "(",
        ")",
        "!",
        "==",
        "||",
        " ",
        "1",
        "é",
        "{$inputs.word}",
        "#/",
        "\\",
    ];
    let mut texts = vec![String::new()];
    for _ in 0..4 {
        let longer = texts
            .iter()
            .flat_map(|text| words.iter().map(move |word| format!("{text}{word}")));
        texts = longer.collect();
        // All of the longest would take a minute.
        for text in texts
            .iter()
            .step_by(if texts.len() > 10_000 { 211 } else { 1 })
        {
            for condition in [
                Condition::simple(text),
                Condition::regex(text),
                Condition::path(text),
            ] {
                judge(&condition, Reading::Strict);
                judge(&condition, Reading::Meant);
            }
            let _ = crate::expression::unbraced(text);
            let _ = Expression::parse(text);
        }
    }
}
