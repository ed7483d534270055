//! The types of a contract: structs, enums and unions.

use std::collections::BTreeMap;

use serde_json::Value;

use super::content::{About, Content};
use super::names::{self, Renames};
use super::{areas, is_on, text};
use crate::document::{Document, schema_name};
use crate::marks;
use crate::names::{NameScope, field_key, keyword_safe, variant};
use crate::notes::Notes;
use crate::pointer::Pointer;
use crate::shape::{JsonKind, Shape, shape};
use crate::sign::Sign;

/// One type.
#[derive(Clone, Debug)]
pub(crate) struct Type {
    /// Its name in Rust.
    pub rust: String,
    /// The module it goes to.
    pub area: String,
    /// What the contract says about it.
    pub about: About,
    /// What it is made of.
    pub kind: Kind,
}

/// What a type is made of.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// Named members.
    Struct(Struct),
    /// Listed texts, and any other.
    Enum(Enum),
    /// Whole numbers with names, and any other.
    Numbers(Numbers),
    /// Variants told apart by a tag.
    Union(Union),
    /// Variants told apart by what JSON they are, and by their members.
    Choice(Choice),
    /// Anything else; it stands where it is used, and is no type of its own.
    Alias(Content),
}

/// A struct.
#[derive(Clone, Debug)]
pub(crate) struct Struct {
    /// Its members, sorted by their names on the wire.
    pub members: Vec<Member>,
    /// What every member without a name holds, where the contract says so.
    pub rest: Option<Content>,
}

/// One member of a struct.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// Its name on the wire.
    pub wire: String,
    /// Its name in Rust.
    pub field: String,
    /// Whether it must be there.
    pub required: bool,
    /// Whether it is held at the end of a pointer, since it may hold its like.
    pub boxed: bool,
    /// Whether it is the tag of a union around the struct, which writes it.
    pub is_tag: bool,
    /// The only value that it can have, where it must be there.
    pub fixed: Option<Value>,
    /// Whether null says something else than leaving it out.
    pub clearable: bool,
    /// What it holds.
    pub content: Content,
}

/// An open enum.
#[derive(Clone, Debug)]
pub(crate) struct Enum {
    /// Value on the wire and variant name, in the contract's order.
    pub variants: Vec<(String, String)>,
    /// The name of the variant for values that the contract does not list.
    pub unknown: String,
}

/// An open enum of whole numbers.
#[derive(Clone, Debug)]
pub(crate) struct Numbers {
    /// Value on the wire and variant name, in the contract's order.
    pub variants: Vec<(i64, String)>,
    /// The name of the variant for numbers that the contract does not list.
    pub unknown: String,
}

/// A tagged union.
#[derive(Clone, Debug)]
pub(crate) struct Union {
    /// The member that holds the tag.
    pub tag: String,
    /// The tag that counts where none is given.
    pub default: Option<String>,
    /// One entry for each tag.
    pub variants: Vec<Variant>,
    /// The name of the variant for tags that the contract does not list.
    pub raw: String,
    /// The member of its variants whose content may refer to other steps.
    pub chained: Option<String>,
}

/// A choice without a tag.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// Its variants, in the order in which they are tried.
    pub branches: Vec<Branch>,
    /// The name of the variant for any other JSON.
    pub raw: String,
}

/// One variant of a choice.
#[derive(Clone, Debug)]
pub(crate) struct Branch {
    /// What JSON it is.
    pub kind: JsonKind,
    /// The members by which it is known among objects.
    pub signs: Vec<(String, Sign)>,
    /// Its name in Rust.
    pub name: String,
    /// What it holds.
    pub content: Content,
}

/// One variant of a union.
#[derive(Clone, Debug)]
pub(crate) struct Variant {
    /// The tag on the wire.
    pub tag: String,
    /// Its name in Rust.
    pub name: String,
    /// The schema that it holds.
    pub schema: String,
}

/// Reads every component schema.
pub(super) fn types(
    doc: &Document,
    renames: &Renames,
    notes: &mut Notes,
) -> BTreeMap<String, Type> {
    let names = names::type_names(doc, renames, notes);
    let areas = areas::areas(doc);
    let mut types = BTreeMap::new();
    for (name, schema) in doc.schemas() {
        let kind = match shape(schema) {
            Shape::Struct => Kind::Struct(structure(name, schema, renames, notes)),
            Shape::Enum => Kind::Enum(enumeration(name, schema, renames)),
            Shape::Numbers => Kind::Numbers(numbers(name, schema, renames)),
            Shape::Union => Kind::Union(union(name, schema, renames)),
            Shape::Choice => Kind::Choice(choice(schema)),
            Shape::Alias => Kind::Alias(Content::of(schema)),
        };
        let found = Type {
            rust: names[name].clone(),
            area: areas[name].clone(),
            about: About::of(schema),
            kind,
        };
        types.insert(name.clone(), found);
    }
    types
}

