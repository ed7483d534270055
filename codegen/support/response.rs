//! A reply as it comes. A browser's own may not leave its thread, of which there is only one there, so
//! that it and all that waits for it are wrapped into what may.

#[cfg(target_family = "wasm")]
pub use browser::Response;
#[cfg(target_family = "wasm")]
pub(crate) use browser::{execute, local, sleep};
#[cfg(not(target_family = "wasm"))]
pub(crate) use native::{Response, execute, local, sleep};

use std::time::Duration;

/// A stream may go on for as long as it likes; the silence between two of its items may not. The timers of a
/// browser know nothing longer.
pub(super) const ENDLESS: Duration = if cfg!(target_family = "wasm") {
    Duration::from_millis(i32::MAX as u64)
} else {
    Duration::from_secs(10 * 366 * 24 * 3600)
};

#[cfg(not(target_family = "wasm"))]
mod native {
    use std::time::Duration;

    pub(crate) use reqwest::Response;

    /// Sends a request.
    pub(crate) async fn execute(
        client: &reqwest::Client,
        request: reqwest::Request,
    ) -> reqwest::Result<Response> {
        client.execute(request).await
    }

    /// Lets a future of the user's be waited for.
    pub(crate) fn local<F: Future>(future: F) -> F {
        future
    }

    /// Waits by the timer of tokio.
    pub(crate) async fn sleep(wait: Duration) {
        tokio::time::sleep(wait).await;
    }
}

#[cfg(target_family = "wasm")]
mod browser {
    use std::fmt;
    use std::future::poll_fn;
    use std::pin::Pin;
    use std::time::Duration;

    use bytes::Bytes;
    use futures_core::Stream;
    use http::Extensions;
    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;
    use send_wrapper::SendWrapper;

    type Body = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>>>>;

    /// A reply: its head, and its body as it comes.
    pub struct Response {
        status: StatusCode,
        headers: HeaderMap,
        url: reqwest::Url,
        length: Option<u64>,
        extensions: Extensions,
        body: SendWrapper<Body>,
    }

    impl Response {
        fn new(response: reqwest::Response) -> Self {
            Self {
                status: response.status(),
                headers: response.headers().clone(),
                url: response.url().clone(),
                length: response.content_length(),
                extensions: Extensions::new(),
                body: SendWrapper::new(Box::pin(response.bytes_stream())),
            }
        }

        /// Returns the HTTP status.
        pub fn status(&self) -> StatusCode {
            self.status
        }

        /// Returns the HTTP headers.
        pub fn headers(&self) -> &HeaderMap {
            &self.headers
        }

        /// Returns the size of the body in bytes, where the service told it.
        pub fn content_length(&self) -> Option<u64> {
            self.length
        }

        /// Returns the address that answered in the end: a browser follows redirects.
        pub fn url(&self) -> &reqwest::Url {
            &self.url
        }

        pub(crate) fn headers_mut(&mut self) -> &mut HeaderMap {
            &mut self.headers
        }

        pub(crate) fn extensions(&self) -> &Extensions {
            &self.extensions
        }

        pub(crate) fn extensions_mut(&mut self) -> &mut Extensions {
            &mut self.extensions
        }

        pub(crate) async fn chunk(&mut self) -> reqwest::Result<Option<Bytes>> {
            poll_fn(|cx| self.body.as_mut().poll_next(cx))
                .await
                .transpose()
        }

        pub(crate) fn bytes_stream(self) -> impl Stream<Item = reqwest::Result<Bytes>> + Send {
            self.body
        }
    }

    impl fmt::Debug for Response {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_struct("Response")
                .field("status", &self.status)
                .finish_non_exhaustive()
        }
    }

    /// Sends a request.
    pub(crate) fn execute(
        client: &reqwest::Client,
        request: reqwest::Request,
    ) -> impl Future<Output = reqwest::Result<Response>> + Send + use<> {
        let answer = client.execute(request);
        SendWrapper::new(async move { answer.await.map(Response::new) })
    }

    /// Lets a future of the user's be waited for, which may hold values of the browser.
    pub(crate) fn local<F: Future>(future: F) -> SendWrapper<F> {
        SendWrapper::new(future)
    }

    /// Waits by the timer of the browser.
    pub(crate) fn sleep(wait: Duration) -> impl Future<Output = ()> + Send {
        SendWrapper::new(gloo_timers::future::sleep(wait.min(super::ENDLESS)))
    }
}
