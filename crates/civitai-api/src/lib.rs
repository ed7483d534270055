#![doc = include_str!("../README.md")]

mod transport;

// Formatted by the generator.
#[rustfmt::skip]
mod generated {
    pub(crate) mod support;
    pub(crate) mod v1;
}

pub use generated::support::{
    ByteStream, DecodeError, Error, Http, HttpBuilder, Problem, RawObject, ResponseValue,
    UnknownValue,
};
pub use transport::{BASE_URL, TOKEN_VARIABLE, connect};

/// The v1 API: jobs, submitted in batches that share a token.
pub mod v1 {
    pub use crate::generated::v1::{Client, types};
}
