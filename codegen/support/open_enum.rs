//! Enums that stay open: a value that the contract does not list is kept, not refused.

/// A value that the contract does not list, kept as it came. Only decoding and `From` make one, so
/// that a listed value is never hidden in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(String);

impl UnknownValue {
    /// A value that is not known.
    pub(crate) const NONE: Self = Self(String::new());

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
                match value {
                    $($wire => Self::$variant,)*
                    _ => Self::$unknown(wiring::UnknownValue::new(value)),
                }
            }
        }

        impl From<String> for $name {
            #[inline]
            fn from(value: String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            #[inline]
            fn from_str(value: &str) -> Result<Self, std::convert::Infallible> {
                Ok(Self::from(value))
            }
        }

        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl wiring::Wire for $name {
            fn view(&self) -> wiring::View<'_> {
                wiring::View::Text(self.as_str())
            }

            fn edit(&mut self) -> wiring::Edit<'_> {
                wiring::Edit::Text(self)
            }
        }

        impl wiring::Constant for $name {
            const BLANK: Self = Self::$unknown(wiring::UnknownValue::NONE);
        }

        impl wiring::Blank for $name {
            fn blank() -> Self {
                <Self as wiring::Constant>::BLANK
            }
        }

        impl wiring::SetText for $name {
            fn set_text(&mut self, text: std::borrow::Cow<'_, str>) {
                *self = Self::from(&*text);
            }
        }

        impl std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.as_str())
            }
        }

        impl PartialEq for $name {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl Eq for $name {}

        impl PartialOrd for $name {
            #[inline]
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name {
            #[inline]
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
