//! What the variants of a union have in common, whichever it is.

use std::any::Any;
use std::borrow::Cow;

use serde_json::Value;

use super::encode::to_value;
use super::read::read;
use super::tree::Tree;
use super::wire::{Blank, Ref, View};

/// Returns a text that every variant has.
pub(crate) fn text<'a>(union: Ref<'a>, name: &str) -> Option<&'a str> {
    match union.view().member(name)?.view() {
        View::Text(text) => Some(text),
        View::Raw(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// Returns a value that every variant has; one of an object that is kept raw is read now.
pub(crate) fn value<'a, T: Blank + Clone>(union: Ref<'a>, name: &str) -> Option<Cow<'a, T>> {
    let found = union.view().member(name)?;
    let any: &'a dyn Any = found;
    if let Some(value) = any.downcast_ref::<T>() {
        return Some(Cow::Borrowed(value));
    }
    if let Some(value) = any.downcast_ref::<Option<T>>() {
        return value.as_ref().map(Cow::Borrowed);
    }
    let mut value = T::blank();
    let read = read(&mut value, Tree::from(to_value(found)));
    read.is_ok().then_some(Cow::Owned(value))
}

/// Writes the accessors of a union.
macro_rules! shared {
    ($name:ident { $($(#[$about:meta])* $method:ident: $kind:tt $(<$type:ty>)? = $wire:literal;)* }) => {
        impl $name {
            $(wiring::shared!(@ $(#[$about])* $method $kind $(<$type>)? $wire);)*
        }
    };
    (@ $(#[$about:meta])* $method:ident text $wire:literal) => {
        $(#[$about])*
        #[inline]
        pub fn $method(&self) -> Option<&str> {
            wiring::shared::text(self, $wire)
        }
    };
    (@ $(#[$about:meta])* $method:ident copy <$type:ty> $wire:literal) => {
        $(#[$about])*
        #[inline]
        pub fn $method(&self) -> Option<$type> {
            wiring::shared::value(self, $wire).map(|value| *value)
        }
    };
    (@ $(#[$about:meta])* $method:ident value <$type:ty> $wire:literal) => {
        $(#[$about])*
        #[inline]
        pub fn $method(&self) -> Option<std::borrow::Cow<'_, $type>> {
            wiring::shared::value(self, $wire)
        }
    };
}

pub(crate) use shared;
