//! What sends the requests of a waiter.

use std::error::Error;
use std::fmt::Debug;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// What sends requests: the transport of a generated client, or anything else.
pub trait Transport: Clone + Debug + Send + Sync + 'static {
    /// Why no answer came.
    type Error: Error + Send + Sync + 'static;

    /// Returns the address that the paths of operations are put behind.
    fn base_url(&self) -> &str;

    /// Sends a request, and returns the answer whatever its status is.
    ///
    /// # Errors
    ///
    /// The request cannot be made, or no complete answer came.
    fn send(&self, call: Call) -> impl Future<Output = Result<Answer, Self::Error>> + Send;

    /// Returns whether the error comes back whenever the request is sent again.
    fn is_lasting(&self, error: &Self::Error) -> bool;
}

/// A request of a waiter. None has a body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Call {
    /// The name, method and path of the operation, where it is one of the contract.
    pub operation: Option<(&'static str, &'static str, &'static str)>,
    /// The method, in capitals.
    pub method: &'static str,
    /// The whole address.
    pub url: String,
    /// Headers to send.
    pub headers: Vec<(&'static str, String)>,
    /// Whether the credential may go there.
    pub credential: bool,
}

/// An answer, whatever its status is.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// Why this is a refusal all the same, where the body says so in a way that the transport knows.
    pub refused: Option<String>,
    /// The body.
    pub body: Bytes,
}
