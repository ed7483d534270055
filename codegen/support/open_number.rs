//! Enums of whole numbers that stay open: a number that the contract does not list is kept, not refused.

/// Says how such an enum is read and shown: its numbers as they stand on the wire.
macro_rules! open_number {
    ($name:ident else $unknown:ident { $($wire:literal => $variant:ident),* $(,)? }) => {
        impl $name {
            /// Every number that the contract lists.
            pub const LISTED: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the number as it stands on the wire.
            pub fn as_i64(self) -> i64 {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::$unknown(value) => value,
                }
            }
        }

        impl From<i64> for $name {
            fn from(value: i64) -> Self {
                match value {
                    $($wire => Self::$variant,)*
                    value => Self::$unknown(value),
                }
            }
        }

        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.as_i64(), f)
            }
        }

        impl wiring::Wire for $name {
            fn view(&self) -> wiring::View<'_> {
                wiring::View::Int(self.as_i64())
            }

            fn edit(&mut self) -> wiring::Edit<'_> {
                wiring::Edit::Int(self)
            }
        }

        impl wiring::SetInt for $name {
            fn set_int(&mut self, value: i128) -> bool {
                let fits = i64::try_from(value);
                if let Ok(value) = fits {
                    *self = Self::from(value);
                }
                fits.is_ok()
            }
        }

        impl wiring::Constant for $name {
            const BLANK: Self = Self::$unknown(0);
        }

        impl wiring::Blank for $name {
            fn blank() -> Self {
                <Self as wiring::Constant>::BLANK
            }
        }

        impl Eq for $name {}

        impl std::hash::Hash for $name {
            fn hash<H: std::hash::Hasher>(&self, hasher: &mut H) {
                self.as_i64().hash(hasher);
            }
        }

        wiring::wired!($name);
    };
}

pub(crate) use open_number;
