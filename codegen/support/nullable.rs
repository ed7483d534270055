//! Members of a change: null says something else there than leaving a member out.

use super::read::read;
use super::tree::Tree;
use super::wire::{Blank, Constant, Edit, ReadsItself, Unfit, View, Wire};

/// A member of a change, as a `PATCH` sends it: left alone, cleared by null, or set.
///
/// `Nullable::from(value)` and `value.into()` set it, `Nullable::Null` clears it, and
/// `Nullable::default()` leaves it alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Nullable<T> {
    /// Left out, so that it stays as it is.
    #[default]
    Absent,
    /// Null, which clears it.
    Null,
    /// A value, which replaces what is there.
    Value(T),
}

impl<T> Nullable<T> {
    /// Returns the value, where there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Whether it is left out.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for Nullable<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

/// JSON's null.
static NULL: serde_json::Value = serde_json::Value::Null;

impl<T: Blank> Wire for Nullable<T> {
    fn view(&self) -> View<'_> {
        match self {
            Self::Absent => View::Absent,
            Self::Null => View::Raw(&NULL),
            Self::Value(value) => value.view(),
        }
    }

    fn edit(&mut self) -> Edit<'_> {
        Edit::Own(self)
    }
}

impl<T: Blank> ReadsItself for Nullable<T> {
    fn read_itself(&mut self, tree: Tree<'_>) -> Result<(), Unfit> {
        if matches!(tree, Tree::Null) {
            *self = Self::Null;
            return Ok(());
        }
        let mut value = T::blank();
        let result = read(&mut value, tree);
        let fits = result.as_ref().map_or_else(|unfit| unfit.partly, |()| true);
        *self = if fits {
            Self::Value(value)
        } else {
            Self::Absent
        };
        result
    }
}

impl<T: Blank> Blank for Nullable<T> {
    fn blank() -> Self {
        Self::Absent
    }
}

impl<T: Blank> Constant for Nullable<T> {
    const BLANK: Self = Self::Absent;
}
