//! What is going to be written: the lowered document for the backend, and for every type and
//! operation the facts that the backend cannot carry.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// A contract, ready to become Rust.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The API's title.
    pub title: String,
    /// The OpenAPI 3.0 document that the backend gets.
    pub lowered: Value,
    /// Rust type name → the type.
    pub types: BTreeMap<String, TypePlan>,
    /// Rust method name → the operation.
    pub operations: BTreeMap<String, OperationPlan>,
    /// Module of types → when it is compiled.
    pub gates: BTreeMap<String, Gate>,
    /// Rust name of a static → the limits it holds.
    pub limits: BTreeMap<String, LimitsPlan>,
}

/// When a module is compiled.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gate {
    /// With none of the features: nothing asked for it yet.
    Never,
    /// With any of these features.
    Any(BTreeSet<String>),
    /// With and without features.
    Always,
}

impl Gate {
    /// Opens it wherever the other is open, too.
    pub(crate) fn open(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::Any(own), Self::Any(theirs)) => own.extend(theirs.iter().cloned()),
            (own, theirs) if *own < *theirs => *own = theirs.clone(),
            _ => {}
        }
    }

    /// Whether it is open wherever the other is.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any(own), Self::Any(theirs)) => theirs.is_subset(own),
            (own, theirs) => own >= theirs,
        }
    }
}

/// One generated type.
#[derive(Clone, Debug)]
pub(crate) struct TypePlan {
    /// The schema's name in the contract.
    pub schema: String,
    /// The module it goes to.
    pub area: String,
    /// Its documentation.
    pub docs: String,
    /// What it is made of.
    pub kind: TypeKind,
}

/// What a generated type is made of.
#[derive(Clone, Debug)]
pub(crate) enum TypeKind {
    /// A struct made by the backend.
    Struct {
        /// Rust field name → what the backend cannot know of it.
        fields: BTreeMap<String, Field>,
    },
    /// An open enum.
    Enum {
        /// Value on the wire and variant name, in the contract's order.
        variants: Vec<(String, String)>,
        /// The name of the variant for values the contract does not list.
        unknown: String,
    },
    /// A tagged union.
    Union {
        /// The property that holds the tag.
        tag: String,
        /// The tag that counts where none is given.
        default: Option<String>,
        /// One entry for each tag.
        variants: Vec<UnionVariant>,
        /// The name of the variant for tags the contract does not list.
        raw: String,
    },
    /// Another name for a type.
    Alias(Value),
}

/// One member of a struct.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// Its name on the wire.
    pub wire: String,
    /// Whether a reference may stand in place of its value.
    pub referable: bool,
    /// Whether a reference may stand in place of a single item or map value.
    pub items_referable: bool,
}

/// One variant of a tagged union.
#[derive(Clone, Debug)]
pub(crate) struct UnionVariant {
    /// The tag on the wire.
    pub tag: String,
    /// The variant's name.
    pub name: String,
    /// The Rust type it holds.
    pub holds: String,
}

/// One generated method.
#[derive(Clone, Debug)]
pub(crate) struct OperationPlan {
    /// The module it goes to.
    pub area: String,
    /// All of what must be compiled for it.
    pub gates: BTreeSet<Gate>,
    /// The media type of its body, where that is JSON under another name.
    pub content_type: Option<String>,
    /// Its documentation.
    pub docs: String,
}

/// The limits of one schema that a request may hold.
#[derive(Clone, Debug)]
pub(crate) struct LimitsPlan {
    /// The schema's name in the contract.
    pub schema: String,
    /// The module it goes to.
    pub area: String,
    /// What they are.
    pub kind: LimitsKind,
}

/// What limits are made of.
#[derive(Clone, Debug)]
pub(crate) enum LimitsKind {
    /// The values of an enum.
    Values(Vec<String>),
    /// The members of an object, or those that all variants of a union share.
    Object {
        /// The static of the union whose members it has besides.
        base: Option<String>,
        /// The members that have a limit or must be there.
        members: Vec<MemberPlan>,
        /// The tag of a union.
        tag: Option<TagPlan>,
    },
}

/// One member with a limit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MemberPlan {
    /// The name on the wire.
    pub wire: String,
    /// Whether it must be there.
    pub required: bool,
    /// What is asked of its value.
    pub rule: RulePlan,
}

/// The tag of a union.
#[derive(Clone, Debug)]
pub(crate) struct TagPlan {
    /// The property that holds it.
    pub name: String,
    /// The tag that counts where none is given.
    pub default: Option<String>,
    /// Each tag, with the static of its variant where that has limits.
    pub variants: Vec<(String, Option<String>)>,
}

/// What is asked of a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RulePlan {
    /// Nothing.
    Any,
    /// A number in a range.
    Number {
        /// Whether it must be a whole one.
        whole: bool,
        /// Keywords of the schema and their values.
        bounds: Vec<(&'static str, f64)>,
    },
    /// Text of a length, from and to.
    Text(u64, Option<u64>),
    /// One of some texts.
    Values(Vec<String>),
    /// One of some numbers.
    Numbers(Vec<f64>),
    /// A list.
    List {
        /// The least number of items.
        least: u64,
        /// The largest number of items.
        most: Option<u64>,
        /// Whether no two may be equal.
        unique: bool,
        /// What is asked of each.
        item: Box<RulePlan>,
    },
    /// A map, and what is asked of each entry.
    Map(Box<RulePlan>),
    /// The rule of an enum, by the name of its static.
    Enum(String),
    /// The limits of another schema, by the name of their static.
    Object(String),
}
