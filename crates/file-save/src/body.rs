//! The body of a reply, chunk by chunk. A browser's own may not leave its thread, of which there is only one
//! there, so that it is wrapped into what may.

#[cfg(target_family = "wasm")]
pub(crate) use browser::*;
#[cfg(not(target_family = "wasm"))]
pub(crate) use native::*;

/// Whether what comes is what the storage sent: a browser unpacks it, so that there neither its size nor a
/// part of it is what the headers tell.
pub(crate) const IS_RAW: bool = cfg!(not(target_family = "wasm"));

#[cfg(not(target_family = "wasm"))]
mod native {
    use reqwest::{RequestBuilder, Response};

    pub(crate) type Body = Response;

    pub(crate) async fn send(request: RequestBuilder) -> reqwest::Result<Response> {
        request.send().await
    }

    pub(crate) fn body(reply: Response) -> Body {
        reply
    }
}

#[cfg(target_family = "wasm")]
mod browser {
    use std::pin::Pin;

    use bytes::Bytes;
    use futures_util::{Stream, TryStreamExt as _};
    use reqwest::{RequestBuilder, Response};
    use send_wrapper::SendWrapper;

    type Chunks = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>>>>;

    pub(crate) struct Body(SendWrapper<Chunks>);

    impl Body {
        pub(crate) async fn chunk(&mut self) -> reqwest::Result<Option<Bytes>> {
            self.0.try_next().await
        }
    }

    pub(crate) fn send(
        request: RequestBuilder,
    ) -> impl Future<Output = reqwest::Result<Response>> + Send {
        SendWrapper::new(request.send())
    }

    pub(crate) fn body(reply: Response) -> Body {
        Body(SendWrapper::new(Box::pin(reply.bytes_stream())))
    }
}
