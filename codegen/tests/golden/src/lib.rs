//! The golden Rust of the tiny contracts in `contracts/`. The test `golden` of the `codegen` crate
//! keeps `generated/` as it should be; this crate compiles it and its tests use it.

#[rustfmt::skip]
mod generated {
    pub(crate) mod store;
    pub(crate) mod support;
    pub(crate) mod zoo;
}

pub use generated::support::{
    Blank, ByteStream, DecodeError, Error, Extra, Http, HttpBuilder, Input, Members, Misfit,
    Object, Operation, Problem, RawObject, Reference, ResponseValue, UnknownValue, Wire, decode,
};

#[cfg(feature = "limits")]
pub use generated::support::{Count, Limits, Member, Range, Rule, Violation, ViolationKind};

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
