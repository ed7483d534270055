//! What every value of a contract has in common: it shows what it holds, and lets it be set.
//!
//! A value is read and shown through trait objects, so that reading and writing are compiled once,
//! in this crate, and not anew for every type and every program.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::input::Reference;
use super::object::Object;
use super::tagged::Tagged;
use super::tree::Tree;

/// A value of the contract: a generated type, or a type that one of its members has.
///
/// Generated code implements it; there is nothing to call here. See [`Members`](super::Members).
pub trait Wire: Any {
    /// Shows what it holds.
    #[doc(hidden)]
    fn view(&self) -> View<'_>;

    /// Lets what it holds be set.
    #[doc(hidden)]
    fn edit(&mut self) -> Edit<'_>;
}

/// What stands for a value until it is read: empty, zero, the beginning of time.
pub trait Blank: Wire + Sized {
    /// Makes one.
    #[doc(hidden)]
    fn blank() -> Self;
}

/// Makes a blank value, for what a constructor leaves out.
pub(crate) fn blank<T: Blank>() -> T {
    T::blank()
}

/// A blank value that is a constant, so that making a struct of them is no code that could fail half-way.
pub(crate) trait Constant: Blank {
    /// The value.
    #[doc(hidden)]
    const BLANK: Self;
}

/// A value whose type is only known when the program runs.
pub(crate) type Ref<'a> = &'a (dyn Wire + 'static);
pub(crate) type Mut<'a> = &'a mut (dyn Wire + 'static);

/// What is called with each member of an object: its name, its value, and what that holds.
pub(super) type Visit<'v, 'a> = &'v mut dyn FnMut(&'a str, Ref<'a>, View<'a>);

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

/// A value to be set.
pub enum Edit<'a> {
    /// A truth.
    Bool(&'a mut bool),
    /// A whole number.
    Int(&'a mut dyn SetInt),
    /// A number.
    Float(&'a mut f64),
    /// A text.
    Text(&'a mut dyn SetText),
    /// A point in time.
    Date(&'a mut DateTime<Utc>),
    /// What may be absent.
    Option(&'a mut dyn Holder),
    /// A list.
    List(&'a mut dyn Holder),
    /// A map.
    Map(&'a mut dyn Named),
    /// A value, or a reference to one.
    Input(&'a mut dyn Refers),
    /// A struct.
    Object(&'a mut dyn Object),
    /// A variant of a union.
    Tagged(&'a mut dyn Tagged),
    /// One of several kinds of JSON.
    Choice(&'a mut dyn Choice),
    /// An object as it came.
    RawObject(&'a mut Map<String, Value>),
    /// JSON as it came.
    Raw(&'a mut Value),
    /// A value that reads itself.
    Own(&'a mut dyn ReadsItself),
    /// A value that nobody sets.
    Fixed,
}

/// A whole number of some width.
pub trait SetInt {
    /// Sets it; whether it fits.
    #[doc(hidden)]
    fn set_int(&mut self, value: i128) -> bool;
}

/// A text, or an enum of texts.
pub trait SetText {
    /// Sets it.
    #[doc(hidden)]
    fn set_text(&mut self, text: Cow<'_, str>);
}

/// A map.
pub trait Named: Wire {
    /// Puts a value in under a name: a blank one that `read` has set, where it says so.
    #[doc(hidden)]
    fn put(&mut self, name: &str, read: &mut dyn FnMut(Mut<'_>) -> bool);

    /// Takes everything out.
    #[doc(hidden)]
    fn clear(&mut self);
}

/// An option or a list.
pub trait Holder: Wire {
    /// Puts a blank value in: in place of another, or behind the others.
    #[doc(hidden)]
    fn put(&mut self) -> Mut<'_>;

    /// Takes everything out.
    #[doc(hidden)]
    fn clear(&mut self);

    /// The value of an option.
    #[doc(hidden)]
    fn held(&mut self) -> Option<Mut<'_>> {
        None
    }
}

/// A value that may be taken from elsewhere.
pub trait Refers: Wire {
    /// Makes it a blank value.
    #[doc(hidden)]
    fn put_value(&mut self) -> Mut<'_>;

    /// Makes it a reference.
    #[doc(hidden)]
    fn put_reference(&mut self, reference: Reference);

    /// The value, where it is given.
    #[doc(hidden)]
    fn held(&mut self) -> Option<Mut<'_>>;
}

/// A choice that no tag tells apart.
pub trait Choice: Wire {
    /// Makes it a blank value of the kind of JSON that comes, where it has a variant for that.
    #[doc(hidden)]
    fn put_kind_of(&mut self, tree: &Tree<'_>) -> Option<Mut<'_>>;

    /// Keeps what comes as it is.
    #[doc(hidden)]
    fn put_raw(&mut self, value: Value);

    /// The value that it holds.
    #[doc(hidden)]
    fn held(&mut self) -> Mut<'_>;
}

/// A value with a way of its own to be read.
pub trait ReadsItself: Wire {
    /// Reads it.
    #[doc(hidden)]
    fn read_itself(&mut self, tree: Tree<'_>) -> Result<(), Unfit>;
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
    pub(super) fn each(self, visit: Visit<'_, 'a>) {
        match self {
            Self::Map(map) => map.each(&mut |name, value| visit(name, value, value.view())),
            Self::Object(object) => super::object::each(object, visit),
            Self::Tagged(union) => super::tagged::each(union, visit),
            Self::Raw(Value::Object(members)) => {
                for (name, value) in members {
                    visit(name, value, Self::Raw(value));
                }
            }
            _ => {}
        }
    }

    /// Returns one member of an object, as it is written.
    pub(super) fn member(self, name: &str) -> Option<Ref<'a>> {
        match self {
            Self::Object(object) => super::object::member(object, name),
            Self::Tagged(union) => super::tagged::member(union, name),
            _ => self.find(name),
        }
    }

    /// Looks for a member among all.
    pub(super) fn find(self, name: &str) -> Option<Ref<'a>> {
        let mut found = None;
        self.each(&mut |member, value, _| {
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

impl fmt::Debug for Edit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Edit")
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
