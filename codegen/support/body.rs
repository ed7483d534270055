//! Bodies of replies: read whole, up to the client's limit.

use bytes::{Bytes, BytesMut};

use super::Error;
use super::response::Response;

/// The largest reply of a client that was not told another.
pub(super) const MAX_REPLY: usize = 64 << 20;

/// The largest reply body that is read, in bytes.
#[derive(Clone, Copy)]
pub(super) struct MaxReply(pub(super) usize);

impl MaxReply {
    /// Writes it on a reply.
    pub(super) fn put(self, response: &mut Response) {
        response.extensions_mut().insert(self);
    }

    /// Reads it from a reply.
    pub(super) fn of(response: &Response) -> Self {
        let told = response.extensions().get().copied();
        told.unwrap_or(Self(MAX_REPLY))
    }
}

/// Reads a whole body, up to the client's limit.
pub(super) async fn read(response: &mut Response) -> Result<Bytes, Error> {
    let MaxReply(most) = MaxReply::of(response);
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > most {
            return Err(Error::too_large(
                response.status(),
                response.headers().clone(),
                most,
            ));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

impl Error {
    /// Reads a reply that is no declared success.
    pub(crate) async fn unexpected(mut response: Response) -> Self {
        let head = (response.status(), response.headers().clone());
        match read(&mut response).await {
            Ok(body) => Self::refusal(head, body),
            Err(error) => error,
        }
    }
}
