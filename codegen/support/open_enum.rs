//! Enums that stay open: a value that the contract does not list is kept, not refused.

/// A value that the contract does not list, kept as it came. Only decoding and `From` make one, so
/// that a listed value is never hidden in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    pub(crate) fn new(value: &str) -> Self {
        Self(value.into())
    }

    /// Returns the value as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Says how an open enum is read and shown: its values as they stand on the wire.
macro_rules! open_enum {
    ($name:ident else $unknown:ident { $($wire:literal => $variant:ident),* $(,)? }) => {
        impl $name {
            /// Every value that the contract lists.
            pub const LISTED: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the value as it stands on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::$unknown(value) => value.as_str(),
                }
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                let listed = Self::LISTED.iter().find(|listed| listed.as_str() == value);
                let unknown = || Self::$unknown(wiring::UnknownValue::new(value));
                listed.cloned().unwrap_or_else(unknown)
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(value))
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl wiring::Wire for $name {
            fn blank() -> Self {
                Self::from("")
            }

            fn read(&mut self, tree: wiring::Tree<'_>) -> Result<(), wiring::Unfit> {
                match tree {
                    wiring::Tree::Text(text) => *self = Self::from(&*text),
                    other => return Err(wiring::Unfit::new("a text", other)),
                }
                Ok(())
            }

            fn view(&self) -> wiring::View<'_> {
                wiring::View::Text(self.as_str())
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.as_str())
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl Eq for $name {}

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl std::hash::Hash for $name {
            fn hash<H: std::hash::Hasher>(&self, hasher: &mut H) {
                self.as_str().hash(hasher);
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                wiring::deserialize(deserializer)
            }
        }
    };
}

pub(crate) use open_enum;
