//! Replies: the decoded value with the status and headers it came with.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::body::read;
use super::envelope::opened;
use super::response::Response;
use super::sent::Sent;
use super::wire::Blank;
use super::{Error, Http, decode};

/// A successful reply: what it says, and the status and headers it came with.
#[derive(Clone, Debug)]
pub struct ResponseValue<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    unread: Unread,
    /// What was sent, where that started work.
    sent: Option<Box<Sent>>,
}

/// A body that the contract does not describe. Whoever asks first has it.
#[derive(Clone, Default)]
struct Unread(Option<Arc<Mutex<Option<Response>>>>);

impl fmt::Debug for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "unread"
        } else {
            "nothing"
        })
    }
}

impl<T> ResponseValue<T> {
    /// Returns the HTTP status. 200 and 202 of one operation give the same type; this tells them
    /// apart.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the HTTP headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns what was sent, and the transport that sent it.
    pub(crate) fn sent(&self) -> (Http, Sent) {
        let sent = self.sent.as_deref().cloned();
        let sent = sent.unwrap_or_else(Sent::nothing);
        (sent.http(), sent)
    }

    /// Returns what the reply says.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> std::ops::Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> AsRef<T> for ResponseValue<T> {
    fn as_ref(&self) -> &T {
        &self.value
    }
}

impl<T: Blank> ResponseValue<T> {
    /// Reads and decodes a JSON body.
    pub(crate) async fn from_response(mut response: Response) -> Result<Self, Error> {
        let (status, headers) = (response.status(), response.headers().clone());
        let sent = Sent::take(&mut response);
        let body = read(&mut response).await?;
        let body = opened(&response, body)?;
        // A reply without content says as much as an object without members.
        let said: &[u8] = match status {
            StatusCode::NO_CONTENT if body.is_empty() => b"{}",
            _ => &body,
        };
        match decode(said) {
            Ok(value) => Ok(Self {
                value,
                status,
                headers,
                unread: Unread::default(),
                sent,
            }),
            Err(source) => Err(Error::undecodable(status, headers, body, source)),
        }
    }
}

impl<T> ResponseValue<T> {
    /// Takes a reply whose body is read later.
    pub(super) fn with(response: Response, take: impl FnOnce(Response) -> T) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        Self {
            value: take(response),
            status,
            headers,
            unread: Unread::default(),
            sent: None,
        }
    }

    /// Makes one of what a reply was read as.
    pub(crate) fn of(value: T, response: &Response) -> Self {
        Self {
            value,
            status: response.status(),
            headers: response.headers().clone(),
            unread: Unread::default(),
            sent: None,
        }
    }
}

impl ResponseValue<()> {
    /// Takes a reply whose body does not matter. It is kept for [`bytes`](Self::bytes) all the same.
    pub(crate) fn empty(mut response: Response) -> Self {
        let sent = Sent::take(&mut response);
        let headers = std::mem::take(response.headers_mut());
        let status = response.status();
        let nothing = status == StatusCode::NO_CONTENT || response.content_length() == Some(0);
        let unread = (!nothing).then(|| Arc::new(Mutex::new(Some(response))));
        Self {
            value: (),
            status,
            headers,
            unread: Unread(unread),
            sent,
        }
    }

    /// Reads the body that the contract says nothing about, up to the client's limit for a reply; nothing
    /// where none came, or where a clone of this value has read it.
    ///
    /// # Errors
    ///
    /// The connection broke, the time ran out, or there is more than the limit.
    pub async fn bytes(self) -> Result<Bytes, Error> {
        let take = |unread: Arc<Mutex<Option<Response>>>| {
            unread.lock().unwrap_or_else(PoisonError::into_inner).take()
        };
        match self.unread.0.and_then(take) {
            Some(mut response) => read(&mut response).await,
            None => Ok(Bytes::new()),
        }
    }
}

impl ResponseValue<ByteStream> {
    /// Takes a reply whose body is read bit by bit.
    pub(crate) fn stream(response: Response) -> Self {
        Self::with(response, |response| ByteStream { response })
    }
}

/// A body that is read bit by bit, so that its size does not matter.
pub struct ByteStream {
    response: Response,
}

impl ByteStream {
    /// Returns the next bytes, or `None` at the end.
    ///
    /// # Errors
    ///
    /// The connection broke or the time ran out.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        Ok(self.response.chunk().await?)
    }

    /// Reads what is left, up to the client's limit for a reply ([`HttpBuilder::max_reply`]).
    ///
    /// # Errors
    ///
    /// The connection broke, the time ran out, or there is more than the limit.
    ///
    /// [`HttpBuilder::max_reply`]: super::HttpBuilder::max_reply
    pub async fn read(mut self) -> Result<Bytes, Error> {
        read(&mut self.response).await
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByteStream")
    }
}