fn structure(name: &str, schema: &Value, renames: &Renames, notes: &mut Notes) -> Struct {
    let mut scope = NameScope::with_reserved(["extra"]);
    let rest = schema
        .get("additionalProperties")
        .filter(|rest| rest.is_object());
    if rest.is_some() {
        scope.claim("additional");
    }
    let must = schema.get("required").and_then(Value::as_array);
    let must = |wire: &str| must.is_some_and(|must| must.iter().any(|name| name == wire));
    let declared = schema.get("properties").and_then(Value::as_object);
    let mut members = Vec::new();
    let wanted = |wire: &String| {
        let renamed = renames.member(name, wire);
        renamed.unwrap_or_else(|| field_key(wire))
    };
    let declared = declared.into_iter().flatten();
    let mut declared: Vec<_> = declared
        .map(|(wire, property)| (wire, property, wanted(wire)))
        .collect();
    // A member that is already called what its field would be called has the first right to it.
    declared.sort_by_key(|(wire, _, wanted)| *wire != wanted);
    for (wire, property, wanted) in declared {
        let key = scope.claim(&wanted);
        if key != wanted {
            let at = Pointer::schema(name).child("properties").child(wire);
            notes.guess("names", at, format!("the field is called `{key}`"));
        }
        let fixed = fixed(property).filter(|_| must(wire));
        members.push(Member {
            wire: wire.clone(),
            field: keyword_safe(key),
            required: must(wire) && fixed.is_none(),
            boxed: false,
            is_tag: false,
            fixed,
            clearable: false,
            content: Content::of(property),
        });
    }
    members.sort_by(|one: &Member, other| one.wire.cmp(&other.wire));
    let rest = rest.map(Content::of);
    Struct {
        // Any other member is kept as it is anyway.
        rest: rest.filter(|rest| rest.ty != super::Ty::Any),
        members,
    }
}

/// The only value of a member, where it is one that code can hold as a constant.
fn fixed(property: &Value) -> Option<Value> {
    let [value] = property.get("enum")?.as_array()?.as_slice() else {
        return None;
    };
    let holds = value.is_string() || value.is_boolean() || value.is_i64();
    (holds && !is_on(property, "nullable") && !is_on(property, "readOnly")).then(|| value.clone())
}

fn enumeration(name: &str, schema: &Value, renames: &Renames) -> Enum {
    let mut scope = NameScope::default();
    let values = schema.get("enum").and_then(Value::as_array);
    let mut variants: Vec<(String, String)> = Vec::new();
    for text in values.into_iter().flatten().filter_map(Value::as_str) {
        if !variants.iter().any(|(known, _)| known == text) {
            let wanted = renames.value(name, text).unwrap_or_else(|| variant(text));
            variants.push((text.to_owned(), scope.claim(&wanted)));
        }
    }
    let unknown = free(&mut scope, "Unknown");
    Enum { variants, unknown }
}

fn numbers(name: &str, schema: &Value, renames: &Renames) -> Numbers {
    let mut scope = NameScope::default();
    let values = schema.get("enum").and_then(Value::as_array);
    let names = schema.get(marks::NAMES);
    let mut variants: Vec<(i64, String)> = Vec::new();
    for value in values.into_iter().flatten().filter_map(Value::as_i64) {
        if !variants.iter().any(|(known, _)| *known == value) {
            let number = value.to_string();
            let title = names.and_then(|names| text(names, &number));
            let wanted = renames.value(name, &number);
            let wanted = wanted.unwrap_or_else(|| variant(title.unwrap_or(&number)));
            variants.push((value, scope.claim(&wanted)));
        }
    }
    let unknown = free(&mut scope, "Unknown");
    Numbers { variants, unknown }
}

fn union(name: &str, schema: &Value, renames: &Renames) -> Union {
    let mut scope = NameScope::default();
    let discriminator = schema.get("discriminator").unwrap_or(&Value::Null);
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let mut variants = Vec::new();
    for (tag, target) in mapping.into_iter().flatten() {
        let wanted = renames.value(name, tag).unwrap_or_else(|| variant(tag));
        variants.push(Variant {
            tag: tag.clone(),
            name: scope.claim(&wanted),
            schema: target.as_str().and_then(schema_name).unwrap_or_default(),
        });
    }
    Union {
        tag: text(discriminator, "propertyName")
            .unwrap_or_default()
            .to_owned(),
        default: text(schema, marks::DEFAULT_TAG).map(str::to_owned),
        variants,
        raw: free(&mut scope, "Raw"),
        chained: text(schema, marks::CHAINED).map(str::to_owned),
    }
}

fn choice(schema: &Value) -> Choice {
    let mut scope = NameScope::default();
    let marks = schema.get(marks::CHOICE).and_then(Value::as_array);
    let branches = schema.get("oneOf").and_then(Value::as_array);
    let pairs = marks
        .into_iter()
        .flatten()
        .zip(branches.into_iter().flatten());
    let branches = pairs.filter_map(|(mark, branch)| {
        let signs = mark.get("signs")?.as_array()?.iter();
        let sign =
            |sign: &Value| Some((sign.get(0)?.as_str()?.to_owned(), Sign::read(sign.get(1)?)));
        Some(Branch {
            kind: JsonKind::named(text(mark, "kind")?)?,
            signs: signs.filter_map(sign).collect(),
            name: scope.claim(text(mark, "name")?),
            content: Content::of(branch),
        })
    });
    Choice {
        branches: branches.collect(),
        raw: free(&mut scope, "Raw"),
    }
}

/// The name of the variant for what the contract does not list, another where it lists one so called.
fn free(scope: &mut NameScope, wanted: &str) -> String {
    let name = scope.claim(wanted);
    if name == wanted {
        name
    } else {
        scope.claim("Unlisted")
    }
}
