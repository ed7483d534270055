//! What a user notices of generated limits: all that is wrong with a request, each with its place.

#![cfg(feature = "limits")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use golden::zoo::limits::{ANIMAL, LARGE_BIRD, VISIT};
use golden::{Limits, ViolationKind as Kind};
use serde_json::{Value, json};

/// Something that breaks no limit.
fn visit() -> Value {
    json!({"guests": [{"name": "Ada"}], "entry": "south", "plan": "a walk"})
}

fn found(limits: &Limits, value: &Value) -> Vec<(String, Kind)> {
    let found = limits.check(value);
    found
        .iter()
        .map(|one| (one.path().to_owned(), one.kind()))
        .collect()
}

#[test]
fn each_limit_is_found_at_its_place() {
    for (member, value, expected) in [
        ("guests", json!([]), &[("guests", Kind::Count)][..]),
        ("guests", json!("Ada"), &[("guests", Kind::Type)]),
        (
            "guests",
            json!([{"name": ""}, {"name": "ÄÄÄÄÄÄÄÄÄÄ", "age": -1}]),
            &[
                ("guests[0].name", Kind::Length),
                ("guests[1].age", Kind::Range),
            ],
        ),
        (
            "guests",
            json!([{"name": "ÄÄÄÄÄÄÄÄÄÄÄ"}, null]),
            &[("guests[0].name", Kind::Length), ("guests[1]", Kind::Type)],
        ),
        ("entry", Value::Null, &[("entry", Kind::Missing)]),
        ("hours", json!(1), &[]),
        ("hours", json!(8.0), &[]),
        ("hours", json!(0), &[("hours", Kind::Range)]),
        ("hours", json!(9), &[("hours", Kind::Range)]),
        ("hours", json!(1.5), &[("hours", Kind::Range)]),
        ("hours", json!("1"), &[("hours", Kind::Type)]),
        ("hours", json!(u64::MAX), &[("hours", Kind::Range)]),
        ("fee", json!(1e9), &[]),
        ("fee", json!(0.3), &[("fee", Kind::Range)]),
        ("fee", json!(-0.5), &[("fee", Kind::Range)]),
        ("rush", json!(0.001), &[]),
        ("rush", json!(0), &[("rush", Kind::Range)]),
        ("rush", json!(1), &[("rush", Kind::Range)]),
        ("days", json!(7), &[]),
        ("days", json!(3), &[("days", Kind::Unlisted)]),
        ("tune", json!("1:1"), &[]),
        ("tune", json!("2:2"), &[("tune", Kind::Unlisted)]),
        (
            "tours",
            json!(["east", "x", "east"]),
            &[("tours[1]", Kind::Length), ("tours[2]", Kind::Repeated)],
        ),
        (
            "badges",
            json!({"red": "ok", "blue": "long"}),
            &[("badges.blue", Kind::Length)],
        ),
        ("badges", json!([]), &[("badges", Kind::Type)]),
        ("plan", json!(""), &[("plan", Kind::Length)]),
        (
            "companions",
            json!([visit(), {"plan": "x"}]),
            &[
                ("companions[1].entry", Kind::Missing),
                ("companions[1].guests", Kind::Missing),
            ],
        ),
        (
            "animal",
            json!({"kind": "cat", "lives": 10, "name": "x".repeat(41)}),
            &[("animal.lives", Kind::Range), ("animal.name", Kind::Length)],
        ),
        (
            "animal",
            json!({"lives": 10}),
            &[("animal.kind", Kind::Missing)],
        ),
        (
            "animal",
            json!({"kind": "fish", "lives": 10}),
            &[("animal.kind", Kind::Unlisted)],
        ),
        ("animal", json!({"kind": 7}), &[("animal.kind", Kind::Type)]),
        (
            "animal",
            json!({"kind": "bird", "size": "large"}),
            &[("animal.wingspan", Kind::Missing)],
        ),
        (
            "animal",
            json!({"kind": "bird", "song": "moo"}),
            &[("animal.song", Kind::Unlisted)],
        ),
        // What the contract does not name, and what stands for the output of another step.
        ("brandNew", json!([{"deep": null}]), &[]),
        ("hours", json!({"$ref": "0", "path": "hours"}), &[]),
        ("animal", json!({"$ref": "0", "path": "animal"}), &[]),
        ("guests", json!([{"$ref": "0", "path": "guest"}]), &[]),
        ("hours", json!({"$ref": "0"}), &[("hours", Kind::Type)]),
    ] {
        let mut visit = visit();
        visit[member] = value;
        let mut found = found(&VISIT, &visit);
        found.sort_by(|one, other| one.0.cmp(&other.0));
        let expected: Vec<_> = expected
            .iter()
            .map(|(path, kind)| ((*path).to_owned(), *kind))
            .collect();
        assert_eq!(found, expected, "{visit}");
    }
}

#[test]
fn everything_wrong_comes_back_together_and_says_what_to_do() {
    let visit = json!({"guests": [], "plan": "x", "hours": 9, "tune": "y".repeat(99)});
    let text: Vec<String> = VISIT
        .check(&visit)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(text.len(), 4, "{text:?}");
    assert!(text.contains(&"`entry` is required".to_owned()), "{text:?}");
    assert!(
        text.contains(&"`hours` must be from 1 to 8; it is 9".to_owned()),
        "{text:?}"
    );
    assert!(
        text.contains(&"`guests` must have 1 to 3 items; it has 0".to_owned()),
        "{text:?}"
    );
    assert!(text.iter().all(|text| text.len() < 160), "{text:?}");
    assert_eq!(found(&VISIT, &json!([])), [(".".to_owned(), Kind::Type)]);
}

#[test]
fn one_member_can_be_asked_about() {
    let range = |limits: &Limits, member| limits.member(member)?.rule().range();
    let hours = range(&VISIT, "hours").unwrap();
    assert_eq!((hours.least(), hours.most()), (Some(1.0), Some(8.0)));
    assert_eq!(hours.to_string(), "from 1 to 8");
    assert!(hours.contains(8.0) && !hours.contains(8.5) && !hours.contains(f64::NAN));
    assert_eq!(range(&VISIT, "brandNew"), None);
    // What all variants of a union share is a limit of each.
    let name = LARGE_BIRD.member("name").unwrap().rule().count().unwrap();
    assert_eq!(name.most(), Some(40));
    assert_eq!(ANIMAL.tag(), Some("kind"));
    assert_eq!(
        VISIT.member("plan").unwrap().rule().check(&json!("")).len(),
        1
    );
}

#[test]
fn deep_nesting_ends_in_a_result_on_a_small_stack() {
    let mut deep = json!({"kind": "cat", "lives": 0});
    for _ in 0..2_000 {
        // `json!` would copy what it is given, which takes a stack of its own.
        let mut cat = serde_json::Map::new();
        cat.insert("kind".to_owned(), json!("cat"));
        cat.insert("kittens".to_owned(), Value::Array(vec![deep]));
        deep = Value::Object(cat);
    }
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    let kinds = thread.spawn(move || {
        let kinds: Vec<Kind> = found(&ANIMAL, &deep)
            .into_iter()
            .map(|(_, kind)| kind)
            .collect();
        // Dropping so deep a value takes a larger stack than the check.
        std::mem::forget(deep);
        kinds
    });
    let kinds = kinds.unwrap().join().unwrap();
    assert!(!kinds.is_empty() && kinds.iter().all(|kind| *kind == Kind::Depth));
}
