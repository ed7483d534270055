//! The golden Rust of the tiny contracts in `contracts/`. The test `golden` of the `codegen` crate
//! keeps `generated/` as it should be; this crate compiles it and its tests use it.

#[rustfmt::skip]
mod generated {
    pub(crate) mod post;
    pub(crate) mod shapes;
    pub(crate) mod store;
    pub(crate) mod support;
    pub(crate) mod zoo;
}

pub use generated::support::*;

/// What may stand at one place in several ways.
pub mod shapes {
    #[cfg(feature = "limits")]
    pub use crate::generated::shapes::limits;
    pub use crate::generated::shapes::{Client, operation, operations, types};
}

/// Types in every form.
pub mod zoo {
    #[cfg(feature = "limits")]
    pub use crate::generated::zoo::limits;
    pub use crate::generated::zoo::{Client, operation, operations, types};
}

/// Messages in every form.
pub mod store {
    #[cfg(feature = "limits")]
    pub use crate::generated::store::limits;
    pub use crate::generated::store::{Client, operation, operations, types};
}

/// Requests in every form.
pub mod post {
    #[cfg(feature = "limits")]
    pub use crate::generated::post::limits;
    pub use crate::generated::post::{Client, events, operation, operations, types};
}
