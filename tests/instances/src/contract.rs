//! A contract in its normal form, and what is known about its schemas.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use codegen::{Document, Notes, Overrides};
use serde_json::Value;

/// A contract in its normal form.
#[derive(Debug)]
pub struct Contract {
    doc: Document,
    /// Schema → the name that people gave its type.
    renamed: BTreeMap<String, String>,
    /// How deep the smallest instance of each schema is.
    heights: BTreeMap<String, usize>,
}

impl Contract {
    /// Reads the contract of a name, such as `v2`, and applies its overrides.
    ///
    /// # Panics
    ///
    /// The contract has a fault.
    pub fn load(name: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi");
        let mut doc = codegen::load(&root.join(name).join("openapi.yaml")).unwrap();
        let overrides = Overrides::load(&root.join("overrides.toml")).unwrap();
        let overrides = overrides.of(name);
        overrides.apply(&mut doc).unwrap();
        let renames = overrides.renames.into_iter();
        let types = renames.filter(|row| row.member.is_none() && row.value.is_none());
        Self {
            renamed: types.map(|row| (row.schema, row.to)).collect(),
            ..Self::of(doc).unwrap()
        }
    }

    /// Brings a document into its normal form.
    ///
    /// # Errors
    ///
    /// The document has a fault that cannot be lived with.
    pub fn of(doc: Document) -> Result<Self, codegen::Error> {
        let doc = codegen::normalise(doc, &mut Notes::default())?;
        Ok(Self {
            renamed: BTreeMap::new(),
            heights: heights(&doc),
            doc,
        })
    }

    /// Returns the letters of the name that a schema's type has in Rust (see [`letters`]).
    pub fn type_letters(&self, name: &str) -> String {
        letters(self.renamed.get(name).map_or(name, String::as_str))
    }

    /// Whether a schema stands where it is used, and is no type of its own.
    pub fn is_alias(&self, name: &str) -> bool {
        let schema = self.schema(name);
        let makes_a_type = ["properties", "discriminator", "enum"];
        makes_a_type.iter().all(|key| schema.get(key).is_none())
    }

    /// Returns the document.
    pub fn document(&self) -> &Document {
        &self.doc
    }

    /// Returns a schema.
    ///
    /// # Panics
    ///
    /// There is none of that name.
    pub fn schema(&self, name: &str) -> &Value {
        let schema = self.doc.schema(name);
        schema.unwrap_or_else(|| panic!("no schema `{name}`"))
    }

    /// Returns the tags of a union and the schemas that they name; nothing for any other schema.
    pub fn variants(&self, name: &str) -> Vec<(String, String)> {
        let mapping = self.schema(name).pointer("/discriminator/mapping");
        let pairs = mapping.and_then(Value::as_object).into_iter().flatten();
        pairs
            .map(|(tag, target)| (tag.clone(), last(target).to_owned()))
            .collect()
    }

    /// Returns the member that holds the tag of a union.
    pub fn tag(&self, name: &str) -> Option<&str> {
        let tag = self.schema(name).pointer("/discriminator/propertyName");
        tag.and_then(Value::as_str)
    }

    /// Returns the members that hold the tag of some union.
    pub fn tags(&self) -> BTreeSet<String> {
        let names = self.doc.schemas().map(|(name, _)| name);
        names
            .filter_map(|name| self.tag(name))
            .map(str::to_owned)
            .collect()
    }

    /// Returns, for each variant of a union, the tags that the unions around it write, and it itself
    /// may not.
    pub fn tags_around(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut open: Vec<(String, String)> = Vec::new();
        for (union, _) in self.doc.schemas() {
            let tag = self.tag(union).unwrap_or_default();
            let variants = self.variants(union).into_iter();
            open.extend(variants.map(|(_, held)| (held, tag.to_owned())));
        }
        // What is written around a union is written around its variants.
        while let Some((name, tag)) = open.pop() {
            if found.entry(name.clone()).or_default().insert(tag.clone()) {
                let variants = self.variants(&name).into_iter();
                open.extend(variants.map(|(_, held)| (held, tag.clone())));
            }
        }
        found
    }

    /// Returns each union that a schema may hold at any depth, with each of its tags.
    pub fn tags_below(&self, name: &str) -> BTreeSet<(String, String)> {
        let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut open = vec![name.to_owned()];
        while let Some(name) = open.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            for (tag, held) in self.variants(&name) {
                found.insert((name.clone(), tag));
                open.push(held);
            }
            references(self.schema(&name), &mut open);
        }
        found
    }

    pub(crate) fn height(&self, name: &str) -> usize {
        self.heights.get(name).copied().unwrap_or_default()
    }
}

/// Returns the name that a reference ends in.
pub fn last(reference: &Value) -> &str {
    let text = reference.as_str().unwrap_or_default();
    text.rsplit('/').next().unwrap_or_default()
}

/// Finds the schemas that a schema refers to.
fn references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            found.extend(
                members
                    .get("$ref")
                    .filter(|reference| reference.is_string())
                    .map(|reference| last(reference).to_owned()),
            );
            members.values().for_each(|inner| references(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| references(inner, found)),
        _ => {}
    }
}

/// A name without what Rust cannot say or says in another way: `V1_1` is `V1x1`.
pub fn letters(name: &str) -> String {
    let letters: Vec<char> = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let digit = |index: Option<usize>| {
        index
            .and_then(|index| letters.get(index))
            .is_some_and(char::is_ascii_digit)
    };
    let between = |index: usize| {
        letters[index] == 'x' && digit(index.checked_sub(1)) && digit(Some(index + 1))
    };
    let kept = (0..letters.len()).filter(|index| !between(*index));
    kept.map(|index| letters[index].to_ascii_lowercase())
        .collect()
}

/// Measures each schema by those it needs, until nothing changes.
fn heights(doc: &Document) -> BTreeMap<String, usize> {
    let mut known = BTreeMap::new();
    loop {
        let before = known.len();
        for (name, schema) in doc.schemas() {
            if !known.contains_key(name)
                && let Some(height) = height(schema, &known)
            {
                known.insert(name.clone(), height);
            }
        }
        if known.len() == before {
            return known;
        }
    }
}

/// The height of a schema, once those that it needs have one.
fn height(schema: &Value, known: &BTreeMap<String, usize>) -> Option<usize> {
    if let Some(reference) = schema.get("$ref") {
        return known.get(last(reference)).copied();
    }
    let mapping = schema.pointer("/discriminator/mapping");
    if let Some(mapping) = mapping.and_then(Value::as_object) {
        let heights = mapping
            .values()
            .filter_map(|target| known.get(last(target)));
        return heights.min().map(|height| height + 1);
    }
    if schema.get("minItems").and_then(Value::as_u64) > Some(0) {
        return height(&schema["items"], known).map(|height| height + 1);
    }
    let required = schema.get("required").and_then(Value::as_array);
    let mut highest = 0;
    for name in required.into_iter().flatten().filter_map(Value::as_str) {
        if let Some(property) = schema["properties"].get(name) {
            highest = highest.max(height(property, known)? + 1);
        }
    }
    Some(highest)
}

/// Whether a member is a tag that the union around the schema writes: it is fixed to one value.
pub fn is_tag(property: &Value) -> bool {
    let listed = property.get("enum").and_then(Value::as_array);
    listed.is_some_and(|values| values.len() == 1)
}
