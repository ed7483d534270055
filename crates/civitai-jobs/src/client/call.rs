//! Calls as logs and counters see them: which operation, how it ended, how long it took.

use std::time::Duration;

use civitai_api::{Operation, ResponseValue};
use tracing::Instrument as _;
use tracing::field::Empty;

use super::retry;
use crate::error::{Doing, proxy, reply};
use crate::{Answer, Client, Error};

/// What a call brought, and how long the service asks to be left alone.
#[derive(Debug)]
pub(crate) struct Reply<T> {
    pub(crate) value: T,
    pub(crate) retry_after: Option<Duration>,
}

impl Client {
    /// Makes a call that may be repeated without harm, and repeats it where it failed in passing.
    pub(crate) async fn ask<T, F>(
        &self,
        operation: Operation,
        doing: Doing,
        mut call: impl FnMut() -> F,
    ) -> Result<Reply<T>, Error>
    where
        F: Future<Output = Result<ResponseValue<T>, civitai_api::Error>>,
    {
        let mut attempt = 0;
        retry::read(self, || {
            attempt += 1;
            let call = self.once(operation, attempt, call());
            async move { read(call.await, doing) }
        })
        .await
    }

    /// Makes a look of a watch, whose tolerance is the only retry.
    pub(crate) async fn look<T>(
        &self,
        operation: Operation,
        doing: Doing,
        call: impl Future<Output = Result<ResponseValue<T>, civitai_api::Error>>,
    ) -> Result<Reply<T>, Error> {
        read(self.once(operation, 1, call).await, doing)
    }

    /// Makes a call once, in a span of its own. Nothing of what is sent goes into it: neither
    /// token nor prompt.
    pub(crate) async fn once<T>(
        &self,
        operation: Operation,
        attempt: u32,
        call: impl Future<Output = Result<ResponseValue<T>, civitai_api::Error>>,
    ) -> Result<ResponseValue<T>, civitai_api::Error> {
        let Operation { method, path, .. } = operation;
        let span = tracing::debug_span!(
            "request",
            method,
            path,
            attempt,
            status = Empty,
            request_id = Empty,
            took_ms = Empty
        );
        let begun = self.clock().now();
        // Boxed, since what stands around it moves more often than it is polled.
        let result = Box::pin(call).instrument(span.clone()).await;
        let took = self.clock().now().saturating_duration_since(begun);

        let headers = match &result {
            Ok(reply) => Some(reply.headers()),
            Err(error) => error.headers(),
        };
        let status = match &result {
            Ok(reply) => Some(reply.status()),
            Err(error) => error.status(),
        };
        let status = status.map(|status| status.as_u16());
        let bytes = match &result {
            Ok(_) => headers.and_then(reply::announced),
            Err(error) => error.body().map(|body| body.len() as u64),
        };
        let request_id = match &result {
            Ok(_) => headers.and_then(reply::id_in),
            Err(error) => reply::request_id(error),
        };
        span.record("status", status);
        span.record("request_id", request_id);
        span.record(
            "took_ms",
            u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        );
        span.in_scope(|| match &result {
            Ok(_) => tracing::debug!("answered"),
            Err(error) => {
                let error = error as &dyn std::error::Error;
                tracing::debug!(error, "failed");
            }
        });
        if let Some(observer) = self.observer() {
            observer.request(&Answer {
                method,
                path,
                attempt,
                status,
                took,
                bytes,
            });
        }
        result
    }
}

fn read<T>(
    result: Result<ResponseValue<T>, civitai_api::Error>,
    doing: Doing,
) -> Result<Reply<T>, Error> {
    match result {
        // Where a success has no body, nothing else tells that the service never saw the request.
        Ok(reply) if proxy::is_html(reply.headers()) => Err(Error::page(doing, reply.status())),
        Ok(reply) => Ok(Reply {
            retry_after: reply::retry_after(reply.headers()),
            value: reply.into_inner(),
        }),
        Err(error) => Err(Error::call(doing, error)),
    }
}
