//! Every kind of change is found, with its words and its weight, in both directions.

use serde_json::json;

use crate::kitchen::{Edit, Remove, Set, contract, drift, edited, lines};

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
                "other schema Dish.$type: required became optional",
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
