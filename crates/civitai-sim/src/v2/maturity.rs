//! How mature content is.

/// The rating of content, rising.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Maturity {
    /// For everyone.
    Pg,
    /// For teenagers.
    Pg13,
    /// Mature from here on.
    R,
    /// Adult.
    X,
    /// Explicit.
    Xxx,
}

impl Maturity {
    /// Returns the name on the wire, such as `pg13`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pg => "pg",
            Self::Pg13 => "pg13",
            Self::R => "r",
            Self::X => "x",
            Self::Xxx => "xxx",
        }
    }

    /// Returns whether it is hidden where mature content is.
    pub fn is_mature(self) -> bool {
        self >= Self::R
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        let all = [Self::Pg, Self::Pg13, Self::R, Self::X, Self::Xxx];
        all.into_iter().find(|level| level.as_str() == name)
    }
}
