//! What a user notices of generated types: nothing the server adds breaks them, nothing is lost.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use golden::zoo::types::{Animal, Bird, Cat, Chore, FeedInput, Shelter, Song, Stay};
use golden::{Input, Members as _};
use serde_json::{Value, json};

/// Decodes and encodes again.
fn round_trip(animal: &Value) -> (Animal, Value) {
    let decoded: Animal = serde_json::from_value(animal.clone()).unwrap();
    let encoded = serde_json::to_value(&decoded).unwrap();
    (decoded, encoded)
}

#[test]
fn nested_unions_decode_in_any_order_and_write_each_tag_once() {
    for text in [
        r#"{"kind":"bird","size":"large","wingspan":2.5,"name":"Ada"}"#,
        r#"{"wingspan":2.5,"name":"Ada","size":"large","kind":"bird"}"#,
        r#"{"size":"large","kind":"bird","name":"Ada","wingspan":2.5}"#,
    ] {
        let animal: Animal = serde_json::from_str(text).unwrap();
        let Animal::Bird(bird) = &animal else {
            panic!("no bird: {animal:?}")
        };
        let Bird::Large(bird) = &**bird else {
            panic!("not large: {bird:?}")
        };
        assert_eq!((bird.wingspan, bird.name.as_deref()), (2.5, Some("Ada")));

        let written = serde_json::to_string(&animal).unwrap();
        assert_eq!(
            written,
            r#"{"kind":"bird","size":"large","name":"Ada","wingspan":2.5}"#
        );
    }
}

#[test]
fn a_variant_whose_feature_is_off_is_raw_and_survives() {
    let sent = json!({"kind": "newt", "name": "Ned", "spots": {"count": 12}});
    let (newt, written) = round_trip(&sent);
    assert_eq!(matches!(newt, Animal::Raw(_)), cfg!(not(feature = "newt")));
    assert_eq!(written, sent);
}

#[test]
fn an_absent_or_null_tag_is_its_default() {
    for animal in [
        json!({"kind": "bird"}),
        json!({"kind": "bird", "size": null}),
    ] {
        let (animal, written) = round_trip(&animal);
        assert!(
            matches!(&animal, Animal::Bird(bird) if matches!(**bird, Bird::Small(_))),
            "{animal:?}"
        );
        assert_eq!(written, json!({"kind": "bird", "size": "small"}));
    }
}

#[test]
fn what_the_contract_does_not_list_comes_back_unchanged() {
    for animal in [
        json!({"kind": "fish", "fins": [1, {"deep": 1e-7}]}),
        json!({"kind": "bird", "size": "huge", "claws": {"n": 8}}),
        json!({"kind": "bird", "size": {"$ref": "other"}}),
        json!({"kind": 7, "name": null}),
        json!({"name": "no tag at all"}),
        json!({"kind": "cat", "lives": 9, "kittens": [{"kind": "kitten?", "paws": 4}]}),
        json!({"kind": "bird", "size": "small", "song": "C♭ major"}),
    ] {
        let (_, written) = round_trip(&animal);
        assert_eq!(written, animal);
    }
}

#[test]
fn unknown_variants_stay_raw_at_their_level() {
    let (animal, _) = round_trip(&json!({"kind": "bird", "size": "huge"}));
    let Animal::Bird(bird) = animal else {
        panic!("no bird: {animal:?}")
    };
    let Bird::Raw(raw) = *bird else {
        panic!("not raw: {bird:?}")
    };
    assert_eq!(raw.get("size"), Some(&json!("huge")));
}

#[test]
fn enum_values_keep_apart_and_print_as_on_the_wire() {
    for song in Song::LISTED {
        let wire = serde_json::to_value(song).unwrap();
        assert_eq!(wire, json!(song.as_str()));
        assert_eq!(serde_json::from_value::<Song>(wire).unwrap(), *song);
        assert_eq!(song.as_str().parse::<Song>().unwrap(), *song);
    }
    let texts: std::collections::HashSet<&Song> = Song::LISTED.iter().collect();
    assert_eq!(texts.len(), 8);
    // A value called `Unknown` is a value; what is not listed has a variant beside it.
    assert_eq!(Song::from("Unknown"), Song::Unknown);
    assert!(matches!(Song::from("unheard"), Song::Unlisted(value) if value.as_str() == "unheard"));
}

#[test]
fn new_members_nulls_and_whole_numbers_never_fail_a_decode() {
    let sent = json!({
        "animal": {"kind": "bird", "size": "large", "wingspan": 2.0, "feathers": "many"},
        "since": "2026-01-01T00:00:00Z",
        "tags": [],
        "shelter": null, "mood": "drowsy", "anything": null, "code": null, "notes": null,
        "previous": null, "$ref": null, "$type": null, "type": null, "as": null, "brandNew": {"x": []}
    });
    let stay: Stay = serde_json::from_value(sent.clone()).unwrap();
    assert!(stay.misfits().is_empty(), "{:?}", stay.misfits());
    assert_eq!(serde_json::to_value(&stay).unwrap(), sent);
    assert_eq!(stay.mood.unwrap().as_str(), "drowsy");
    assert_eq!(stay.extra.get("brandNew"), Some(&json!({"x": []})));
}

