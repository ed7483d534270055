//! A proposal has the facts of the vendor's document and none of its words.

use codegen::drift::{compare, propose};
use codegen::{Document, Overrides};
use serde_json::{Value, json};

use crate::kitchen::{Edit, Set, contract, edited};

fn proposal(vendors: Value) -> String {
    let ours = Document::from_value("ours.yaml", contract());
    let vendors = Document::from_value("vendors.json", vendors);
    let report = compare(ours.clone(), vendors.clone(), &Overrides::default()).unwrap();
    propose(&ours, &vendors, &report)
}

#[test]
fn each_kind_of_change_is_proposed_as_yaml() {
    let table: Vec<(Edit, &str)> = vec![
        (
            Set(
                "Order/properties/tip",
                json!({ "description": "A nice word.", "type": ["null", "integer"], "format": "int32" }),
            ),
            "== ours.yaml\n\
             \n# schema Order.tip: property is not in the contract\n\
             tip:\n  description: TODO\n  type: [integer, 'null']\n  format: int32\n",
        ),
        (
            Set("State/enum/-", json!("late")),
            "== ours.yaml\n\n# schema State: value `late` is not in the contract\n",
        ),
        (
            Set(
                "GET/parameters/-",
                json!({ "name": "full", "in": "query", "description": "Words.", "schema": { "type": "boolean" } }),
            ),
            "== ours.yaml\n\
             \n# operation GET /orders/{orderId} param full: parameter is not in the contract\n\
             full:\n  description: TODO\n  name: full\n  in: query\n  schema: {type: boolean}\n",
        ),
        (
            Set(
                "GET/responses/403",
                json!({ "description": "No.", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Problem" } } } }),
            ),
            "== ours.yaml\n\
             \n# operation GET /orders/{orderId} response 403: status is not in the contract\n\
             '403':\n  description: TODO\n  content: {application/json: {schema: {$ref: '#/Problem'}}}\n",
        ),
        (
            Set("Wish/properties/guests/maximum", json!(6)),
            "== ours.yaml\n\
             \n# schema Wish.guests: maximum 12 became 6\n\
             guests:\n  description: TODO\n  type: integer\n  format: int32\n  minimum: 1\n  maximum: 6\n",
        ),
    ];
    for (edit, expected) in table {
        assert_eq!(proposal(edited(&[&edit])), expected);
    }
}

#[test]
fn a_new_schema_is_proposed_whole_and_without_words() {
    let pie = json!({
        "description": "Vendor words.",
        "allOf": [
            { "$ref": "#/components/schemas/Dish" },
            {
                "type": "object", "additionalProperties": false, "required": ["crust"],
                "properties": {
                    "crust": { "$ref": "#/components/schemas/Weight", "description": "Vendor words." },
                    "description": { "type": "string" },
                    "$type": { "type": "string", "enum": ["pie"] },
                },
            },
        ],
    });
    let tag = json!("#/components/schemas/Pie");
    let vendors = edited(&[
        &Set("Pie", pie),
        &Set("Dish/discriminator/mapping/pie", tag),
    ]);
    let text = proposal(vendors);
    let schema = "\
Pie:
  description: TODO
  allOf:
    - {$ref: '#/Dish'}
    - type: object
      required: [crust]
      properties:
        description:
          description: TODO
          type: string
        $type: {type: string, enum: [pie]}
        crust:
          description: TODO
          $ref: '#/Weight'
";
    assert!(text.contains(schema), "{text}");
    assert!(!text.contains("Vendor"), "{text}");
}

#[test]
fn a_new_operation_is_proposed_beside_its_neighbour() {
    let list =
        json!({ "get": { "summary": "Vendor words.", "operationId": "List", "responses": {} } });
    let text = proposal(edited(&[&Set("/paths/~1orders~1all", list)]));
    let expected = "== ours.yaml\n\
        \n# operation GET /orders/all: operation is not in the contract\n\
        get:\n  description: TODO\n  responses: {}\n";
    assert_eq!(text, expected);
}

#[test]
fn nothing_is_proposed_where_nothing_differs() {
    assert_eq!(proposal(contract()), "");
}
