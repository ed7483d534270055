//! The operations of a contract: what logs and counters call them, what they ask for, where they are.

use super::{Scheme, Security, Server};

/// An operation of the API: its name, its method and its path with placeholders. It stands for all of
/// its requests, so it names no value and holds no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Operation {
    /// The name in the contract, such as `getThing`.
    pub id: &'static str,
    /// The HTTP method, in capitals.
    pub method: &'static str,
    /// The path, such as `/things/{thingId}`.
    pub path: &'static str,
    /// The names of its query parameters.
    pub query: &'static [&'static str],
    /// How its pages follow each other, where it answers in pages.
    pub paging: Option<Paging>,
    /// What it asks for as a credential.
    pub security: Security,
    /// Its own server, where that is another than the client's.
    pub server: Option<Server>,
    /// Whether it starts work, so that its requests are kept until the work is named.
    pub(crate) is_start: bool,
}

impl Operation {
    /// Makes one of what the contract says.
    pub(crate) const fn new(id: &'static str, method: &'static str, path: &'static str) -> Self {
        Self {
            id,
            method,
            path,
            query: &[],
            paging: None,
            security: Security::Bearer,
            server: None,
            is_start: false,
        }
    }

    /// Says what its query may hold.
    pub(crate) const fn with_query(self, query: &'static [&'static str]) -> Self {
        Self { query, ..self }
    }

    /// Says how its pages follow each other.
    pub(crate) const fn paged(self, parameter: &'static str, next: NextPage) -> Self {
        Self {
            paging: Some(Paging { parameter, next }),
            ..self
        }
    }

    /// Marks it as one that starts work.
    pub(crate) const fn starting(self) -> Self {
        Self {
            is_start: true,
            ..self
        }
    }

    /// Says which schemes it asks for.
    pub(crate) const fn secured(self, schemes: &'static [&'static [Scheme]]) -> Self {
        Self {
            security: Security::OneOf(schemes),
            ..self
        }
    }

    /// Says which server it is at.
    pub(crate) const fn at(self, server: Server) -> Self {
        Self {
            server: Some(server),
            ..self
        }
    }
}

/// How the pages of a list follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Paging {
    /// The query parameter that asks for a page.
    pub parameter: &'static str,
    /// What tells of the next page.
    pub next: NextPage,
}

/// What tells of the next page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NextPage {
    /// This member of the reply: a cursor, or an address with it.
    Member(&'static str),
    /// The `Link` header (RFC 8288).
    Link,
    /// The number of a page, which is this for the first one.
    Number(i64),
    /// The number of items so far.
    Offset,
}

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}
