//! What may stand at one place in several ways: choices without a tag, choices beside members, members
//! beside references, constants, and null against absent.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    clippy::needless_pass_by_value,
    reason = "a table reads better without ampersands"
)]

use golden::shapes::types::{
    Animal, Answer, Change, Circle, Drawing, DrawingPairItem, DrawingSize, DrawingStop, Figure,
    Fill, Guest, Level, Message, Nest, Ticket,
};
use golden::{Members as _, Nullable, decode};
use serde_json::{Value, json};

/// Reads a drawing with one member, and makes sure that it is written as it came.
fn drawing(member: &str, value: Value) -> Drawing {
    let json = json!({ member: value });
    let drawing: Drawing = decode(json.to_string().as_bytes()).unwrap();
    assert_eq!(serde_json::to_value(&drawing).unwrap(), json);
    assert!(drawing.misfits().is_empty(), "{:?}", drawing.misfits());
    drawing
}

#[test]
fn the_kind_of_json_tells_a_choice() {
    let stop = drawing("stop", json!("end")).stop.unwrap();
    assert_eq!(stop, DrawingStop::Text("end".to_owned()));
    let stop = drawing("stop", json!(["a", "b"])).stop.unwrap();
    assert_eq!(
        stop,
        DrawingStop::from(vec!["a".to_owned(), "b".to_owned()])
    );
    let size = drawing("size", json!(3)).size.unwrap();
    assert!(matches!(size, DrawingSize::Number(3)));
    let pair = drawing("pair", json!(["a", 1])).pair.unwrap();
    assert_eq!(pair, [DrawingPairItem::from("a"), DrawingPairItem::from(1)]);
}

#[test]
fn what_no_branch_fits_is_kept() {
    let stop = drawing("stop", json!({"odd": true})).stop.unwrap();
    assert!(matches!(stop, DrawingStop::Raw(_)));
    let figure = drawing("figure", json!({"radius": 1})).figure.unwrap();
    assert!(matches!(figure, Figure::Raw(_)));
}

#[test]
fn members_that_must_be_there_tell_objects() {
    let Figure::Square(square) = drawing("figure", json!({"side": 2.0})).figure.unwrap() else {
        panic!("it has a side");
    };
    assert!((square.side - 2.0).abs() < f64::EPSILON);
    let oblong = drawing("figure", json!({"width": 1.0, "height": 2.0}));
    assert!(matches!(oblong.figure, Some(Figure::Oblong(_))));
    let named = drawing("figure", json!("star"));
    assert_eq!(named.figure, Some(Figure::from("star")));
}

#[test]
fn constants_tell_objects() {
    let fill = drawing("fill", json!({"kind": 2, "from": "red"})).fill;
    assert!(matches!(fill, Some(Fill::Fade(fade)) if fade.from.as_deref() == Some("red")));
    let answer = drawing("answer", json!({"kind": "choice", "index": 4})).answer;
    assert!(matches!(answer, Some(Answer::Choice(choice)) if choice.index == 4));
}

#[test]
fn null_in_a_choice_or_behind_a_reference_is_an_option() {
    for member in ["owner", "editor", "lender"] {
        let absent = drawing(member, Value::Null);
        assert!(absent.owner.is_none() && absent.editor.is_none() && absent.lender.is_none());
    }
    let owned = drawing("owner", json!({"name": "Ann"}));
    assert_eq!(owned.owner.unwrap().name, "Ann");
}

#[test]
fn listed_values_in_a_choice_are_one_list() {
    assert_eq!(drawing("level", json!(2)).level, Some(Level::High));
    let unlisted = drawing("level", json!(3)).level.unwrap();
    assert_eq!((unlisted, unlisted.as_i64()), (Level::from(3), 3));
    let listed = drawing("colour", json!("blue")).colour.unwrap();
    assert_eq!(listed.as_str(), "blue");
    assert_eq!(
        drawing("colour", json!("mauve")).colour.unwrap().as_str(),
        "mauve"
    );
}

#[test]
fn bases_bring_their_members_behind_other_names_too() {
    let json = json!({"id": "1", "url": "u", "meta": {"a": "x", "b": "y"}});
    let file = drawing("file", json).file.unwrap();
    assert_eq!(
        (file.id.as_deref(), file.url.as_deref()),
        (Some("1"), Some("u"))
    );
    let meta = file.meta.unwrap();
    assert_eq!(
        (meta.a.as_deref(), meta.b.as_deref()),
        (Some("x"), Some("y"))
    );
}

