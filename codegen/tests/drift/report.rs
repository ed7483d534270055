//! Tolerated differences, stale entries, and what a report says.

use codegen::drift::compare;
use codegen::{Document, Overrides};
use serde_json::json;

use crate::kitchen::{Remove, Set, contract, drift, edited, lines};

#[test]
fn tolerated_differences_are_counted_and_stale_entries_reported() {
    let vendors = edited(&[
        &Remove("Order/properties/cost"),
        &Set("Spare", json!({ "type": "object" })),
        &Set("SpareRoom", json!({ "type": "object" })),
    ]);
    let entries = r#"
        [[tolerate]]
        contract = "kitchen"
        at = "schema Order"
        change = "extra"
        reason = "Seen in replies."

        [[tolerate]]
        contract = "kitchen"
        at = "schema Spare"
        change = "missing"
        reason = "Nobody uses it."

        [[tolerate]]
        contract = "kitchen"
        at = "schema Wish"
        change = "changed"
        reason = "Was different once."

        [[tolerate]]
        contract = "bakery"
        at = "schema Oven"
        change = "changed"
        reason = "Another contract."
    "#;
    let report = drift(contract(), vendors.clone(), entries);
    assert_eq!(
        lines(&report),
        ["other schema SpareRoom: schema is not in the contract"]
    );
    assert_eq!(report.tolerated.len(), 2);
    assert_eq!(report.stale.len(), 1);
    assert!(!report.is_clean());
    let text = report.to_string();
    assert!(
        text.contains("- other     schema SpareRoom: schema is not in the contract\n"),
        "{text}"
    );
    assert!(
        text.contains("- stale     tolerated `schema Wish` (changed)"),
        "{text}"
    );
    assert!(
        text.ends_with("0 breaking, 1 other, 2 tolerated, 1 stale"),
        "{text}"
    );

    let starred = entries.replace("schema Spare", "schema Spare*");
    assert_eq!(lines(&drift(contract(), vendors, &starred)), [""; 0]);
}

#[test]
fn a_wrong_kind_of_change_is_an_error() {
    let overrides: Overrides = toml::from_str(
        "[[tolerate]]\ncontract = 'kitchen'\nat = 'schema Order'\nchange = 'gone'\nreason = 'Typo.'",
    )
    .unwrap();
    let doc = || Document::from_value("ours.yaml", contract());
    let error = compare(doc(), doc(), &overrides).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("write one of missing, extra, changed"),
        "{error}"
    );
}

#[test]
fn lines_name_the_file_to_edit_and_json_says_the_same() {
    let vendors = edited(&[
        &Remove("Order/properties/cost"),
        &Remove("POST/responses/201"),
    ]);
    let report = drift(contract(), vendors, "");
    let text = report.to_string();
    assert_eq!(
        text.lines().collect::<Vec<_>>(),
        [
            "- breaking  operation POST /orders response 201: status is not in the vendor's document  [ours.yaml#/paths/~1orders/post]",
            "",
            "- breaking  schema Order.cost: property is not in the vendor's document  [ours.yaml#/components/schemas/Order]",
            "",
            "2 breaking, 0 other, 0 tolerated",
        ],
    );
    let json = report.to_json();
    assert_eq!(json["differences"][1]["at"], "schema Order.cost");
    assert_eq!(json["differences"][1]["change"], "extra");
    assert_eq!(
        json["counts"],
        json!({ "breaking": 2, "other": 0, "tolerated": 0, "extensions": 0, "stale": 0, "caughtUp": 0, "older": 0 })
    );
}

#[test]
fn what_is_new_is_to_be_added_beside_its_neighbours() {
    let folder = tempfile::tempdir().unwrap();
    let parts = [
        (
            "ours.json",
            json!({
                "openapi": "3.1.1", "info": { "title": "T", "version": "1" },
                "paths": {
                    "/v1/orders": { "$ref": "paths/orders.json#/orders" },
                    "/v1/menu": { "$ref": "paths/menu.json#/menu" },
                },
                "components": { "schemas": { "Order": { "$ref": "schemas/order.json#/Order" } } },
            }),
        ),
        (
            "paths/orders.json",
            json!({ "orders": { "get": { "responses": {} } } }),
        ),
        (
            "paths/menu.json",
            json!({ "menu": { "get": { "responses": {} } } }),
        ),
        (
            "schemas/order.json",
            json!({ "Order": { "type": "object" } }),
        ),
    ];
    for (name, part) in &parts {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, part.to_string()).unwrap();
    }
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let vendors = json!({
        "openapi": "3.1.1", "info": { "title": "T", "version": "1" },
        "paths": {
            "/v1/orders": { "get": { "responses": {} } },
            "/v1/menu": { "get": { "responses": {} } },
            "/v1/menu/{day}": { "get": { "responses": {} } },
            "/elsewhere": { "get": { "responses": {} } },
        },
        "components": { "schemas": {
            "Order": { "type": "object", "properties": { "guest": reference("Guest") } },
            "Guest": { "type": "object", "properties": { "seat": reference("Seat") } },
            "Seat": { "type": "object", "properties": { "row": { "type": "integer" } } },
            "Alone": { "type": "object" },
        } },
    });
    let ours = codegen::load(&folder.path().join("ours.json")).unwrap();
    let vendors = Document::from_value("vendors.json", vendors);
    let report = compare(ours, vendors, &Overrides::default()).unwrap();
    let file = |at: &str| {
        let found = report
            .differences
            .iter()
            .find(|found| found.at.to_string() == at);
        found.unwrap().file.clone()
    };
    let ends = |at: &str, end: &str| file(at).unwrap().ends_with(end);
    assert!(ends("operation GET /v1/menu/{day}", "paths/menu.json"));
    assert!(ends("schema Guest", "schemas/order.json"));
    assert!(ends("schema Seat", "schemas/order.json"));
    assert_eq!(file("operation GET /elsewhere"), None);
    assert_eq!(file("schema Alone"), None);
}

#[test]
fn a_patch_applies_to_both_sides() {
    let patch = r#"
        [[patch]]
        contract = "kitchen"
        at = "/components/schemas/Order/properties/cost"
        reason = "The wire sends text."
        replace = { type = "string" }
    "#;
    let ours = edited(&[&Set("Order/properties/cost", json!({ "type": "string" }))]);
    assert_eq!(lines(&drift(ours, contract(), patch)), [""; 0]);
}
