//! What an operation asks for as a credential, and where it goes.

/// A security scheme of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Scheme {
    /// Its name in the contract.
    pub name: &'static str,
    /// What it asks for.
    pub asks: Asks,
}

/// What a scheme asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Asks {
    /// A token in the `Authorization` header.
    Bearer,
    /// A user's name and password in the `Authorization` header.
    Basic,
    /// A key in the header of this name.
    Header(&'static str),
    /// A key in the query parameter of this name.
    Query(&'static str),
    /// A key in the cookie of this name.
    Cookie(&'static str),
    /// A bearer token that the client fetches with its own name and secret (OAuth 2).
    ClientCredentials {
        /// Where tokens are given out; it may be relative to the base URL.
        token_url: &'static str,
        /// What the operation needs, with spaces between.
        scopes: &'static str,
    },
    /// Something else, which an [`Auth`](super::Auth) knows.
    Other,
}

/// What an operation says of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Security {
    /// A bearer token, where the client has one. This is what an operation has whose contract says
    /// nothing else.
    Bearer,
    /// One of these lists of schemes, all of which are then needed. An empty list needs none, and with
    /// no list at all no credential is sent.
    OneOf(&'static [&'static [Scheme]]),
}

impl Scheme {
    /// Makes one of what the contract says.
    pub(crate) const fn new(name: &'static str, asks: Asks) -> Self {
        Self { name, asks }
    }
}