#[test]
fn members_beside_a_reference_and_by_a_pattern_are_members() {
    let label = drawing("label", json!({"name": "n", "title": "t"}))
        .label
        .unwrap();
    assert_eq!(
        (label.name.as_str(), label.title.as_deref()),
        ("n", Some("t"))
    );
    assert_eq!(drawing("tags", json!({"one": 1})).tags.unwrap()["one"], 1);
    let marked = drawing("marked", json!({"title": "t", "x-a": "b"}))
        .marked
        .unwrap();
    assert_eq!(marked.title.as_deref(), Some("t"));
    let share = drawing("share", json!({"email": "e"})).share.unwrap();
    assert_eq!(share.email.as_deref(), Some("e"));
    let keeper = drawing("keeper", json!({"role": "vet", "licence": "7"}))
        .keeper
        .unwrap();
    assert_eq!(keeper.licence.as_deref(), Some("7"));
}

#[test]
fn a_choice_as_a_base_brings_the_members_of_its_branches() {
    let message = Message {
        role: "user".into(),
        content: Some("hello".into()),
        ..Message::default()
    };
    let json = json!({"role": "user", "content": "hello"});
    assert_eq!(serde_json::to_value(&message).unwrap(), json);
    let Some(Animal::Cat(cat)) = drawing(
        "animal",
        json!({"species": "cat", "name": "Tom", "lives": 9}),
    )
    .animal
    else {
        panic!("it is a cat");
    };
    assert_eq!((cat.name.as_str(), cat.lives), ("Tom", Some(9)));
    let dog = drawing("animal", json!({"species": "dog", "name": "Rex"})).animal;
    assert!(matches!(dog, Some(Animal::Dog(_))));
}

#[test]
fn of_two_choices_at_once_none_is_lost() {
    let parcel = drawing("parcel", json!({"weight": 1.5, "box": 7}))
        .parcel
        .unwrap();
    assert_eq!((parcel.weight, parcel.box_), (Some(1.5), Some(7)));
    assert_eq!((parcel.volume, parcel.street), (None, None));
    let ticket = drawing("ticket", json!({"sort": "seat", "row": 3, "voucher": "v"})).ticket;
    let Some(Ticket::Seat(seat)) = ticket else {
        panic!("it is a seat");
    };
    assert_eq!((seat.row, seat.voucher.as_deref()), (Some(3), Some("v")));
    let code = drawing("code", json!("abc")).code;
    assert_eq!(code.as_deref(), Some("abc"));
}

#[test]
fn objects_that_nothing_tells_apart_are_one_with_the_members_of_all() {
    let either = drawing("either", json!({"note": "n", "at": 3}))
        .either
        .unwrap();
    assert_eq!(either.note.as_deref(), Some("n"));
    assert!(drawing("either", json!({"at": "noon"})).either.is_some());
}

#[test]
fn a_choice_may_hold_its_like() {
    let nest = drawing("nest", json!({"leaf": "a", "branch": ["b", {"c": "d"}]})).nest;
    assert!(matches!(nest, Some(Nest::Object(_))));
}

#[test]
fn a_constant_is_written_by_itself() {
    let circle = Circle {
        radius: 1.0,
        ..Circle::default()
    };
    let json = json!({"kind": "circle", "radius": 1.0});
    assert_eq!(serde_json::to_value(&circle).unwrap(), json);
}

#[test]
fn what_only_requests_have_is_not_missed_in_a_reply() {
    let guest: Guest = decode(br#"{"id":"1","name":"a"}"#).unwrap();
    assert!(guest.misfits().is_empty());
    let new = Guest {
        name: "a".into(),
        secret: Some("s".into()),
        ..Guest::default()
    };
    assert_eq!(
        serde_json::to_value(&new).unwrap(),
        json!({"name": "a", "secret": "s"})
    );
}

#[test]
fn a_change_clears_by_null() {
    let change = Change {
        first: "Ann".into(),
        age: Nullable::Null,
        ..Change::default()
    };
    let json = json!({"first": "Ann", "age": null});
    assert_eq!(serde_json::to_value(&change).unwrap(), json);
    let read: Change = decode(json.to_string().as_bytes()).unwrap();
    assert_eq!(read, change);
    assert!(read.age.is_null() && !read.first.is_absent());
}
