//! Joins the files of a contract: what another file holds is either put in place (path items,
//! parameters, bodies, replies) or becomes a component schema.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::dangling;
use super::files::Files;
use super::names;
use super::parse::Source;
use crate::document::{Document, member_mut, schema_reference};
use crate::error::Error;
use crate::pointer::Pointer;

/// Keywords whose members are named by the author, so that none of them is a keyword.
const NAMED: [&str; 13] = [
    "properties",
    "patternProperties",
    "$defs",
    "schemas",
    "paths",
    "responses",
    "headers",
    "content",
    "callbacks",
    "requestBodies",
    "securitySchemes",
    "links",
    "variables",
];
/// Keywords that hold data, in which nothing is a reference.
const DATA: [&str; 5] = ["example", "examples", "default", "enum", "const"];
/// Deepest chain of files put into each other.
const DEPTH: usize = 64;

pub(super) fn bundle(root: Source) -> Result<Document, Error> {
    let (path, name) = (root.path.clone(), root.name.clone());
    let value = root.value.clone();
    let mut bundler = Bundler {
        files: Files::of(root),
        wanted: VecDeque::new(),
        homes: BTreeMap::new(),
        names: BTreeMap::new(),
        origins: BTreeMap::new(),
        called: Vec::new(),
        unread: Vec::new(),
    };
    let mut value = bundler.root_document(value, &path)?;
    let mut found = Map::new();
    while let Some(schema) = bundler.wanted.pop_front() {
        let (file, pointer) = bundler.homes[&schema].clone();
        let target = bundler.files.target(&file, &pointer).cloned();
        let Some(target) = target else {
            return Err(dangling(
                &bundler.files.name(&file),
                Pointer::root(),
                &format!("#{pointer}"),
            ));
        };
        bundler.origins.insert(
            Pointer::schema(&schema),
            (bundler.files.name(&file), pointer.clone()),
        );
        let target = bundler.value(target, &Place::schema(&file, pointer))?;
        found.insert(schema, target);
    }
    if let Value::Object(document) = &mut value {
        member_mut(member_mut(document, "components"), "schemas").extend(found);
    }
    Ok(Document {
        digest: digest(&value),
        root: value,
        file: name,
        origins: bundler.origins,
        lifted: BTreeMap::new(),
        faults: Vec::new(),
        guesses: bundler.called,
        losses: bundler.unread,
    })
}

/// What stands at a place, which decides what becomes of a reference there.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// A schema: a reference names a component.
    Schema,
    /// A path item, parameter, body or reply: a reference is replaced by what it names.
    Part,
    /// A map or list whose members are schemas.
    Schemas,
    /// A map or list whose members are parts.
    Parts,
}

/// Where the bundler is.
struct Place<'a> {
    file: &'a PathBuf,
    at: Pointer,
    kind: Kind,
    depth: usize,
}

impl<'a> Place<'a> {
    fn schema(file: &'a PathBuf, at: Pointer) -> Self {
        Self {
            file,
            at,
            kind: Kind::Schema,
            depth: 0,
        }
    }

    fn child(&self, key: &str, kind: Kind) -> Place<'a> {
        Place {
            file: self.file,
            at: self.at.child(key),
            kind,
            depth: self.depth,
        }
    }
}

struct Bundler {
    files: Files,
    /// Component names still to be read.
    wanted: VecDeque<String>,
    /// Component name → file and pointer.
    homes: BTreeMap<String, (PathBuf, Pointer)>,
    /// The same the other way round, for what stands in no root.
    names: BTreeMap<(PathBuf, Pointer), String>,
    origins: BTreeMap<Pointer, (String, Pointer)>,
    /// Schemas that could not have the name they would have, and what was done.
    called: Vec<(Pointer, String)>,
    /// References into files that are not there.
    unread: Vec<(Pointer, String)>,
}

impl Bundler {
    fn root_document(&mut self, mut value: Value, path: &PathBuf) -> Result<Value, Error> {
        // The root's own schemas take their names first, so that a stranger of one name is seen.
        if let Some(schemas) = value
            .pointer("/components/schemas")
            .and_then(Value::as_object)
        {
            for (name, schema) in schemas {
                let elsewhere = schema
                    .get("$ref")
                    .and_then(Value::as_str)
                    .filter(|reference| !reference.starts_with('#'));
                if elsewhere.is_none_or(|reference| !names::is_called(reference, name)) {
                    self.homes
                        .insert(name.clone(), (path.clone(), Pointer::schema(name)));
                }
            }
        }
        let place = Place {
            file: path,
            at: Pointer::root(),
            kind: Kind::Part,
            depth: 0,
        };
        value = self.value(value, &place)?;
        // `Name: {$ref: other.yaml#/Name}` only lists a schema; the real one is read later.
        if let Some(schemas) = value
            .pointer_mut("/components/schemas")
            .and_then(Value::as_object_mut)
        {
            let own = |name: &str, schema: &Value| {
                schema.get("$ref").and_then(Value::as_str) == Some(schema_reference(name).as_str())
            };
            schemas.retain(|name, schema| !(own(name, schema) && self.wanted.contains(name)));
        }
        Ok(value)
    }

    fn value(&mut self, value: Value, place: &Place<'_>) -> Result<Value, Error> {
        match value {
            Value::Object(object) => self.object(object, place),
            Value::Array(list) => {
                let inner = match place.kind {
                    Kind::Parts | Kind::Part => Kind::Part,
                    Kind::Schemas | Kind::Schema => Kind::Schema,
                };
                let each = list.into_iter().enumerate();
                each.map(|(index, value)| {
                    self.value(value, &place.child(&index.to_string(), inner))
                })
                .collect::<Result<_, _>>()
                .map(Value::Array)
            }
            other => Ok(other),
        }
    }

