//! Contract drift: every kind of difference is found, and spelling is none.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

use codegen::drift::{Report, compare};
use codegen::{Document, Overrides};
use serde_json::{Value, json};

/// A small contract with one of everything that the comparison looks at.
fn contract() -> Value {
    json!({
        "openapi": "3.1.1",
        "info": { "title": "Kitchen", "version": "1" },
        "paths": {
            "/orders/{orderId}": {
                "parameters": [
                    { "name": "orderId", "in": "path", "required": true, "schema": { "type": "string" } },
                ],
                "get": {
                    "parameters": [
                        { "name": "wait", "in": "query", "schema": { "type": "integer", "maximum": 60 } },
                    ],
                    "responses": {
                        "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Order" } } } },
                        "404": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Problem" } } } },
                        "default": { "description": "Anything else." },
                    },
                },
                "delete": { "responses": { "204": { "description": "Gone." } } },
            },
            "/orders": {
                "post": {
                    "operationId": "order",
                    "requestBody": {
                        "required": true,
                        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Wish" } } },
                    },
                    "responses": {
                        "201": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Order" } } } },
                    },
                },
            },
        },
        "components": { "schemas": {
            "Order": {
                "type": "object",
                "required": ["id", "state"],
                "properties": {
                    "id": { "type": "string", "readOnly": true },
                    "state": { "$ref": "#/components/schemas/State" },
                    "cost": { "type": ["number", "null"], "format": "double" },
                    "labels": { "type": "object", "additionalProperties": { "type": "string" } },
                    "seat": { "type": "object", "properties": { "row": { "type": "integer" } } },
                    "bill": { "oneOf": [
                        { "$ref": "#/components/schemas/Problem" },
                        { "$ref": "#/components/schemas/Cash" },
                        { "type": "string" },
                    ] },
                },
            },
            "State": { "type": "string", "enum": ["cooking", "done"] },
            "Wish": {
                "type": "object",
                "required": ["dishes"],
                "properties": {
                    "dishes": { "type": "array", "minItems": 1, "items": { "$ref": "#/components/schemas/Dish" } },
                    "size": { "enum": ["small", "large"], "type": "string", "default": "small" },
                    "guests": { "type": "integer", "format": "int32", "minimum": 1, "maximum": 12 },
                    "code": { "type": "string", "pattern": "^[a-z]+$", "maxLength": 8 },
                },
            },
            "Dish": {
                "type": "object",
                "required": ["$type"],
                "properties": { "$type": { "type": "string" }, "note": { "type": "string" } },
                "discriminator": {
                    "propertyName": "$type",
                    "mapping": { "soup": "#/components/schemas/Soup", "cake": "#/components/schemas/Cake" },
                },
            },
            "Soup": { "allOf": [
                { "$ref": "#/components/schemas/Dish" },
                { "type": "object", "properties": { "hot": { "type": "boolean" } } },
            ] },
            "Cake": { "allOf": [
                { "$ref": "#/components/schemas/Dish" },
                { "type": "object", "properties": { "tiers": { "type": "integer" }, "weight": { "$ref": "#/components/schemas/Weight" } } },
            ] },
            "Weight": { "type": "number", "maximum": 9 },
            "Cash": { "type": "object", "properties": { "paid": { "type": "boolean" } } },
            "Problem": { "type": "object", "properties": { "title": { "type": "string" } } },
        } },
    })
}

