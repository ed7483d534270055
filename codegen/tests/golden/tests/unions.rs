//! What a user notices of unions: what becomes one by itself, what can be asked whichever the variant,
//! and names that people decided on.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use golden::zoo::types::{
    Animal, Bird, Cage, Cat, Chore, Extra2, FeedChore, Into2, LargeBird, Ord2, Pond, Shelter,
    SmallBird, Song,
};
use serde_json::json;

#[test]
fn a_leaf_becomes_every_union_above_it() {
    let large = || LargeBird {
        wingspan: 2.0,
        ..LargeBird::default()
    };
    assert!(matches!(Bird::from(large()), Bird::Large(_)));
    let animal = Animal::from(large());
    assert_eq!(
        serde_json::to_value(&animal).unwrap(),
        json!({"kind": "bird", "size": "large", "wingspan": 2.0})
    );
    assert_eq!(animal, Bird::from(large()).into());
    assert!(matches!(
        Animal::from(SmallBird::default()),
        Animal::Bird(_)
    ));
    assert!(matches!(Animal::from(Cat::default()), Animal::Cat(_)));
    assert!(matches!(
        Chore::from(FeedChore::new(Default::default())),
        Chore::Feed(_)
    ));
    assert!(matches!(Shelter::from(Pond::default()), Shelter::Water(_)));
}

#[test]
fn what_all_variants_have_can_be_asked_of_any() {
    for (text, name) in [
        (r#"{"kind": "cat", "name": "Tom"}"#, Some("Tom")),
        (
            r#"{"kind": "bird", "size": "large", "name": "Ada"}"#,
            Some("Ada"),
        ),
        (
            r#"{"kind": "bird", "size": "huge", "name": "Roc"}"#,
            Some("Roc"),
        ),
        (r#"{"kind": "yak", "name": "Bob"}"#, Some("Bob")),
        (r#"{"kind": "yak", "name": 7}"#, None),
        (r#"{"kind": "cat", "name": null}"#, None),
        (r#"{"kind": "cat"}"#, None),
    ] {
        let animal: Animal = serde_json::from_str(text).unwrap();
        assert_eq!(animal.name(), name, "{text}");
    }
}

#[test]
fn names_that_people_decided_on_change_nothing_on_the_wire() {
    assert_eq!(Song::Flash25.as_str(), "2.5-flash");
    let cage = Cage {
        rods: 3,
        ..Cage::default()
    };
    let shelter = Shelter::from(cage);
    assert_eq!(
        serde_json::to_value(&shelter).unwrap(),
        json!({"type": "cage", "bars": 3})
    );
    let water: Shelter = serde_json::from_value(json!({"type": "pond", "litres": 1.5})).unwrap();
    assert!(matches!(water, Shelter::Water(pond) if pond.litres == Some(1.5)));
}

#[cfg(feature = "newt")]
#[test]
fn a_renamed_type_is_what_it_was() {
    let spots: golden::zoo::types::Spots = serde_json::from_value(json!({"count": 2})).unwrap();
    assert_eq!(spots.count, Some(2));
}

#[test]
fn names_that_rust_uses_get_a_number_and_work() {
    let sent = json!({"ord": "last", "default": {"value": [1]}});
    let held: Into2 = serde_json::from_value(sent.clone()).unwrap();
    assert_eq!(held.ord, Ord2::Last);
    assert_eq!(serde_json::to_value(&held).unwrap(), sent);
    let sent = json!({"extra": "e", "more": 1});
    let extra: Extra2 = serde_json::from_value(sent.clone()).unwrap();
    assert_eq!(extra.extra2.as_deref(), Some("e"));
    assert_eq!(extra.extra.get("more"), Some(&json!(1)));
    assert_eq!(serde_json::to_value(&extra).unwrap(), sent);
}
