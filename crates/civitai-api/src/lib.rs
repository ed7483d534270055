#![doc = include_str!("../README.md")]

mod transport;

// Formatted by the generator.
#[rustfmt::skip]
mod generated {
    pub(crate) mod support;
    #[cfg(feature = "v1")]
    pub(crate) mod v1;
    #[cfg(feature = "v2")]
    pub(crate) mod v2;
}

#[cfg(target_family = "wasm")]
pub use generated::support::Response;
pub use generated::support::{
    Asks, Auth, Blank, ByteStream, DecodeError, Error, Event, EventStream, Extra, FilePart, Hook,
    HookError, Http, HttpBuilder, Input, ItemStream, Members, Misfit, Nullable, Object, Operation,
    Pages, Parts, Pending, Problem, RawObject, Reference, ResponseValue, Retry, Scheme, Security,
    Server, UnknownValue, Variable, Wire, decode,
};
#[cfg(feature = "limits")]
pub use generated::support::{Count, Limits, Member, Range, Rule, Violation, ViolationKind};
pub use transport::{BASE_URL, TOKEN_VARIABLE, connect};

/// The v1 API: jobs, submitted in batches that share a token.
#[cfg(feature = "v1")]
pub mod v1 {
    mod one_job;

    #[cfg(feature = "limits")]
    pub use crate::generated::v1::limits;
    pub use crate::generated::v1::{Client, operation, operations, types};
    pub use one_job::OneJob;
}

/// The v2 API: workflows of steps, each a tagged union by `$type`, with engines nested in its input.
///
/// [`v2::types::WorkflowTemplate`] is what is submitted, [`v2::types::Workflow`] what comes back.
#[cfg(feature = "v2")]
pub mod v2 {
    mod blobs;

    #[cfg(feature = "limits")]
    pub use crate::generated::v2::limits;
    pub use crate::generated::v2::{Client, operation, operations, types};
    pub use blobs::Redirect;
}