/// What is done to a document.
enum Edit {
    /// Writes a member, there before or not; `/-` behind a list appends. A place is a pointer, or
    /// begins with a schema's name, or with `GET`, `DELETE` or `POST` for the operation.
    Set(&'static str, Value),
    Remove(&'static str),
}

use Edit::{Remove, Set};

fn edited(edits: &[&Edit]) -> Value {
    let mut root = contract();
    for edit in edits {
        let pointer = match edit {
            Set(pointer, _) | Remove(pointer) => pointer,
        };
        let pointer = match pointer.split_once('/') {
            Some(("", _)) => (*pointer).to_owned(),
            Some(("GET", rest)) => format!("/paths/~1orders~1{{orderId}}/get/{rest}"),
            Some(("DELETE", rest)) => format!("/paths/~1orders~1{{orderId}}/delete/{rest}"),
            Some(("POST", rest)) => format!("/paths/~1orders/post/{rest}"),
            _ => format!("/components/schemas/{pointer}"),
        };
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let key = key.replace("~1", "/");
        let parent = root
            .pointer_mut(parent)
            .unwrap_or_else(|| panic!("{pointer} is there"));
        match (parent, edit) {
            (Value::Object(parent), Set(_, value)) => drop(parent.insert(key, value.clone())),
            (Value::Object(parent), Remove(_)) => drop(parent.remove(&key).unwrap()),
            (Value::Array(list), Set(_, value)) if key == "-" => list.push(value.clone()),
            (Value::Array(list), Set(_, value)) => {
                list[key.parse::<usize>().unwrap()] = value.clone();
            }
            (Value::Array(list), Remove(_)) => drop(list.remove(key.parse().unwrap())),
            (other, _) => panic!("{other} has no members"),
        }
    }
    root
}

fn drift(ours: Value, vendors: Value, overrides: &str) -> Report {
    let overrides: Overrides = toml::from_str(overrides).unwrap();
    let ours = Document::from_value("ours.yaml", ours);
    compare(
        ours,
        Document::from_value("vendors.json", vendors),
        &overrides.of("kitchen"),
    )
    .unwrap()
}

/// The lines of a report without their files.
fn lines(report: &Report) -> Vec<String> {
    let line = |found: &codegen::drift::Difference| {
        let weight = if found.breaking { "breaking" } else { "other" };
        format!("{weight} {}: {}", found.at, found.message)
    };
    report.differences.iter().map(line).collect()
}

#[test]
fn every_change_of_a_vendor_is_found() {
    let text = || json!({ "type": "string" });
    let table: &[(Edit, &[&str])] = &[
        // Operations.
        (
            Remove("/paths/~1orders~1{orderId}/delete"),
            &[
                "breaking operation DELETE /orders/{orderId}: operation is not in the vendor's document",
            ],
        ),
        (
            Set("/paths/~1menu", json!({ "get": { "responses": {} } })),
            &["other operation GET /menu: operation is not in the contract"],
        ),
        // Parameters.
        (
            Remove("GET/parameters/0"),
            &[
                "breaking operation GET /orders/{orderId} param wait: parameter is not in the vendor's document",
            ],
        ),
        (
            Set(
                "GET/parameters/-",
                json!({ "name": "full", "in": "query", "schema": { "type": "boolean" } }),
            ),
            &["other operation GET /orders/{orderId} param full: parameter is not in the contract"],
        ),
        (
            Set(
                "GET/parameters/-",
                json!({ "name": "key", "in": "header", "required": true, "schema": { "type": "string" } }),
            ),
            &[
                "breaking operation GET /orders/{orderId} param key: required parameter is not in the contract",
            ],
        ),
        (
            Set("GET/parameters/0/required", json!(true)),
            &["breaking operation GET /orders/{orderId} param wait: optional became required"],
        ),
        (
            Set("GET/parameters/0/in", json!("header")),
            &["breaking operation GET /orders/{orderId} param wait: place query became header"],
        ),
        (
            Set("GET/parameters/0/schema/type", json!("string")),
            &["breaking operation GET /orders/{orderId} param wait: type integer became string"],
        ),
        (
            Set("GET/parameters/0/schema/maximum", json!(30)),
            &["breaking operation GET /orders/{orderId} param wait: maximum 60 became 30"],
        ),
        (
            Set("GET/parameters/0/schema/maximum", json!(90)),
            &["other operation GET /orders/{orderId} param wait: maximum 60 became 90"],
        ),
        // Bodies.
        (
            Remove("POST/requestBody"),
            &["breaking operation POST /orders body: body is not in the vendor's document"],
        ),
        (
            Set(
                "DELETE/requestBody",
                json!({ "content": { "application/json": {} } }),
            ),
            &["other operation DELETE /orders/{orderId} body: body is not in the contract"],
        ),
        (
            Set("POST/requestBody/required", json!(false)),
            &["other operation POST /orders body: required became optional"],
        ),
        (
            Set(
                "POST/requestBody/content/application~1json/schema/$ref",
                json!("#/components/schemas/Order"),
            ),
            &["breaking operation POST /orders body: type Wish became Order"],
        ),
        // Replies.
        (
            Remove("POST/responses/201"),
            &[
                "breaking operation POST /orders response 201: status is not in the vendor's document",
            ],
        ),
        (
            Remove("GET/responses/404"),
            &[
                "other operation GET /orders/{orderId} response 404: status is not in the vendor's document",
            ],
        ),
        (
            Set("POST/responses/400", json!({})),
            &["other operation POST /orders response 400: status is not in the contract"],
        ),
        (
            Set("GET/responses/404/content/application~1json/schema", text()),
            &["breaking operation GET /orders/{orderId} response 404: type Problem became string"],
        ),
        (
            Remove("GET/responses/200/content"),
            &[
                "breaking operation GET /orders/{orderId} response 200: type is not in the vendor's document",
            ],
        ),
        (
            Set(
                "GET/responses/default/content",
                json!({ "application/json": { "schema": { "type": "string" } } }),
            ),
            &[
                "other operation GET /orders/{orderId} response DEFAULT: type is not in the contract",
            ],
        ),
        // Schemas and properties.
        (
            Set("Spare", json!({ "type": "object" })),
            &["other schema Spare: schema is not in the contract"],
        ),
        (
            Remove("Order/properties/cost"),
            &["breaking schema Order.cost: property is not in the vendor's document"],
        ),
        (
            Set("Order/properties/tip", text()),
            &["other schema Order.tip: property is not in the contract"],
        ),
        (
            Set("Order/required/-", json!("cost")),
            &["other schema Order.cost: optional became required"],
        ),
        (
            Remove("Order/required/1"),
            &["breaking schema Order.state: required became optional"],
        ),
        (
            Set("Wish/required/-", json!("code")),
            &["breaking schema Wish.code: optional became required"],
        ),
        (
            Set("Wish/properties/hurry", text()),
            &["other schema Wish.hurry: property is not in the contract"],
        ),
        // Types.
        (
            Set("Order/properties/cost/type", json!(["string", "null"])),
            &["breaking schema Order.cost: type number became string"],
        ),
        (
            Set("Order/properties/cost/type", json!("number")),
            &["other schema Order.cost: is never null now"],
        ),
        (
            Set("Order/properties/id/type", json!(["string", "null"])),
            &["breaking schema Order.id: became nullable"],
        ),
        (
            Remove("Order/properties/id/readOnly"),
            &["other schema Order.id: readOnly true became false"],
        ),
        (
            Set("Wish/properties/code/readOnly", json!(true)),
            &["breaking schema Wish.code: readOnly false became true"],
        ),
        (
            Set(
                "Order/properties/state/$ref",
                json!("#/components/schemas/Problem"),
            ),
            &["breaking schema Order.state: type State became Problem"],
        ),
        (
            Set(
                "Order/properties/labels/additionalProperties/type",
                json!("integer"),
            ),
            &["breaking schema Order.labels: values: type string became integer"],
        ),
        (
            Remove("Order/properties/labels/additionalProperties"),
            &["breaking schema Order.labels: type map of string became object"],
        ),
        (
            Set("Order/properties/seat/properties/row/type", json!("string")),
            &["breaking schema Order.seat.row: type integer became string"],
        ),
        (
            Set(
                "Wish/properties/dishes/items/$ref",
                json!("#/components/schemas/Soup"),
            ),
            &["breaking schema Wish.dishes: items: type Dish became Soup"],
        ),
        (
            Set("Wish/properties/guests/type", json!("number")),
            &["other schema Wish.guests: type integer became number"],
        ),
        (
            Set("Weight/type", json!("string")),
            &["breaking schema Weight: type number became string"],
        ),
        // Values and limits.
        (
            Set("State/enum", json!(["cooking"])),
            &["other schema State: value `done` is not in the vendor's document"],
        ),
        (
            Set("State/enum/-", json!("cold")),
            &["other schema State: value `cold` is not in the contract"],
        ),
        (
            Remove("State/enum"),
            &["other schema State: values `cooking`, `done` became any"],
        ),
        (
            Set("Wish/properties/size/enum", json!(["small"])),
            &["breaking schema Wish.size: value `large` is not in the vendor's document"],
        ),
        (
            Set("Wish/properties/size/enum/-", json!("huge")),
            &["other schema Wish.size: value `huge` is not in the contract"],
        ),
        (
            Set("Wish/properties/size/default", json!("large")),
            &["other schema Wish.size: default `small` became `large`"],
        ),
        (
            Remove("Wish/properties/size/default"),
            &["other schema Wish.size: default `small` became none"],
        ),
        (
            Set("Wish/properties/guests/minimum", json!(2)),
            &["breaking schema Wish.guests: minimum 1 became 2"],
        ),
        (
            Remove("Wish/properties/guests/maximum"),
            &["other schema Wish.guests: maximum 12 became none"],
        ),
        (
            Set("Wish/properties/guests/format", json!("int64")),
            &["other schema Wish.guests: format int32 became int64"],
        ),
        (
            Set("Wish/properties/guests/multipleOf", json!(2)),
            &["breaking schema Wish.guests: multipleOf none became 2"],
        ),
        (
            Set("Wish/properties/guests/exclusiveMaximum", json!(9)),
            &["breaking schema Wish.guests: exclusiveMaximum none became 9"],
        ),
        (
            Set("Wish/properties/dishes/minItems", json!(2)),
            &["breaking schema Wish.dishes: minItems 1 became 2"],
        ),
        (
            Set("Wish/properties/dishes/uniqueItems", json!(true)),
            &["breaking schema Wish.dishes: uniqueItems none became true"],
        ),
        (
            Set("Wish/properties/code/pattern", json!("^x")),
            &["breaking schema Wish.code: pattern `^[a-z]+$` became `^x`"],
        ),
        (
            Set("Wish/properties/code/maxLength", json!(4)),
            &["breaking schema Wish.code: maxLength 8 became 4"],
        ),
        (
            Set("Wish/properties/code/format", json!("uuid")),
            &["breaking schema Wish.code: format none became uuid"],
        ),
        (
            Set("Order/properties/cost/format", json!("float")),
            &["other schema Order.cost: format double became float"],
        ),
        (
            Set("Weight/maximum", json!(5)),
            &["breaking schema Weight: maximum 9 became 5"],
        ),
        // Unions.
        (
            Set("Dish/discriminator/propertyName", json!("kind")),
            &["breaking schema Dish: tag property `$type` became `kind`"],
        ),
        (
            Remove("Dish/discriminator/mapping/cake"),
            &["breaking schema Dish: tag `cake` is not in the vendor's document"],
        ),
        (
            Set(
                "Dish/discriminator/mapping/pie",
                json!("#/components/schemas/Cake"),
            ),
            &["other schema Dish: tag `pie` is not in the contract"],
        ),
        (
            Set(
                "Dish/discriminator/mapping/cake",
                json!("#/components/schemas/Soup"),
            ),
            &["breaking schema Dish: tag `cake`: type Cake became Soup"],
        ),
        (
            Set("Dish/properties/$type/default", json!("soup")),
            &[
                "other schema Dish: default tag none became `soup`",
                "other schema Dish.$type: default none became `soup`",
            ],
        ),
        (
            Set("Dish/properties/note/type", json!("integer")),
            &["breaking schema Dish.note: type string became integer"],
        ),
        (
            Set(
                "Order/properties/bill/oneOf/1/$ref",
                json!("#/components/schemas/Wish"),
            ),
            &[
                "other schema Order.bill: alternative Cash is not in the vendor's document",
                "other schema Order.bill: alternative Wish is not in the contract",
            ],
        ),
        (
            Remove("Order/properties/bill/oneOf/2"),
            &["other schema Order.bill: alternative string is not in the vendor's document"],
        ),
        (
            Set(
                "Order/properties/bill/oneOf/-",
                json!({ "type": "boolean" }),
            ),
            &["other schema Order.bill: alternative boolean is not in the contract"],
        ),
        (
            Set("Order/properties/bill/oneOf/2/type", json!("integer")),
            &[
                "other schema Order.bill: alternative integer is not in the contract",
                "other schema Order.bill: alternative string is not in the vendor's document",
            ],
        ),
        (
            Set("Cash/not", json!({ "required": ["x"] })),
            &["breaking schema Cash: rule none became {\"not\":{\"required\":[\"x\"]}}"],
        ),
    ];
    for (edit, expected) in table {
        let got = lines(&drift(contract(), edited(&[edit]), ""));
        assert_eq!(got, *expected);
        // What is found one way is found the other way round.
        let back = lines(&drift(edited(&[edit]), contract(), ""));
        assert_eq!(back.len(), expected.len(), "{expected:?} and back {back:?}");
    }
}

#[test]
fn spelling_is_no_difference() {
    let respelt: &[&[Edit]] = &[
        &[],
        // Words, names of operations, other media types, closedness.
        &[
            Set("Order/description", json!("In other words.")),
            Set("POST/operationId", json!("placeOrder")),
            Set(
                "POST/requestBody/content/text~1json",
                json!({ "schema": { "type": "object" } }),
            ),
            Set("Order/additionalProperties", json!(false)),
            Set("Wish/properties/size/examples", json!(["small"])),
        ],
        // The dialect of OpenAPI 3.0, and limits that exclude nothing.
        &[
            Set(
                "Order/properties/cost",
                json!({ "type": "number", "format": "double", "nullable": true }),
            ),
            Set("Weight/maximum", json!(9.0)),
            Set("Wish/properties/code/minLength", json!(0)),
            Set("Wish/properties/dishes/uniqueItems", json!(false)),
        ],
        // Order, of names and of lists.
        &[
            Set("State/enum", json!(["done", "cooking"])),
            Set("Order/required", json!(["state", "id"])),
            Set("Order/properties/bill/oneOf/0", json!({ "type": "string" })),
            Set(
                "Order/properties/bill/oneOf/2",
                json!({ "$ref": "#/components/schemas/Problem" }),
            ),
        ],
        // A base that is written out.
        &[Set(
            "Soup",
            json!({
                "type": "object",
                "required": ["$type"],
                "properties": {
                    "$type": { "type": "string" },
                    "note": { "type": "string" },
                    "hot": { "type": "boolean" },
                },
            }),
        )],
        // A property's type with a name of its own, and one without.
        &[
            Set(
                "Seat",
                json!({ "type": "object", "properties": { "row": { "type": "integer" } } }),
            ),
            Set(
                "Order/properties/seat",
                json!({ "$ref": "#/components/schemas/Seat" }),
            ),
            Set(
                "Order/properties/state",
                json!({ "type": "string", "enum": ["cooking", "done"] }),
            ),
            Set(
                "Cake/allOf/1/properties/weight",
                json!({ "type": "number", "maximum": 9 }),
            ),
            Remove("State"),
            Remove("Weight"),
        ],
        // Another name, used wherever the old one was.
        &[
            Set(
                "Phase",
                json!({ "type": "string", "enum": ["cooking", "done"] }),
            ),
            Set(
                "Order/properties/state/$ref",
                json!("#/components/schemas/Phase"),
            ),
            Remove("State"),
        ],
        // Another name in a path, and a parameter of the operation rather than of the path.
        &[
            Set(
                "/components/parameters",
                json!({
                    "Id": { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } },
                }),
            ),
            Set(
                "/paths/~1orders~1{id}",
                json!({
                    "get": contract()["paths"]["/orders/{orderId}"]["get"],
                    "delete": contract()["paths"]["/orders/{orderId}"]["delete"],
                    "parameters": [{ "$ref": "#/components/parameters/Id" }],
                }),
            ),
            Remove("/paths/~1orders~1{orderId}"),
        ],
    ];
    for edits in respelt {
        let edits: Vec<&Edit> = edits.iter().collect();
        assert_eq!(lines(&drift(contract(), edited(&edits), "")), [""; 0]);
        assert_eq!(lines(&drift(edited(&edits), contract(), "")), [""; 0]);
    }
    assert_eq!(lines(&drift(contract(), shuffled(contract()), "")), [""; 0]);
}

/// The same document with the keys of every object in the opposite order.
fn shuffled(value: Value) -> Value {
    match value {
        Value::Object(object) => object
            .into_iter()
            .rev()
            .map(|(key, value)| (key, shuffled(value)))
            .collect(),
        Value::Array(list) => list.into_iter().map(shuffled).collect(),
        other => other,
    }
}

#[test]
fn a_renamed_type_is_compared_by_its_members() {
    let edits = [
        Set(
            "Phase",
            json!({ "type": "string", "enum": ["cooking", "done", "cold"] }),
        ),
        Set(
            "Order/properties/state/$ref",
            json!("#/components/schemas/Phase"),
        ),
        Remove("State"),
    ];
    let report = drift(contract(), edited(&edits.each_ref()), "");
    assert_eq!(
        lines(&report),
        ["other schema State: value `cold` is not in the contract"]
    );
}

#[test]
fn types_that_contain_themselves_end() {
    let tree = |name: &str, leaf: &str| {
        json!({
            "openapi": "3.0.3", "info": { "title": "Trees", "version": "1" },
            "paths": { "/tree": { "get": { "responses": { "200": { "content": { "application/json": {
                "schema": { "$ref": format!("#/components/schemas/{name}") },
            } } } } } } },
            "components": { "schemas": { name: { "type": "object", "properties": {
                "leaf": { "type": leaf },
                "left": { "$ref": format!("#/components/schemas/{name}") },
                "others": { "type": "array", "items": { "$ref": format!("#/components/schemas/{name}") } },
            } } } },
        })
    };
    assert_eq!(
        lines(&drift(tree("Oak", "string"), tree("Elm", "string"), "")),
        [""; 0]
    );
    let changed = drift(tree("Oak", "string"), tree("Elm", "integer"), "");
    assert_eq!(
        lines(&changed),
        ["breaking schema Oak.leaf: type string became integer"]
    );
}

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
        json!({ "breaking": 2, "other": 0, "tolerated": 0, "stale": 0 })
    );
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
