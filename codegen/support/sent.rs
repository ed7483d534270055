//! Sending: of a request that starts work, what was sent is kept, since its handle may need some of it later.

use std::fmt;

use bytes::Bytes;
use reqwest::Request;

use super::response::{ENDLESS, Response};
use super::{Error, Http, Operation};

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
    pub(super) fn of(http: &Http, request: &Request, operation: &Operation) -> Option<Self> {
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

impl Http {
    /// Sends a request of a generated method.
    pub(crate) async fn send(
        &self,
        request: Request,
        operation: &Operation,
    ) -> Result<Response, Error> {
        let sent = Sent::of(self, &request, operation);
        let mut response = self.send_again(request, operation).await?;
        if let Some(sent) = sent {
            sent.put(&mut response);
        }
        Ok(response)
    }

    /// Sends a request whose reply is a stream.
    pub(crate) async fn open(
        &self,
        mut request: Request,
        operation: &Operation,
    ) -> Result<Response, Error> {
        *request.timeout_mut() = Some(ENDLESS);
        self.send(request, operation).await
    }
}

/// The address and the body are the caller's own.
impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operation)
    }
}
