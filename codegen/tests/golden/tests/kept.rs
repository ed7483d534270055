//! What a user notices of members that a contract does not know, of nulls, and of values that do not
//! fit: they stand beside the rest, are told, and go back as they came.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use golden::zoo::types::{Animal, Bird, Census, Door, Ledger, Stay};
use golden::{Members, Misfit, Wire, decode};
use serde_json::{Value, json};

/// A value with something of each kind.
fn census() -> Value {
    json!({
        "animals": [
            {"kind": "cat", "lives": 9, "name": "Tom"},
            {"kind": "bird", "size": "large", "name": "Ada", "wingspan": 2.5}
        ],
        "nickname": "all",
        "cages": {"north": {"type": "cage", "bars": 12}, "south": {"type": "cage", "bars": 8}},
        "counts": {"cats": [1, 2]},
        "taken": "2026-01-01T00:00:00Z",
        "dates": ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"],
        "ledger": {"keeper": "Bo", "pages": [1], "gold": 5},
        "weight": 4.5, "head": 3, "label": "l", "open": true
    })
}

/// Decodes a value in which something else stands at a place.
fn with(place: &str, value: Value) -> (Census, Value) {
    let mut sent = census();
    *sent.pointer_mut(place).unwrap() = value;
    (decode(sent.to_string().as_bytes()).unwrap(), sent)
}

fn places(value: &impl Wire) -> Vec<String> {
    let told = value.misfits();
    told.iter().map(Misfit::path).map(str::to_owned).collect()
}

