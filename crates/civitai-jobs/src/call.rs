//! The one way for a request to the API: repeated where that is safe, logged, counted.

use std::time::Duration;

use civitai_api::{Operation, ResponseValue};
use tracing::Instrument as _;
use tracing::field::Empty;

use crate::error::{Purpose, proxy, reply};
use crate::{Answer, Client, Error};
use file_save::Backoff;

/// A service that asks for a longer pause than this is believed, and the caller decides.
pub(crate) const LONGEST_HINT: Duration = Duration::from_secs(60);

/// A call: which operation, what for, and how often it may be tried.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    operation: Operation,
    purpose: Purpose,
    /// The number of the first try, from 1.
    attempt: u32,
    /// Further tries after the first.
    retries: u32,
}

/// What a call brought, and how long the service asks to be left alone.
#[derive(Debug)]
pub(crate) struct Reply<T> {
    pub(crate) value: T,
    pub(crate) retry_after: Option<Duration>,
}

impl Call {
    /// A call that may be repeated without harm: a read, a change that is the same done twice, or a
    /// submission that the service recognises. It is tried four times at most.
    pub(crate) const fn new(operation: Operation, purpose: Purpose) -> Self {
        Self {
            operation,
            purpose,
            attempt: 1,
            retries: 3,
        }
    }

    /// Sets that the call is made once, as a poll is, whose watch has a tolerance of its own.
    pub(crate) const fn once(mut self) -> Self {
        self.retries = 0;
        self
    }

    /// Sets how often the call is tried again.
    pub(crate) const fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// Sets which try of its caller this is, from 1.
    pub(crate) const fn attempt(mut self, attempt: u32) -> Self {
        self.attempt = attempt;
        self
    }
}

impl Client {
    /// Makes a call, and makes it again where it failed in passing: after pauses that double and
    /// jitter, and where the service says how long to stay away, after that long and a little more.
    pub(crate) async fn call<T, F>(
        &self,
        call: Call,
        mut send: impl FnMut() -> F,
    ) -> Result<Reply<T>, Error>
    where
        F: Future<Output = Result<ResponseValue<T>, civitai_api::Error>>,
    {
        let mut before = 0;
        loop {
            let answer = self.send(call, call.attempt + before, send()).await;
            let error = match answer.and_then(|answer| read(answer, call.purpose)) {
                Err(error) if error.is_retryable() && before < call.retries => error,
                result => return result,
            };
            let hint = error.retry_after().unwrap_or_default();
            if hint > LONGEST_HINT {
                return Err(error);
            }
            let pause = hint.saturating_add(Backoff::OF_CALLS.pause(before, fastrand::f64()));
            tracing::debug!(
                error = &error as &dyn std::error::Error,
                ?pause,
                "trying again"
            );
            drop(error);
            self.clock().sleep(pause).await;
            before += 1;
        }
    }

    /// Makes a call whose answer is a stream; it is made once.
    pub(crate) async fn stream<T>(
        &self,
        call: Call,
        sent: impl Future<Output = Result<ResponseValue<T>, civitai_api::Error>>,
    ) -> Result<T, Error> {
        let answer = self.send(call, 1, sent).await?;
        Ok(read(answer, call.purpose)?.value)
    }

    /// Makes a call once, in a span of its own. Nothing of what is sent goes into it: neither
    /// token nor prompt.
    async fn send<T>(
        &self,
        call: Call,
        attempt: u32,
        sent: impl Future<Output = Result<ResponseValue<T>, civitai_api::Error>>,
    ) -> Result<ResponseValue<T>, Error> {
        let Operation { method, path, .. } = call.operation;
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
        let result = Box::pin(sent).instrument(span.clone()).await;
        let took = self.clock().now().saturating_duration_since(begun);

        let (headers, status) = match &result {
            Ok(reply) => (Some(reply.headers()), Some(reply.status())),
            Err(error) => (error.headers(), error.status()),
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
        result.map_err(|error| Error::call(call.purpose, error))
    }
}

fn read<T>(answer: ResponseValue<T>, purpose: Purpose) -> Result<Reply<T>, Error> {
    // Where a success has no body, nothing else tells that the service never saw the request.
    if proxy::is_html(answer.headers()) {
        return Err(Error::page(purpose, answer.status()));
    }
    Ok(Reply {
        retry_after: http_hints::retry_after(answer.headers()),
        value: answer.into_inner(),
    })
}
