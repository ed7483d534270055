//! Calls as logs and counters see them: which operation, how it ended, how long it took.

use std::time::Duration;

use civitai_api::ResponseValue;
use tracing::Instrument as _;
use tracing::field::Empty;

use super::retry;
use crate::error::{Doing, proxy, reply};
use crate::{Answer, Client, Error};

/// An operation of the API. Its path stands for all of its requests, so it names no job.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    method: &'static str,
    path: &'static str,
}

impl Operation {
    pub(crate) const SUBMIT: Self = Self::new("POST", "/v1/consumer/jobs");
    pub(crate) const BY_TOKEN: Self = Self::new("GET", "/v1/consumer/jobs");
    pub(crate) const BY_ID: Self = Self::new("GET", "/v1/consumer/jobs/{jobId}");
    pub(crate) const QUERY: Self = Self::new("POST", "/v1/consumer/jobs/query");
    pub(crate) const CANCEL: Self = Self::new("DELETE", "/v1/consumer/jobs");
    pub(crate) const CANCEL_ONE: Self = Self::new("DELETE", "/v1/consumer/jobs/{jobId}");
    pub(crate) const TAINT: Self = Self::new("PUT", "/v1/consumer/jobs");
    pub(crate) const TAINT_ONE: Self = Self::new("PUT", "/v1/consumer/jobs/{jobId}");
    pub(crate) const COVERAGE: Self = Self::new("GET", "/v1/consumer/coverage");
    pub(crate) const CONSUMPTION: Self = Self::new("GET", "/v1/consumer/consumption");

    pub(crate) const fn new(method: &'static str, path: &'static str) -> Self {
        Self { method, path }
    }
}

/// What a call brought, and how long the service asks to be left alone.
#[derive(Debug)]
pub(crate) struct Reply<T> {
    pub(crate) value: T,
    pub(crate) retry_after: Option<Duration>,
}

impl Client {
    /// Makes a call that may be repeated without harm, and repeats it where it failed in passing. The
    /// reply is what the contract says.
    pub(crate) async fn ask<T, F>(
        &self,
        operation: Operation,
        doing: Doing,
        call: impl FnMut() -> F,
    ) -> Result<Reply<T>, Error>
    where
        F: Future<Output = Result<ResponseValue<T>, civitai_api::Error>>,
    {
        self.ask_loosely(operation, doing, |_| None, call).await
    }

    /// The same with a way of its own to read what is not quite what the contract says.
    pub(crate) async fn ask_loosely<T, F>(
        &self,
        operation: Operation,
        doing: Doing,
        reread: fn(&civitai_api::Error) -> Option<T>,
        mut call: impl FnMut() -> F,
    ) -> Result<Reply<T>, Error>
    where
        F: Future<Output = Result<ResponseValue<T>, civitai_api::Error>>,
    {
        let mut attempt = 0;
        retry::read(self, || {
            attempt += 1;
            let call = self.once(operation, attempt, call());
            async move { read(call.await, doing, reread) }
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
        self.look_loosely(operation, doing, |_| None, call).await
    }

    /// The same with a way of its own to read what is not quite what the contract says.
    pub(crate) async fn look_loosely<T>(
        &self,
        operation: Operation,
        doing: Doing,
        reread: fn(&civitai_api::Error) -> Option<T>,
        call: impl Future<Output = Result<ResponseValue<T>, civitai_api::Error>>,
    ) -> Result<Reply<T>, Error> {
        read(self.once(operation, 1, call).await, doing, reread)
    }

    /// Makes a call once, in a span of its own. Nothing of what is sent goes into it: neither
    /// token nor prompt.
    pub(crate) async fn once<T>(
        &self,
        operation: Operation,
        attempt: u32,
        call: impl Future<Output = Result<ResponseValue<T>, civitai_api::Error>>,
    ) -> Result<ResponseValue<T>, civitai_api::Error> {
        let Operation { method, path } = operation;
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
    reread: fn(&civitai_api::Error) -> Option<T>,
) -> Result<Reply<T>, Error> {
    match result {
        // Where a success has no body, nothing else tells that the service never saw the request.
        Ok(reply) if proxy::is_html(reply.headers()) => Err(Error::page(doing, reply.status())),
        Ok(reply) => Ok(Reply {
            retry_after: reply::retry_after(reply.headers()),
            value: reply.into_inner(),
        }),
        Err(error) => match reread(&error) {
            Some(value) => Ok(Reply {
                retry_after: error.headers().and_then(reply::retry_after),
                value,
            }),
            None => Err(Error::call(doing, error)),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wiremock::matchers::any;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;
    use crate::{SkipClock, snapshot};

    #[tokio::test]
    async fn a_call_reads_what_the_contract_says_and_more_only_where_it_is_told_how() {
        let server = MockServer::start().await;
        let old = json!({"jobs": [{"lastEvent": {"claimDuration": {"ticks": 1}}}]});
        let old = ResponseTemplate::new(200).set_body_json(old);
        Mock::given(any()).respond_with(old).mount(&server).await;
        let client = Client::builder().token("a-token").base_url(server.uri());
        let client = client.clock(std::sync::Arc::new(SkipClock::new()));
        let client = client.build().unwrap();
        let api = client.api();
        let operation = Operation::new("GET", "/v2/some");
        let doing = Doing::ReadingResource;
        let call = || api.get_jobs(None, "1", None);

        let error = client.ask(operation, doing, call).await.unwrap_err();
        assert_eq!(error.status(), Some(200), "{error}");
        client.look(operation, doing, call()).await.unwrap_err();

        let reread = snapshot::reread_as;
        let told = client.ask_loosely(operation, doing, reread, call).await;
        assert_eq!(told.unwrap().value.jobs.unwrap().len(), 1);
        let told = client.look_loosely(operation, doing, reread, call());
        assert_eq!(told.await.unwrap().value.jobs.unwrap().len(), 1);
    }
}
