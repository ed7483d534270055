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
#[cfg(feature = "limits")]
mod limits;
pub(crate) mod object;
mod open_enum;
mod problem;
#[cfg(feature = "limits")]
mod range;
mod raw_object;
mod reply;
pub(crate) mod tagged;
#[cfg(feature = "limits")]
pub(crate) mod terms;
mod tree;
mod tree_reader;
mod url;
#[cfg(feature = "limits")]
mod violation;

pub use decode::{DecodeError, decode};
pub use error::Error;
pub use http::{Http, HttpBuilder};
pub use input::{Input, Reference};
#[cfg(feature = "limits")]
pub use limits::{Limits, Member, Rule};
pub use open_enum::UnknownValue;
pub use problem::Problem;
#[cfg(feature = "limits")]
pub use range::{Count, Range};
pub use raw_object::RawObject;
pub use reply::{ByteStream, ResponseValue};
#[cfg(feature = "limits")]
pub use violation::{Violation, ViolationKind};

pub(crate) use open_enum::open_enum;
pub(crate) use tree::Tree;
pub(crate) use url::{QueryParam, encode_path};
