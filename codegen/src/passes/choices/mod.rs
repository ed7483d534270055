//! Deals with `oneOf` and `anyOf` that name no discriminator: finds the tag where the branches have one,
//! else what tells them apart (the kind of JSON, members that must be there, constants), merges what is
//! one type, and reads the rest as any JSON, saying why.

mod apart;
mod branch;
mod groups;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use self::branch::Branch;
use crate::document::{Document, member_mut, schema_reference};
use crate::error::Error;
use crate::marks::{CHOICE, UNTAGGED};
use crate::names::NameScope;
use crate::notes::Notes;
use crate::pointer::Pointer;
use crate::shape::JsonKind;
use crate::sign::Sign;
use crate::walk::each_schema;

pub(super) fn run(doc: &mut Document, notes: &mut Notes) -> Result<(), Error> {
    let mut next: Vec<String> = doc.schemas().map(|(name, _)| name.clone()).collect();
    next.reverse();
    let scope = NameScope::with_reserved(next.iter().map(String::as_str));
    let most = 4 * next.len() + 1_000;
    let mut chooser = Chooser {
        doc,
        scope,
        lifted: Vec::new(),
        made: BTreeMap::new(),
        most,
        notes,
    };
    while let Some(name) = next.pop() {
        chooser.component(&name);
        next.append(&mut chooser.lifted);
    }
    // What stands where no type of its own can be made.
    let is_left = |schema: &Map<String, Value>| {
        let is_choice = ["oneOf", "anyOf"]
            .iter()
            .any(|key| schema.contains_key(*key));
        is_choice && !schema.contains_key("discriminator") && !schema.contains_key(CHOICE)
    };
    let mut left = false;
    each_schema(doc, &mut |_, schema| {
        left |= schema.as_object().is_some_and(is_left);
    });
    if !left {
        return Ok(());
    }
    let components = doc.clone();
    each_schema(doc, &mut |at, schema| {
        let Value::Object(schema) = schema else {
            return;
        };
        if is_left(schema)
            && let Some((key, branches)) = take(schema)
        {
            inline(at, schema, key, branches, &components, notes);
        }
    });
    Ok(())
}

/// Takes the choice out of a schema.
fn take(schema: &mut Map<String, Value>) -> Option<(&'static str, Vec<Value>)> {
    let keys = ["oneOf", "anyOf"].into_iter();
    let mut found = keys.filter_map(|key| match schema.remove(key) {
        Some(Value::Array(branches)) => Some((key, branches)),
        _ => None,
    });
    let first = found.next();
    // A second choice in one schema narrows the first.
    let _narrowing = found.next();
    first
}

struct Chooser<'a> {
    doc: &'a mut Document,
    /// The names of components.
    scope: NameScope,
    /// Components that were made here and not looked at yet.
    lifted: Vec<String>,
    /// What was made here, so that the same choice is one component.
    made: BTreeMap<String, String>,
    /// How many may be made: choices that hold each other could go on for ever.
    most: usize,
    notes: &'a mut Notes,
}

/// One variant of a choice.
struct Piece {
    name: String,
    kind: JsonKind,
    signs: Vec<(String, Sign)>,
    schema: Value,
}

/// What a choice is.
enum Found {
    /// One type.
    Merged(Map<String, Value>),
    /// Variants, in the order in which they are tried.
    Pieces(Vec<Piece>),
    /// Nothing that a type could say, and why.
    Any(String),
}

