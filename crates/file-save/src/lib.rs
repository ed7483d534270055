#![doc = include_str!("../README.md")]

pub use backoff::Backoff;
pub use claims::Claims;
pub use error::Error;
pub use kind::Kind;
pub use link::Link;
pub use naming::{Naming, ParseNamingError};
pub use net::{is_loopback, is_safe, is_web_page};
pub use part::Collision;
pub use plan::{Facts, Kept, Plan};
pub use progress::{Listener, SaveProgress};
pub use reader::FileReader;
pub use saver::{Save, Saver};
pub use source::{Failure, Named, Source, Transfers};
pub use storage::storage;
pub use transfer::Transfer;

mod backoff;
mod claims;
mod error;
mod fetch;
mod kind;
mod leftovers;
mod link;
mod naming;
mod net;
mod packed;
mod part;
mod plan;
mod progress;
mod reader;
mod reply;
mod saver;
mod source;
mod storage;
mod transfer;
mod whole;