fn written(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

#[test]
fn a_value_of_another_type_is_told_with_its_place_and_goes_back() {
    let cases = [
        ("/animals", json!("none"), "animals"),
        ("/animals/0", json!(7), "animals[0]"),
        ("/animals/0/kind", json!(7), "animals[0].kind"),
        ("/animals/0/lives", json!(9.5), "animals[0].lives"),
        ("/animals/0/lives", json!(1_u64 << 40), "animals[0].lives"),
        ("/animals/1/size", json!([]), "animals[1].size"),
        ("/animals/1/wingspan", Value::Null, "animals[1].wingspan"),
        ("/cages/north", json!([]), "cages.north"),
        ("/cages/north/bars", json!("many"), "cages.north.rods"),
        ("/counts/cats/1", json!("two"), "counts.cats[1]"),
        ("/dates/1", json!("yesterday"), "dates[1]"),
        ("/ledger", json!(true), "ledger"),
        ("/ledger/gold", json!("much"), "ledger.gold"),
        ("/ledger/keeper", Value::Null, "ledger.keeper"),
        ("/ledger/pages/0", Value::Null, "ledger.pages[0]"),
        ("/weight", json!("heavy"), "weight"),
        ("/open", json!("yes"), "open"),
    ];
    for (place, value, told) in cases {
        let (census, sent) = with(place, value);
        // Places are told by their names on the wire.
        assert_eq!(places(&census), [told.replace("rods", "bars")], "{place}");
        assert_eq!(written(&census), sent, "{place}");
    }
}

#[test]
fn one_bad_item_leaves_the_others_typed() {
    let (census, _) = with("/animals/0", json!("a cat"));
    assert_eq!(census.animals.len(), 2);
    assert_eq!(census.animals[1].name(), Some("Ada"));
    let (census, _) = with("/dates/0", json!("soon"));
    let second: chrono::DateTime<chrono::Utc> = "2026-01-02T00:00:00Z".parse().unwrap();
    assert_eq!(census.dates.unwrap()[1], second);
    let (census, _) = with("/counts/cats/0", json!("one"));
    assert_eq!(census.counts.unwrap()["cats"], [0, 2]);
    let (census, _) = with("/cages/north", json!(0));
    assert_eq!(census.cages.unwrap()["south"].rods, 8);
}

#[test]
fn a_missing_member_is_told_and_stays_missing() {
    let text = r#"{"animals": [{"kind": "bird", "size": "large"}]}"#;
    let census: Census = decode(text.as_bytes()).unwrap();
    let told = census.misfits();
    let told: Vec<String> = told.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "`nickname`: is missing",
            "`animals[0].wingspan`: is missing"
        ]
    );
    assert_eq!(written(&census).to_string(), text.replace(' ', ""));
    let untagged: Census = decode(br#"{"animals": [{"lives": 9}], "nickname": null}"#).unwrap();
    assert_eq!(places(&untagged), ["animals[0].kind"]);
    // A tag that the contract does not list is new, and no fault.
    let newer: Census = decode(br#"{"animals": [{"kind": "yak"}], "nickname": null}"#).unwrap();
    assert!(places(&newer).is_empty());
}

#[test]
fn a_new_value_takes_the_place_of_what_did_not_fit() {
    let (mut census, mut sent) = with("/label", json!(17));
    census.label = Some("seventeen".to_owned());
    sent["label"] = json!("seventeen");
    assert_eq!(written(&census), sent);

    let (mut census, mut sent) = with("/weight", json!("heavy"));
    census.set_member("weight", 0).unwrap();
    sent["weight"] = json!(0.0);
    assert_eq!(written(&census), sent);
    assert!(places(&census).is_empty());

    let mut ledger: Ledger = decode(br#"{"keeper": "Bo", "gold": "much"}"#).unwrap();
    ledger.set_member("gold", 3).unwrap();
    assert_eq!(ledger.additional["gold"], 3);
    assert_eq!(written(&ledger), json!({"keeper": "Bo", "gold": 3}));
    assert!(places(&ledger).is_empty());
    let mut ledger: Ledger = decode(br#"{"keeper": "Bo", "gold": "much"}"#).unwrap();
    ledger.additional.insert("gold".to_owned(), 4);
    let text = serde_json::to_string(&ledger).unwrap();
    assert_eq!(text, r#"{"keeper":"Bo","gold":4}"#);
}

#[test]
fn of_a_member_that_is_there_twice_the_later_counts() {
    let twice: Census =
        decode(br#"{"animals": [], "nickname": null, "head": "x", "head": 0}"#).unwrap();
    assert!(places(&twice).is_empty());
    assert_eq!(
        written(&twice),
        json!({"animals": [], "nickname": null, "head": 0})
    );
    let twice: Census =
        decode(br#"{"animals": [], "nickname": null, "label": null, "label": "x"}"#).unwrap();
    assert_eq!(twice.label.as_deref(), Some("x"));
}

#[test]
fn of_two_tags_the_later_counts() {
    for first in ["yak", "bird", "cat"] {
        let text = format!(r#"{{"kind": "{first}", "lives": 9, "kind": "cat"}}"#);
        let animal: Animal = decode(text.as_bytes()).unwrap();
        assert!(matches!(animal, Animal::Cat(_)), "{text}");
        let back = serde_json::to_string(&animal).unwrap();
        assert_eq!(back, r#"{"kind":"cat","lives":9}"#);
    }
}

#[test]
fn what_stands_in_for_a_bad_value_is_not_told() {
    let sent = json!({"animals": [], "nickname": null, "door": {"shelter": 7}});
    let census: Census = serde_json::from_value(sent.clone()).unwrap();
    assert_eq!(places(&census), ["door.shelter"]);
    assert_eq!(written(&census), sent);
    let doors: Vec<Door> = decode(b"[7, {\"shelter\": {}}]").unwrap();
    assert_eq!(places(&doors)[1..], ["[1].shelter.type"]);
}

#[test]
fn any_member_can_be_set_at_any_level() {
    let mut census: Census = serde_json::from_value(census()).unwrap();
    census.set_member("brandNew", json!({"a": [1]})).unwrap();
    census.set_member("head", 4).unwrap();
    census.animals[1].set_member("hue", "red").unwrap();
    census.animals[1].set_member("wingspan", 3).unwrap();
    let cages = census.cages.as_mut().unwrap();
    cages
        .get_mut("north")
        .unwrap()
        .set_member("lock", true)
        .unwrap();
    assert_eq!(census.head, Some(4));
    let Animal::Bird(bird) = &census.animals[1] else {
        panic!("no bird: {:?}", census.animals[1])
    };
    assert!(matches!(&**bird, Bird::Large(bird) if bird.wingspan == 3.0));
    let mut wanted = self::census();
    wanted["brandNew"] = json!({"a": [1]});
    wanted["head"] = json!(4);
    wanted["animals"][1]["hue"] = json!("red");
    wanted["animals"][1]["wingspan"] = json!(3.0);
    wanted["cages"]["north"]["lock"] = json!(true);
    assert_eq!(written(&census), wanted);
    assert_eq!(census.member("brandNew"), Some(json!({"a": [1]})));
    assert_eq!(census.member("absent"), None);
}

#[test]
fn what_cannot_be_set_changes_nothing() {
    let mut census: Census = serde_json::from_value(census()).unwrap();
    let cases = [
        ("head", json!("three"), "head"),
        ("dates", json!(["2026-01-05T00:00:00Z", "soon"]), "dates[1]"),
        ("animals", json!([7]), "animals[0]"),
        ("label", json!(1), "label"),
        ("nickname", json!([]), "nickname"),
    ];
    for (name, value, place) in cases {
        let error = census.set_member(name, value).unwrap_err();
        assert_eq!(error.path(), place);
        assert_eq!(written(&census), self::census(), "{name}");
        assert!(places(&census).is_empty(), "{name}");
    }
    for tag in ["kind", "size"] {
        let error = census.animals[1].set_member(tag, "cat").unwrap_err();
        assert!(error.to_string().contains("names the variant"), "{error}");
    }
    assert_eq!(written(&census), self::census());
    assert!("text".to_owned().set_member("a", 1).is_err());
}

#[test]
fn null_can_be_told_from_absence() {
    let mut census: Census = serde_json::from_value(census()).unwrap();
    census.set_member("label", Value::Null).unwrap();
    let mut wanted = self::census();
    wanted["label"] = Value::Null;
    assert_eq!(written(&census), wanted);
    assert_eq!(census.label, None);
    census.label = Some("set".to_owned());
    assert_eq!(written(&census)["label"], "set");
    let mut stay = Stay::new(Animal::Cat(Box::default()), Default::default(), vec![]);
    stay.extra.insert("mood", Value::Null);
    assert_eq!(written(&stay)["mood"], Value::Null);
    assert!(written(&stay).get("code").is_none());
}

#[test]
fn text_that_is_almost_json_is_read() {
    let body = |head: &str, label: &str, more: &str| {
        format!(
            r#"{head}{{"animals": [], "nickname": null, "head": 3.0, "label": "{label}", "taken": "2026-01-01T00:00:00.5" {more}}}"#
        )
    };
    let nested = format!(r#", "far": {}1{}"#, "[".repeat(200), "]".repeat(200));
    let cases = [
        body("", "l", ""),
        body("\u{feff}", "l", ""),
        body("", r"\ud800", ""),
        body("", r"\udc00\ud800", ""),
        body("", "a\tb", ""),
        body("", "l", r#", "weight": 1e400"#),
        body("", "l", r#", "weight": -Infinity"#),
        body("", "l", r#", "far": NaN"#),
        body("", "l", &nested),
    ];
    for text in cases {
        let thread = std::thread::Builder::new().stack_size(2 << 20);
        let read = thread.spawn(move || {
            let census: Census = decode(text.as_bytes()).unwrap();
            assert_eq!(census.head, Some(3), "{text}");
            assert_eq!(census.taken.unwrap().timestamp_millis(), 1_767_225_600_500);
            assert!(census.label.is_some(), "{text}");
            let back = serde_json::to_string(&census).unwrap();
            assert!(decode::<Census>(back.as_bytes()).unwrap() == census);
        });
        read.unwrap().join().unwrap();
    }
    for text in ["", "{", "[1", "{\"a\": 1} x", "\u{feff}", "nul", "\"\\ud8"] {
        assert!(decode::<Census>(text.as_bytes()).is_err(), "{text}");
    }
}
