//! What every generated client stands on: transport, replies, errors, open enums, tagged unions.

#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "no contract needs all of it"
)]

mod decode;
mod error;
mod flatten;
mod http;
mod input;
mod open_enum;
mod problem;
mod raw_object;
mod reply;
pub(crate) mod tagged;
mod tree;
mod tree_reader;
mod url;

pub use decode::{DecodeError, decode};
pub use error::Error;
pub use http::{Http, HttpBuilder};
pub use input::{Input, Reference};
pub use open_enum::UnknownValue;
pub use problem::Problem;
pub use raw_object::RawObject;
pub use reply::{ByteStream, ResponseValue};

pub(crate) use open_enum::open_enum;
pub(crate) use tree::Tree;
pub(crate) use url::{QueryParam, encode_path};
