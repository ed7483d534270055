//! Faults to order for the next requests.

use std::collections::VecDeque;
use std::time::Duration;

use crate::record::Origin;

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
    /// The request is carried out, and the connection closes in place of the reply.
    DropReply,
    /// The request is carried out, and the connection closes in the middle of the reply's body.
    TruncateBody,
    /// The request is carried out, and the reply keeps its status but has no body.
    EmptyBody,
}

impl Fault {
    /// Returns whether the request is carried out all the same.
    pub(crate) fn lets_through(&self) -> bool {
        matches!(self, Self::DropReply | Self::TruncateBody | Self::EmptyBody)
    }
}

/// The faults that are still to come.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    api: VecDeque<Fault>,
    blob: VecDeque<Fault>,
}

impl Faults {
    pub(crate) fn order(&mut self, origin: Origin, fault: Fault) {
        self.line(origin).push_back(fault);
    }

    pub(crate) fn next(&mut self, origin: Origin) -> Option<Fault> {
        self.line(origin).pop_front()
    }

    fn line(&mut self, origin: Origin) -> &mut VecDeque<Fault> {
        match origin {
            Origin::Api => &mut self.api,
            Origin::Blob => &mut self.blob,
        }
    }
}
