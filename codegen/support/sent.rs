//! What was sent to start work: its handle may need some of it later.

use std::fmt;

use bytes::Bytes;

use super::response::Response;
use super::{Http, Operation};

/// A request that started work.
#[derive(Clone)]
pub(crate) struct Sent {
    http: Http,
    pub(crate) operation: &'static str,
    pub(crate) url: String,
    pub(crate) body: Option<Bytes>,
}

impl Sent {
    /// Keeps a request, where its operation starts work.
    pub(super) fn of(
        http: &Http,
        request: &reqwest::Request,
        operation: &Operation,
    ) -> Option<Self> {
        let body = || Some(Bytes::copy_from_slice(request.body()?.as_bytes()?));
        operation.is_start.then(|| Self {
            http: http.clone(),
            operation: operation.id,
            url: request.url().as_str().to_owned(),
            body: body(),
        })
    }

    /// A request that is not known.
    pub(super) fn nothing() -> Self {
        Self {
            http: Http::nowhere(),
            operation: "",
            url: String::new(),
            body: None,
        }
    }

    /// Writes it on a reply.
    pub(super) fn put(self, response: &mut Response) {
        response.extensions_mut().insert(self);
    }

    /// Takes it off a reply.
    pub(super) fn take(response: &mut Response) -> Option<Box<Self>> {
        let sent = response.extensions_mut().remove::<Self>();
        sent.map(Box::new)
    }

    pub(crate) fn http(&self) -> Http {
        self.http.clone()
    }
}

/// The address and the body are the caller's own.
impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operation)
    }
}
