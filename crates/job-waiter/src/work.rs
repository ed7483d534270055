//! What generated code says of a kind of work.

use std::error::Error;
use std::fmt::Debug;

use crate::Transport;
use crate::spec::Waiter;

/// Why a body is not what the contract says.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// A kind of work: its waiter, and the types of what it shows. Generated code implements it.
pub trait Work: Sized + 'static {
    /// What sends the requests.
    type Transport: Transport;
    /// What a poll brings.
    type Look: Debug + Send + Sync + 'static;
    /// What the work makes.
    type Outcome: Debug + Send + Sync + 'static;
    /// How it is watched.
    const WAITER: &'static Waiter;

    /// Decodes what a poll brings.
    ///
    /// # Errors
    ///
    /// It is no such thing.
    fn look(body: &[u8]) -> Result<Self::Look, BoxError>;

    /// Decodes what the work makes.
    ///
    /// # Errors
    ///
    /// It is no such thing.
    fn outcome(body: &bytes::Bytes) -> Result<Self::Outcome, BoxError>;
}
