//! What every generated client stands on: transport, replies, errors, open enums, tagged unions.

#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "no contract needs all of it"
)]

mod choice;
mod decode;
mod encode;
mod error;
mod extra;
mod http;
mod input;
#[cfg(feature = "limits")]
mod limits;
mod members;
mod mend;
pub(crate) mod object;
mod open_enum;
mod operation;
mod problem;
#[cfg(feature = "limits")]
mod range;
mod raw_object;
mod read;
mod reply;
pub(crate) mod shared;
pub(crate) mod tagged;
#[cfg(feature = "limits")]
pub(crate) mod terms;
mod tree;
mod url;
mod values;
#[cfg(feature = "limits")]
mod violation;
mod wire;
pub(crate) mod wiring;

pub use decode::{DecodeError, decode};
pub use error::Error;
pub use extra::{Extra, Misfit};
pub use http::{Http, HttpBuilder};
pub use input::{Input, Reference};
#[cfg(feature = "limits")]
pub use limits::{Limits, Member, Rule};
pub use members::Members;
pub use object::Object;
pub use open_enum::UnknownValue;
pub use operation::Operation;
pub use problem::Problem;
#[cfg(feature = "limits")]
pub use range::{Count, Range};
pub use raw_object::RawObject;
pub use reply::{ByteStream, ResponseValue};
#[cfg(feature = "limits")]
pub use violation::{Violation, ViolationKind};
pub use wire::{Blank, Wire};

pub(crate) use url::{QueryParam, encode_path};
