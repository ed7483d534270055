//! What every value of a contract has in common: it is read from JSON, and it shows what it holds.
//!
//! A value is read and shown through trait objects, so that reading and writing are compiled once,
//! in this crate, and not anew for every type and every program.

use std::any::Any;
use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::object::Object;
use super::tagged::Tagged;
use super::tree::Tree;

/// A value of the contract: a generated type, or a type that one of its members has.
///
/// Generated code implements it; there is nothing to call here. See [`Members`](super::Members).
pub trait Wire: Any {
    /// Makes what stands for the value until it is read: empty, zero, the beginning of time.
    #[doc(hidden)]
    fn blank() -> Self
    where
        Self: Sized;

    /// Reads the value; what does not fit is given back, and the blank value stays.
    #[doc(hidden)]
    fn read(&mut self, tree: Tree<'_>) -> Result<(), Unfit>;

    /// Shows what it holds.
    #[doc(hidden)]
    fn view(&self) -> View<'_>;

    /// Shows what it holds, to be changed by the names of its members.
    #[doc(hidden)]
    fn members_mut(&mut self) -> Option<MembersMut<'_>> {
        None
    }

    /// Reads one entry of a map.
    #[doc(hidden)]
    fn read_entry(&mut self, _name: &str, tree: Tree<'_>) -> Result<(), Unfit> {
        self.read(tree)
    }
}

/// A value whose type is only known when the program runs.
pub(crate) type Ref<'a> = &'a (dyn Wire + 'static);
pub(crate) type Mut<'a> = &'a mut (dyn Wire + 'static);

/// What a value holds.
#[derive(Clone, Copy)]
pub enum View<'a> {
    /// Nothing: an option that is not set.
    Absent,
    /// A truth.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number.
    UInt(u64),
    /// A number.
    Float(f64),
    /// A text.
    Text(&'a str),
    /// A point in time.
    Date(&'a DateTime<Utc>),
    /// A list.
    List(&'a dyn Items),
    /// A map.
    Map(&'a dyn Entries),
    /// A struct.
    Object(&'a dyn Object),
    /// A variant of a union.
    Tagged(&'a dyn Tagged),
    /// JSON as it came.
    Raw(&'a Value),
}

/// A value whose members can be set by name.
pub enum MembersMut<'a> {
    /// A struct.
    Object(&'a mut dyn Object),
    /// A variant of a union.
    Tagged(&'a mut dyn Tagged),
    /// An object as it came.
    Raw(&'a mut serde_json::Map<String, Value>),
}

/// The items of a list.
pub trait Items {
    /// Calls `visit` with every item.
    #[doc(hidden)]
    fn each<'a>(&'a self, visit: &mut dyn FnMut(Ref<'a>));
}

/// The entries of a map.
pub trait Entries {
    /// Calls `visit` with every entry.
    #[doc(hidden)]
    fn each<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Ref<'a>));
}

impl<'a> View<'a> {
    /// Calls `visit` with every member of an object, as they are written.
    pub(super) fn each(self, visit: &mut dyn FnMut(&'a str, Ref<'a>)) {
        match self {
            Self::Map(map) => map.each(visit),
            Self::Object(object) => super::object::each(object, visit),
            Self::Tagged(union) => super::tagged::each(union, visit),
            Self::Raw(Value::Object(members)) => {
                members.iter().for_each(|(name, value)| visit(name, value));
            }
            _ => {}
        }
    }

    /// Returns one member of an object, as it is written.
    pub(super) fn member(self, name: &str) -> Option<Ref<'a>> {
        let mut found = None;
        self.each(&mut |member, value| {
            if member == name {
                found = Some(value);
            }
        });
        found
    }
}

impl fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("View")
    }
}

impl fmt::Debug for MembersMut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MembersMut")
    }
}

/// What came in place of a value that the contract wants.
#[derive(Debug)]
pub struct Unfit {
    /// Where below the value it stands: `[3].name`; nothing where the value itself is meant.
    pub(super) place: String,
    /// What is wrong.
    pub(super) what: String,
    /// The whole value as it came.
    pub(super) raw: Value,
    /// Whether the rest of the value could be read.
    pub(super) partly: bool,
}

impl Unfit {
    /// Says what was wanted, and keeps what came.
    pub(crate) fn new(wanted: &str, tree: Tree<'_>) -> Self {
        Self {
            place: String::new(),
            what: format!("expected {wanted}, found {}", tree.kind()),
            raw: tree.into_value(),
            partly: false,
        }
    }
}