impl Chooser<'_> {
    fn component(&mut self, name: &str) {
        let at = Pointer::schema(name);
        let Some(Value::Object(schema)) = self.doc.schema(name) else {
            return;
        };
        let is_choice = ["oneOf", "anyOf"]
            .iter()
            .any(|key| schema.contains_key(*key));
        let discriminator = schema.get("discriminator");
        // Where the document says what each tag means, it tells the branches apart.
        let is_mapped = discriminator.is_some_and(|tags| tags.get("mapping").is_some());
        if is_mapped || !is_choice {
            return;
        }
        let mut schema = schema.clone();
        if let Some(discriminator) = schema.get("discriminator") {
            let listed = ["oneOf", "anyOf"]
                .iter()
                .find_map(|key| schema.get(*key)?.as_array());
            let (branches, _) = branch::expand(listed.map_or(&[], Vec::as_slice), self.doc);
            if !apart::tags_clash(discriminator, &branches, self.doc) {
                return;
            }
            let what = "the discriminator has one value for several branches; it tells nothing";
            self.notes.fault("choices", at.clone(), what);
            schema.remove("discriminator");
        }
        let Some((key, branches)) = take(&mut schema) else {
            return;
        };
        let nullable = self.choose(name, &at, &mut schema, key, branches);
        if nullable {
            schema.insert("nullable".to_owned(), true.into());
        }
        self.doc
            .schemas_mut()
            .insert(name.to_owned(), Value::Object(schema));
    }

    /// Writes what a choice is into its schema; whether it may be null.
    fn choose(
        &mut self,
        name: &str,
        at: &Pointer,
        schema: &mut Map<String, Value>,
        key: &str,
        branches: Vec<Value>,
    ) -> bool {
        let (all, nullable) = branch::expand(&branches, self.doc);
        if let Some((property, mapping)) = apart::common_tag(&all) {
            let what = format!("tagged by `{property}`, which every branch fixes");
            self.notes.conversion("choices", at.clone(), what);
            let schemas: Vec<Value> = all.into_iter().map(|branch| branch.schema).collect();
            schema.insert("oneOf".to_owned(), schemas.into());
            let tags = json!({ "propertyName": property, "mapping": mapping });
            schema.insert("discriminator".to_owned(), tags);
            return nullable;
        }
        match self.found(name, &all) {
            Found::Merged(merged) => {
                bare(schema);
                let what = "the branches are read as one type";
                if merged.contains_key("properties") {
                    self.notes.guess("choices", at.clone(), what);
                } else {
                    self.notes.conversion("choices", at.clone(), what);
                }
                schema.extend(merged);
                member_mut(schema, UNTAGGED).insert(key.to_owned(), branches.into());
            }
            Found::Pieces(pieces) => {
                bare(schema);
                let what = "a choice that no tag tells apart, but the kind of JSON and members";
                self.notes.conversion("choices", at.clone(), what);
                schema.insert(CHOICE.to_owned(), pieces.iter().map(Piece::mark).collect());
                let schemas: Vec<Value> = pieces.into_iter().map(|piece| piece.schema).collect();
                schema.insert("oneOf".to_owned(), schemas.into());
                member_mut(schema, UNTAGGED).insert(key.to_owned(), branches.into());
            }
            Found::Any(why) => {
                bare(schema);
                let what = format!("a choice is read as any JSON: {why}");
                self.notes.loss("choices", at.clone(), what);
                member_mut(schema, UNTAGGED).insert(key.to_owned(), branches.into());
            }
        }
        nullable
    }

    /// Makes a component, which is looked at in its turn.
    fn lift(&mut self, wanted: &str, schema: Value) -> Value {
        let text = schema.to_string();
        let known = self.made.get(&text).cloned();
        let name = match known {
            Some(name) => name,
            None if self.made.len() >= self.most => return json!({}),
            None => {
                let name = self.scope.claim(wanted);
                self.made.insert(text, name.clone());
                self.doc.schemas_mut().insert(name.clone(), schema);
                self.lifted.push(name.clone());
                name
            }
        };
        json!({ "$ref": schema_reference(&name) })
    }
}

impl Piece {
    /// What the model reads of it.
    fn mark(&self) -> Value {
        let signs: Vec<Value> = self
            .signs
            .iter()
            .map(|(member, sign)| json!([member, sign.write()]))
            .collect();
        json!({ "name": self.name, "kind": self.kind.name(), "signs": signs })
    }
}

/// Takes the keywords away that speak of the values.
fn bare(schema: &mut Map<String, Value>) {
    for key in [
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
    ] {
        schema.remove(key);
    }
}

/// A choice in a place that cannot have a type of its own: one plain type, or any JSON.
fn inline(
    at: &Pointer,
    schema: &mut Map<String, Value>,
    key: &str,
    branches: Vec<Value>,
    components: &Document,
    notes: &mut Notes,
) {
    let (all, nullable) = branch::expand(&branches, components);
    bare(schema);
    match groups::plain(&all) {
        Some(merged) => {
            notes.conversion("choices", at.clone(), "the branches are read as one type");
            schema.extend(merged);
        }
        None => {
            let what = "a choice is read as any JSON: no type of its own can be made here";
            notes.loss("choices", at.clone(), what);
        }
    }
    if nullable {
        schema.insert("nullable".to_owned(), true.into());
    }
    member_mut(schema, UNTAGGED).insert(key.to_owned(), branches.into());
}

/// A branch's own name among those of a choice.
fn name_of(branch: &Branch, choice: &str) -> String {
    let full = crate::names::pascal(&branch.name);
    let own = full.strip_prefix(crate::names::pascal(choice).as_str());
    match own {
        Some(own) if own.starts_with(|first: char| first.is_ascii_uppercase()) => own.to_owned(),
        _ => full,
    }
}
