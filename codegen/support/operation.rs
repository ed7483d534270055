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
            security: Security::Bearer,
            server: None,
            is_start: false,
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

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}
