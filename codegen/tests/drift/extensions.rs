//! What a contract marks as an addition is no difference; what the mark does not say still is.

use serde_json::{Value, json};

use crate::kitchen::{Edit, Set, contract, drift, edited, lines};

const MARK: &str = "the newer client";

/// One addition of each kind: where it goes, and what it is.
fn additions() -> Vec<(Edit, &'static str)> {
    let text = || json!({ "type": "string", "x-extension": MARK });
    vec![
        (
            Set(
                "/paths/~1menu",
                json!({ "get": { "x-extension": MARK, "responses": {} } }),
            ),
            "operation GET /menu",
        ),
        (
            Set(
                "GET/parameters/-",
                json!({ "name": "full", "in": "query", "x-extension": MARK, "schema": { "type": "boolean" } }),
            ),
            "operation GET /orders/{orderId} param full",
        ),
        (
            Set(
                "Pie",
                json!({ "x-extension": MARK, "allOf": [{ "$ref": "#/components/schemas/Dish" }] }),
            ),
            "schema Pie",
        ),
        (Set("Order/properties/tip", text()), "schema Order.tip"),
        (
            Set(
                "Order/properties/seat/properties/window",
                json!({ "type": "boolean", "x-extension": MARK }),
            ),
            "schema Order.seat.window",
        ),
        (
            // An enum of its own, which becomes a named type on the way.
            Set(
                "Order/properties/mood",
                json!({ "type": "string", "enum": ["calm", "merry"], "x-extension": MARK }),
            ),
            "schema Order.mood",
        ),
        (
            Set(
                "Order/properties/again",
                json!({ "$ref": "#/components/schemas/State", "x-extension": MARK }),
            ),
            "schema Order.again",
        ),
        (
            Set(
                "State",
                json!({
                    "type": "string", "enum": ["cooking", "done", "late"],
                    "x-extension": MARK, "x-extension-values": ["late"],
                }),
            ),
            "schema State",
        ),
        (
            Set(
                "Wish/properties/size",
                json!({
                    "type": "string", "enum": ["small", "large", "huge"], "default": "small",
                    "x-extension": MARK, "x-extension-values": ["huge"],
                }),
            ),
            "schema Wish.size",
        ),
    ]
}

/// The same without marks.
fn unmarked(mut value: Value) -> Value {
    match &mut value {
        Value::Object(object) => {
            object.retain(|key, _| !key.starts_with("x-extension"));
            for inner in object.values_mut() {
                *inner = unmarked(inner.take());
            }
        }
        Value::Array(list) => list
            .iter_mut()
            .for_each(|inner| *inner = unmarked(inner.take())),
        _ => {}
    }
    value
}

#[test]
fn a_marked_addition_is_known_until_the_vendor_has_it() {
    for (edit, at) in additions() {
        let ours = edited(&[&edit]);

        let report = drift(ours.clone(), contract(), "");
        assert!(report.is_clean(), "{at}: {report}");
        let known: Vec<String> = report
            .extensions
            .iter()
            .map(|found| found.at.to_string())
            .collect();
        assert_eq!(known, [at]);
        assert_eq!(report.extensions[0].extension.as_deref(), Some(MARK));

        let bare = drift(unmarked(ours.clone()), contract(), "");
        assert_eq!(bare.differences.len(), 1, "the mark alone explains {at}");

        let vendors = unmarked(ours.clone());
        let report = drift(ours, vendors, "");
        assert_eq!(lines(&report), [""; 0], "{at}");
        assert!(!report.is_clean() && report.extensions.is_empty(), "{at}");
        let marks: Vec<String> = report
            .caught_up
            .iter()
            .map(|mark| mark.at.to_string())
            .collect();
        assert_eq!(marks, [at]);
        let text = report.to_string();
        assert!(text.contains("remove its `x-extension`"), "{text}");
        assert!(text.ends_with(", 1 caught up"), "{text}");
    }
}

#[test]
fn a_tag_is_as_known_as_the_schema_it_leads_to() {
    let tag = Set(
        "Dish/discriminator/mapping/pie",
        json!("#/components/schemas/Pie"),
    );
    let pie = |mark: bool| {
        let pie =
            json!({ "x-extension": MARK, "allOf": [{ "$ref": "#/components/schemas/Dish" }] });
        Set("Pie", if mark { pie } else { unmarked(pie) })
    };
    let report = drift(edited(&[&tag, &pie(true)]), contract(), "");
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.extensions.len(), 2);
    let report = drift(edited(&[&tag, &pie(false)]), contract(), "");
    assert_eq!(
        lines(&report),
        [
            "breaking schema Dish: tag `pie` is not in the vendor's document",
            "other schema Pie: schema is not in the vendor's document",
        ]
    );
}

#[test]
fn a_mark_hides_no_real_difference() {
    let ours = edited(&[&Set(
        "Order/properties/tip",
        json!({ "type": "string", "x-extension": MARK }),
    )]);
    let vendors = edited(&[&Set("Order/properties/tip", json!({ "type": "number" }))]);
    let report = drift(ours, vendors, "");
    assert_eq!(
        lines(&report),
        ["breaking schema Order.tip: type string became number"]
    );
    assert_eq!(report.caught_up.len(), 1);

    // A mark on values is none on the member.
    let size = json!({
        "type": "string", "enum": ["small", "large", "huge"], "default": "small",
        "x-extension": MARK, "x-extension-values": ["huge"],
    });
    let ours = edited(&[&Set("Wish/properties/size", size)]);
    let vendors = edited(&[&crate::kitchen::Remove("Wish/properties/size")]);
    assert_eq!(
        lines(&drift(ours, vendors, "")),
        ["breaking schema Wish.size: property is not in the vendor's document"]
    );
}

#[test]
fn an_added_child_leaves_a_difference_of_its_base_in_one_place() {
    let pie = Set(
        "Pie",
        json!({ "x-extension": MARK, "allOf": [{ "$ref": "#/components/schemas/Dish" }] }),
    );
    let vendors = edited(&[&Set("Dish/properties/note/maxLength", json!(9))]);
    let report = drift(edited(&[&pie]), vendors, "");
    assert_eq!(
        lines(&report),
        ["breaking schema Dish.note: maxLength none became 9"]
    );
}
