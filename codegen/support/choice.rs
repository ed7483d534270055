//! Choices without a tag, told apart by what JSON they are: a text or a list, a number or an object.

/// Says how such a choice is read and shown: each variant with the kind of JSON that it is, and what it
/// holds where that is no plain text.
macro_rules! choice {
    ($name:ident else $raw:ident { $($variant:ident: $kind:ident $(as $holds:ty)?),* $(,)? }) => {
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
                    $(wiring::choice!(@kind $kind) => *self = Self::$variant(wiring::Blank::blank()),)*
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