    fn object(
        &mut self,
        mut object: Map<String, Value>,
        place: &Place<'_>,
    ) -> Result<Value, Error> {
        let named = matches!(place.kind, Kind::Schemas | Kind::Parts);
        if !named && let Some(reference) = object.get("$ref").and_then(Value::as_str) {
            let reference = reference.to_owned();
            if place.kind == Kind::Part {
                return self.part(&reference, place);
            }
            match self.schema(&reference, place) {
                Ok(reference) => object.insert("$ref".to_owned(), reference.into()),
                // What a document says of other files it may have been published without.
                Err(error) if self.is_unread(&reference, place) => {
                    let what = format!("{error}; any JSON stands in its place");
                    self.unread.push((place.at.clone(), what));
                    object.remove("$ref")
                }
                Err(error) => return Err(error),
            };
        }
        let mut out = Map::new();
        for (key, value) in object {
            let kind = match (named, key.as_str()) {
                (true, _) if place.kind == Kind::Schemas => Kind::Schema,
                (true, _) => Kind::Part,
                (false, key) if DATA.contains(&key) || key.starts_with("x-") => {
                    out.insert(key.to_owned(), value);
                    continue;
                }
                (false, "mapping") => {
                    out.insert(key, self.mapping(value, place)?);
                    continue;
                }
                (false, "properties" | "patternProperties" | "$defs" | "schemas") => Kind::Schemas,
                (false, "schema") => Kind::Schema,
                (false, key) if NAMED.contains(&key) => Kind::Parts,
                // `components.parameters` is a map, an operation's `parameters` a list.
                (false, "parameters") if value.is_object() => Kind::Parts,
                (false, _) => place.kind,
            };
            let value = self.value(value, &place.child(&key, kind))?;
            out.insert(key, value);
        }
        Ok(Value::Object(out))
    }

    /// A discriminator's mapping: each value is a reference or a bare schema name.
    fn mapping(&mut self, mapping: Value, place: &Place<'_>) -> Result<Value, Error> {
        let Value::Object(mut mapping) = mapping else {
            return Ok(mapping);
        };
        for (_, target) in &mut mapping {
            if let Some(reference) = target.as_str().filter(|target| target.contains(['#', '/'])) {
                // One that leads nowhere stays, and a pass takes it out.
                if let Ok(reference) = self.schema(reference, place) {
                    *target = reference.into();
                }
            }
        }
        Ok(Value::Object(mapping))
    }

    /// Whether a reference leads into a file that is not there.
    fn is_unread(&self, reference: &str, place: &Place<'_>) -> bool {
        place.file == self.files.root() && self.files.is_unread(reference, place.file)
    }

    /// Turns a reference to a schema into one to a component.
    fn schema(&mut self, reference: &str, place: &Place<'_>) -> Result<String, Error> {
        let named = self.files.resolve(reference, place.file, &place.at)?;
        let root = self.files.root().clone();
        let in_root = |(file, pointer): &(PathBuf, Pointer)| {
            let inside = pointer.as_str().strip_prefix("/components/schemas/");
            *file == root && inside.is_some_and(|name| !name.contains('/'))
        };
        // A component of the root may only be another's name, and is one of its own all the same.
        let home = if in_root(&named) {
            named
        } else {
            self.files.followed(named)?
        };
        // A pass tells of all that lead nowhere at once.
        if in_root(&home) {
            return Ok(format!("#{}", home.1));
        }
        if self.files.target(&home.0, &home.1).is_none() {
            return Err(dangling(
                &self.files.name(place.file),
                place.at.clone(),
                reference,
            ));
        }
        if let Some(name) = self.names.get(&home) {
            return Ok(schema_reference(name));
        }
        let mut wanted = names::candidates(&home.0, &home.1);
        let first = wanted.first().cloned().unwrap_or_default();
        let last = wanted.last().cloned().unwrap_or_default();
        wanted.extend(
            (2..)
                .take(self.homes.len() + 1)
                .map(|number| format!("{last}{number}")),
        );
        let mut free = wanted
            .into_iter()
            .filter(|name| !self.homes.contains_key(name));
        let name = free.next().unwrap_or_default();
        if name != first {
            let what = format!(
                "the schema of {}#{} is called `{name}`, since another is called `{first}`",
                self.files.name(&home.0),
                home.1,
            );
            self.called.push((Pointer::schema(&name), what));
        }
        self.names.insert(home.clone(), name.clone());
        self.homes.insert(name.clone(), home);
        self.wanted.push_back(name.clone());
        Ok(schema_reference(&name))
    }

    /// Puts what a reference names in its place.
    fn part(&mut self, reference: &str, place: &Place<'_>) -> Result<Value, Error> {
        let (file, pointer) = self.files.resolve(reference, place.file, &place.at)?;
        if place.depth >= DEPTH {
            let what = format!("the reference `{reference}` leads back to itself");
            return Err(Error::new(
                self.files.name(place.file),
                place.at.clone(),
                what,
            ));
        }
        let Some(target) = self.files.target(&file, &pointer).cloned() else {
            return Err(dangling(
                &self.files.name(place.file),
                place.at.clone(),
                reference,
            ));
        };
        if file != *self.files.root() && place.file == self.files.root() {
            self.origins
                .insert(place.at.clone(), (self.files.name(&file), pointer.clone()));
        }
        let place = Place {
            file: &file,
            at: pointer,
            kind: Kind::Part,
            depth: place.depth + 1,
        };
        self.value(target, &place)
    }
}

/// The digest of what a document says, whatever the order of its keys and the layout of its files.
fn digest(document: &Value) -> String {
    let hash = Sha256::digest(document.to_string().as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
