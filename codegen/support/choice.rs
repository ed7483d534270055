//! Choices without a tag, told apart by what JSON they are (a text or a list, a number or an object), and
//! objects by the members that they must have.

use super::tree::Tree;

/// What a member tells of the object around it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sign {
    /// That it is there.
    There,
    /// That it is a truth.
    Bool,
    /// That it is a number.
    Number,
    /// That it is a text.
    Text,
    /// That it is a list.
    List,
    /// That it is an object.
    Object,
    /// That it is one of these texts.
    Is(&'static [&'static str]),
    /// That it is one of these values, in JSON.
    Json(&'static [&'static str]),
}

/// Whether an object has all signs of a variant.
pub(crate) fn bears(tree: &Tree<'_>, signs: &[(&str, Sign)]) -> bool {
    let Tree::Object(members) = tree else {
        return false;
    };
    signs.iter().all(|(name, sign)| {
        let member = members.iter().rev().find(|(member, _)| member == name);
        member.is_some_and(|(_, value)| sign.is_in(value))
    })
}

impl Sign {
    fn is_in(self, value: &Tree<'_>) -> bool {
        match (self, value) {
            (Self::There, _)
            | (Self::Bool, Tree::Bool(_))
            | (Self::Number, Tree::Int(_) | Tree::UInt(_) | Tree::Float(_))
            | (Self::Text, Tree::Text(_))
            | (Self::List, Tree::List(_))
            | (Self::Object, Tree::Object(_)) => true,
            (Self::Is(texts), Tree::Text(text)) => texts.contains(&&**text),
            (Self::Json(values), Tree::Bool(value)) => values.contains(&value.to_string().as_str()),
            (Self::Json(values), Tree::Int(value)) => values.contains(&value.to_string().as_str()),
            (Self::Json(values), Tree::UInt(value)) => values.contains(&value.to_string().as_str()),
            (Self::Json(values), Tree::Float(value)) => {
                values.contains(&value.to_string().as_str())
            }
            _ => false,
        }
    }
}

/// Says how such a choice is read and shown: each variant with the kind of JSON that it is, the signs by
/// which it is known among objects, and what it holds where that is no plain text. An object that says
/// nothing about that holds what another variant holds as well.
macro_rules! choice {
    ($name:ident else $raw:ident {
        $($variant:ident: $kind:ident
            $([$($member:literal $($sign:ident $($value:literal)*)?),*])? $(as $holds:ty)?),* $(,)?
    }) => {
        impl wiring::Wire for $name {
            fn view(&self) -> wiring::View<'_> {
                match self {
                    $(Self::$variant(value) => value.view(),)*
                    Self::$raw(value) => wiring::View::Raw(value),
                }
            }

            fn edit(&mut self) -> wiring::Edit<'_> {
                wiring::Edit::Choice(self)
            }
        }

        impl wiring::Constant for $name {
            const BLANK: Self = Self::$raw(serde_json::Value::Null);
        }

        impl wiring::Blank for $name {
            fn blank() -> Self {
                <Self as wiring::Constant>::BLANK
            }
        }

        impl wiring::Choice for $name {
            fn put_kind_of(&mut self, tree: &wiring::Tree<'_>) -> Option<wiring::Mut<'_>> {
                match tree {
                    $(wiring::choice!(@kind $kind) $(if wiring::bears(tree, &[
                        $(($member, wiring::choice!(@sign $($sign $($value)*)?))),*
                    ]))? => *self = Self::$variant(wiring::Blank::blank()),)*
                    #[allow(unreachable_patterns, reason = "a choice may have a variant for each kind")]
                    _ => return None,
                }
                Some(wiring::Choice::held(self))
            }

            fn put_raw(&mut self, value: serde_json::Value) {
                *self = Self::$raw(value);
            }

            fn held(&mut self) -> wiring::Mut<'_> {
                match self {
                    $(Self::$variant(value) => value,)*
                    Self::$raw(value) => value,
                }
            }
        }

        $(wiring::choice!(@from $name $variant $kind $($holds)?);)*

        wiring::wired!($name);
    };
    (@sign) => { wiring::Sign::There };
    (@sign bool) => { wiring::Sign::Bool };
    (@sign number) => { wiring::Sign::Number };
    (@sign text) => { wiring::Sign::Text };
    (@sign list) => { wiring::Sign::List };
    (@sign object) => { wiring::Sign::Object };
    (@sign is $($value:literal)*) => { wiring::Sign::Is(&[$($value),*]) };
    (@sign json $($value:literal)*) => { wiring::Sign::Json(&[$($value),*]) };
    (@kind bool) => { wiring::Tree::Bool(_) };
    (@kind number) => { wiring::Tree::Int(_) | wiring::Tree::UInt(_) | wiring::Tree::Float(_) };
    (@kind text) => { wiring::Tree::Text(_) };
    (@kind list) => { wiring::Tree::List(_) };
    (@kind object) => { wiring::Tree::Object(_) };
    (@from $name:ident $variant:ident object $holds:ty) => {
        impl From<$holds> for $name {
            #[inline]
            fn from(value: $holds) -> Self {
                Self::$variant(Box::new(value))
            }
        }
    };
    (@from $name:ident $variant:ident text) => {
        impl From<String> for $name {
            #[inline]
            fn from(value: String) -> Self {
                Self::$variant(value)
            }
        }

        impl From<&str> for $name {
            #[inline]
            fn from(value: &str) -> Self {
                Self::$variant(value.to_owned())
            }
        }
    };
    // A value that another variant holds as well is made by neither.
    (@from $name:ident $variant:ident object) => {};
    (@from $name:ident $variant:ident $kind:ident $holds:ty) => {
        impl From<$holds> for $name {
            #[inline]
            fn from(value: $holds) -> Self {
                Self::$variant(value)
            }
        }
    };
}

pub(crate) use choice;
