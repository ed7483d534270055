//! Counts what a document declares against what the model holds, without the passes between them.
//!
//! A pass that loses something without saying so cannot be trusted to find it. This looks at the
//! document as it was before the first pass, and at the model that the code is made of; whatever is
//! on one side only, and in no note, becomes a loss in the notes.

mod members;
mod operations;
mod said;
mod schemas;

use std::collections::BTreeSet;

use crate::document::Document;
use crate::model::Model;
use crate::notes::Notes;
use crate::pointer::Pointer;

use said::Said;

/// The name under which losses that no pass told appear in the notes.
pub const UNSAID: &str = "audit";

/// What a document declares, and how much of it the crate made from it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Operations, webhooks and callbacks among them.
    pub operations: Count,
    /// Parameters of operations; headers that OpenAPI says to ignore are not counted.
    pub parameters: Count,
    /// Members of objects, of every schema and at every depth.
    pub members: Count,
    /// Media types of bodies and of replies of success.
    pub media_types: Count,
    /// Places whose schema says what stands there, and that are any JSON in the crate.
    pub any: usize,
    /// What is declared and not held, and told by no pass.
    pub unsaid: usize,
}

/// How often something is declared, and how often held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// In the document.
    pub declared: usize,
    /// In the crate.
    pub held: usize,
}

/// Counts both sides; what is missing and said nowhere is added to the notes.
pub(crate) fn audit(doc: &Document, model: &Model, notes: &mut Notes) -> Audit {
    let mut auditor = Auditor {
        doc,
        model,
        said: Said::of(notes),
        tags: model.unions().map(|(_, union)| &*union.tag).collect(),
        found: Audit::default(),
        missing: Vec::new(),
    };
    auditor.operations();
    auditor.schemas();
    let Auditor {
        mut found, missing, ..
    } = auditor;
    found.unsaid = missing.len();
    for (at, what) in missing {
        notes.loss(UNSAID, at, what);
    }
    found
}

struct Auditor<'a> {
    doc: &'a Document,
    model: &'a Model,
    said: Said,
    /// Members that unions write, and structs need not.
    tags: BTreeSet<&'a str>,
    found: Audit,
    missing: Vec<(Pointer, String)>,
}

impl Auditor<'_> {
    /// Takes down something missing, unless a note tells of it at its place in the document or at
    /// that of the type that it would be in.
    fn miss(&mut self, at: &Pointer, within: &str, what: impl FnOnce() -> String) {
        if !self.said.about(at)
            && (within.is_empty() || !self.said.lost_about(&Pointer::schema(within)))
        {
            self.missing.push((at.clone(), what()));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::Renames;
    use crate::normalise;

    fn document(pet: &Value, parameters: &Value, media: &Value) -> Document {
        let root = json!({
            "openapi": "3.1.0",
            "paths": { "/pets": { "get": {
                "operationId": "pets",
                "parameters": parameters,
                "responses": { "200": { "description": "all", "content": media } },
            } } },
            "components": { "schemas": { "Pet": pet } },
        });
        Document::from_value("t.json", root)
    }

    fn json_of(schema: &Value) -> Value {
        json!({ "application/json": { "schema": schema } })
    }

    #[test]
    fn what_is_in_the_document_alone_is_a_loss() {
        let text = json!({ "type": "string" });
        let full = document(
            &json!({
                "properties": {
                    "name": text,
                    "home": { "properties": { "street": text, "town": text } },
                    "age": { "type": "integer" },
                },
                "allOf": [{ "anyOf": [{ "properties": { "tail": text } }] }],
            }),
            &json!([
                { "name": "page", "in": "query", "schema": text },
                { "name": "Accept", "in": "header", "schema": text },
            ]),
            &json!({
                "application/json": { "schema": { "$ref": "#/components/schemas/Pet" } },
                "text/csv": {},
            }),
        );
        let less = document(
            &json!({ "properties": { "name": text, "home": { "properties": { "town": text } }, "age": {} } }),
            &json!([]),
            &json_of(&json!({ "$ref": "#/components/schemas/Pet" })),
        );
        let mut notes = Notes::default();
        let less = normalise(less, &mut notes).expect("it is sound");
        let model = Model::of(&less, &[], &Renames::default(), &mut notes);
        let mut notes = Notes::default();
        let found = audit(&full, &model, &mut notes);
        let places: Vec<&str> = notes.iter().map(|note| note.at.as_str()).collect();
        let operation = "/paths/~1pets/get";
        assert_eq!(
            places,
            [
                "/components/schemas/Pet/allOf/0/anyOf/0/properties/tail",
                "/components/schemas/Pet/properties/age",
                "/components/schemas/Pet/properties/home/properties/street",
                &format!("{operation}/parameters/0"),
                &format!("{operation}/responses/200/content/text~1csv"),
            ]
        );
        let count = |declared, held| Count { declared, held };
        assert_eq!(found.operations, count(1, 1));
        assert_eq!(found.parameters, count(1, 0));
        assert_eq!(found.members, count(6, 4));
        assert_eq!(found.media_types, count(2, 1));
        assert_eq!((found.any, found.unsaid), (1, 5));
    }

    #[test]
    fn what_a_pass_told_is_not_told_again() {
        let text = json!({ "type": "string" });
        let full = document(
            &json!({ "properties": { "a": text, "b": text } }),
            &json!([]),
            &json!({}),
        );
        let less = document(
            &json!({ "properties": { "a": text } }),
            &json!([]),
            &json!({}),
        );
        let mut notes = Notes::default();
        let less = normalise(less, &mut notes).expect("it is sound");
        let model = Model::of(&less, &[], &Renames::default(), &mut notes);
        let member = Pointer::schema("Pet").child("properties").child("b");
        let mut told = Notes::default();
        told.loss("a pass", member.clone(), "lost");
        assert_eq!(audit(&full, &model, &mut told).unsaid, 0);
        assert_eq!(told.count(crate::NoteKind::Loss), 1);
        // What only says how it is written says nothing of a loss.
        let mut told = Notes::default();
        told.conversion("a pass", member, "written so");
        assert_eq!(audit(&full, &model, &mut told).unsaid, 1);
    }

    #[test]
    fn variants_that_differ_only_far_inside_are_told_apart() {
        let branch = |tag: &str, inner: &str| {
            let inside =
                json!({ "type": "object", "properties": { (inner): { "type": "string" } } });
            let was = json!({ "type": "object", "properties": { "was": inside } });
            json!({ "type": "object", "required": ["kind"], "properties": {
                "kind": { "type": "string", "enum": [tag] }, "context": was } })
        };
        let full = document(
            &json!({ "oneOf": [branch("a", "name"), branch("b", "size"), branch("c", "name")] }),
            &json!([]),
            &json!({}),
        );
        let mut notes = Notes::default();
        let normal = normalise(full.clone(), &mut notes).expect("it is sound");
        let model = Model::of(&normal, &[], &Renames::default(), &mut notes);
        let mut notes = Notes::default();
        assert_eq!(
            audit(&full, &model, &mut notes).unsaid,
            0,
            "{}",
            notes.listed()
        );
    }
}
