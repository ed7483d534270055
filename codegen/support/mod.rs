//! What every generated client stands on: transport, replies, errors, open enums, tagged unions.

#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "no contract needs all of it"
)]

mod body;
mod builder;
mod choice;
mod credentials;
mod decode;
mod encode;
mod envelope;
mod error;
mod extra;
mod frames;
mod hook;
mod http;
mod input;
#[cfg(feature = "limits")]
mod limits;
mod members;
mod mend;
mod names;
mod nullable;
pub(crate) mod object;
mod open_enum;
mod open_number;
mod operation;
pub(crate) mod pages;
mod parts;
mod problem;
#[cfg(feature = "limits")]
mod range;
mod raw_object;
mod read;
mod reply;
mod response;
mod retry;
mod scheme;
mod sent;
mod server;
pub(crate) mod shared;
mod stream;
pub(crate) mod style;
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

pub use builder::HttpBuilder;
pub use decode::{DecodeError, decode};
pub use error::Error;
pub use extra::{Extra, Misfit};
pub use hook::{Auth, Hook, HookError, Pending};
pub use http::Http;
pub use input::{Input, Reference};
#[cfg(feature = "limits")]
pub use limits::{Limits, Member, Rule};
pub use members::Members;
pub use nullable::Nullable;
pub use object::Object;
pub use open_enum::UnknownValue;
pub use operation::{NextPage, Operation, Paging};
pub use pages::Pages;
pub use parts::{FilePart, Parts};
pub use problem::Problem;
#[cfg(feature = "limits")]
pub use range::{Count, Range};
pub use raw_object::RawObject;
pub use reply::{ByteStream, ResponseValue};
#[cfg(target_family = "wasm")]
pub use response::Response;
pub use retry::Retry;
pub use scheme::{Asks, Scheme, Security};
pub use server::{Server, Variable};
pub use stream::{Event, EventStream, ItemStream};
#[cfg(feature = "limits")]
pub use violation::{Violation, ViolationKind};
pub use wire::{Blank, Wire};

pub(crate) use envelope::{Envelope, Facts};
#[cfg(not(target_family = "wasm"))]
pub(crate) use response::Response;
pub(crate) use style::Style;
pub(crate) use url::{add_query, encode_path};
pub(crate) use wire::blank;
