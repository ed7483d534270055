//! What only the spelling changes is no difference.

use serde_json::json;

use crate::kitchen::{Edit, Remove, Set, contract, drift, edited, lines};

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