#[test]
fn members_with_awkward_names_keep_them_on_the_wire() {
    let sent = json!({
        "animal": {"kind": "cat"}, "since": "2026-01-01T00:00:00Z", "tags": ["a"],
        "$ref": "r", "$type": "t", "type": "u", "as": true, "anything": [1], "code": "c",
        "shelter": {"type": "pond", "litres": 40.5}, "notes": {"k": "v"},
        "previous": {"animal": {"kind": "cat", "lives": 8}, "since": "2025-01-01T00:00:00Z", "tags": []}
    });
    let stay: Stay = serde_json::from_value(sent.clone()).unwrap();
    assert!(matches!(stay.shelter, Some(Shelter::Water(_))));
    assert_eq!(serde_json::to_value(&stay).unwrap(), sent);
}

#[test]
fn a_variant_outside_its_union_keeps_the_tag_it_came_with() {
    for companion in [json!({"kind": "cat", "lives": 3}), json!({"lives": 3})] {
        let sent = json!({
            "animal": {"kind": "cat", "lives": 3}, "since": "2026-01-01T00:00:00Z", "tags": [],
            "companion": companion
        });
        let stay: Stay = serde_json::from_value(sent.clone()).unwrap();
        assert_eq!(serde_json::to_value(&stay).unwrap(), sent);
    }
}

#[test]
fn a_fault_deep_in_nested_unions_is_named_by_its_path() {
    let text = r#"{"kind":"cat","kittens":[{"kind":"cat","kittens":[{"kind":"bird","size":"large","wingspan":"wide"}]}]}"#;
    let animal = golden::decode::<Animal>(text.as_bytes()).unwrap();
    let told: Vec<String> = animal.misfits().iter().map(ToString::to_string).collect();
    let says = "`kittens[0].kittens[0].wingspan`: expected a number, found a text";
    assert_eq!(told, [says]);
    let sent: Value = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&animal).unwrap(), sent);
}

#[test]
fn deep_nesting_fits_a_small_stack() {
    let depth = 30;
    let mut animal = json!({"kind": "cat"});
    for _ in 0..depth {
        animal = json!({"kind": "cat", "kittens": [animal]});
    }
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    let decoded = thread
        .spawn(move || round_trip(&animal).1 == animal)
        .unwrap()
        .join()
        .unwrap();
    assert!(decoded);
}

#[test]
fn constructors_ask_for_what_must_be_said() {
    let cat = Cat {
        lives: Some(9),
        ..Cat::default()
    };
    let stay = Stay::new(
        Animal::Cat(Box::new(cat)),
        "2026-01-01T00:00:00Z".parse().unwrap(),
        vec![],
    );
    assert_eq!(
        serde_json::to_value(&stay).unwrap(),
        json!({"animal": {"kind": "cat", "lives": 9}, "since": "2026-01-01T00:00:00Z", "tags": []})
    );
}

#[test]
fn a_reference_stands_for_any_value_of_an_input() {
    let reference = || json!({"$ref": "cook", "path": "output.dish"});
    let mut chores =
        vec![json!({"food": "fish", "dishes": ["a", "b"], "mix": {"oil": 0.5}, "grams": 3})];
    for member in ["food", "grams", "dishes", "mix", "dish", "song", "animal"] {
        let mut input = chores[0].clone();
        input[member] = reference();
        chores.push(input);
    }
    chores.push(json!({"food": "fish", "dishes": [reference(), "b"], "mix": {"oil": reference()}}));
    // The way may come first, or be part of the source.
    chores.push(json!({"food": {"path": "output", "$ref": "$0"}, "dishes": []}));
    chores.push(json!({"food": {"$ref": "cook.output"}, "dishes": []}));
    for input in chores {
        let sent = json!({"kind": "feed", "name": "a", "input": input});
        for text in [sent.to_string(), reversed(&sent)] {
            let chore: Chore = golden::decode(text.as_bytes()).unwrap();
            assert!(matches!(chore, Chore::Feed(_)), "{text}");
            assert_eq!(serde_json::to_value(&chore).unwrap(), sent, "{text}");
        }
    }
    let mut input = FeedInput {
        food: "fish".into(),
        grams: Some(3.into()),
        ..Default::default()
    };
    input.dishes = vec!["a".into(), Input::reference("cook", "output.dish")].into();
    let wanted = json!({"food": "fish", "grams": 3, "dishes": ["a", {"$ref": "cook", "path": "output.dish"}]});
    assert_eq!(serde_json::to_value(&input).unwrap(), wanted);
    assert_eq!(input.food.value().map(String::as_str), Some("fish"));
}

/// The JSON of an object with its members in reverse order.
fn reversed(object: &Value) -> String {
    let members = object.as_object().unwrap().iter().rev();
    let members: Vec<String> = members
        .map(|(name, value)| format!("{name:?}:{value}"))
        .collect();
    format!("{{{}}}", members.join(","))
}

#[test]
fn a_point_in_time_is_written_as_chrono_writes_it() {
    use chrono::{DateTime, Utc};

    for text in [
        "2026-11-28T09:07:05Z",
        "2026-11-28T09:07:05.120Z",
        "2026-11-28T09:07:05.000120Z",
        "2026-11-28T09:07:05.000000012Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z",
        "+12026-01-01T00:00:00Z",
        "-0044-03-15T12:00:00Z",
        "2016-12-31T23:59:60.500Z",
    ] {
        let since: DateTime<Utc> = text.parse().unwrap();
        let stay = Stay {
            since,
            ..serde_json::from_value(json!({ "since": "2026-01-01T00:00:00Z" })).unwrap()
        };
        let written = serde_json::to_value(&stay).unwrap();
        assert_eq!(written["since"], serde_json::to_value(since).unwrap());
    }
}
