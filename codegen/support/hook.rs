//! What a user may put around every request.

use std::error::Error as StdError;
use std::future::Future;
use std::pin::Pin;

use reqwest::Request;

use super::response::Response;
use super::{Error, Operation};

/// A future that a hook gives back.
#[cfg(not(target_family = "wasm"))]
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
/// A future that a hook gives back.
#[cfg(target_family = "wasm")]
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Why a hook would not let a request go.
pub type HookError = Box<dyn StdError + Send + Sync>;

/// Gives requests the credential that the contract's own schemes cannot describe: a signature, or a token
/// that is fetched and renewed. It is asked for every request of an operation that asks for a credential,
/// and for none to another host.
pub trait Auth: Send + Sync + 'static {
    /// Adds the credential to a request.
    fn authorise<'a>(
        &'a self,
        request: &'a mut Request,
        operation: &'a Operation,
    ) -> Pending<'a, Result<(), HookError>>;
}

/// Sees every request of a client, and every reply: to sign, to trace, to count. Repetitions are
/// requests of their own.
pub trait Hook: Send + Sync + 'static {
    /// Sees a request before it goes out, its credential included, and may change it.
    ///
    /// # Errors
    ///
    /// The request must not go out.
    fn before<'a>(
        &'a self,
        request: &'a mut Request,
        operation: &'a Operation,
    ) -> Pending<'a, Result<(), HookError>> {
        let _ = (request, operation);
        Box::pin(async { Ok(()) })
    }

    /// Sees the head of the reply, or why there is none.
    fn after(&self, operation: &Operation, outcome: Result<&Response, &Error>) {
        let _ = (operation, outcome);
    }
}
