//! What may go wrong with a request.

use std::time::Duration;

/// Something that goes wrong with one request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The request is turned away with this status and nothing happens; 500 where the number is
    /// no status.
    Status(u16),
    /// The request is turned away with 429 and this time, in whole seconds, in `Retry-After`.
    Throttled(Duration),
    /// A web page comes with status 200, as from a proxy in front; nothing happens.
    HtmlPage,
    /// The connection closes before anything happens.
    DropConnection,
    /// The request is carried out, and answered with this status all the same, as by a proxy that
    /// gave up on it; 500 where the number is no status.
    StatusAfter(u16),
    /// The request is carried out, and the connection closes in place of the reply.
    DropReply,
    /// The request is carried out, and the connection closes in the middle of the reply's body.
    TruncateBody,
    /// The request is carried out, and the reply keeps its status but has no body.
    EmptyBody,
}
