#![doc = include_str!("../README.md")]

pub use backoff::Backoff;
#[cfg(feature = "disk")]
pub use claims::Claims;
pub use connections::{Connections, ConnectionsError};
pub use error::Error;
pub use kept::Kept;
pub use kind::Kind;
pub use link::Link;
pub use naming::{Naming, ParseNamingError};
pub use net::{is_loopback, is_safe, is_web_page};
#[cfg(feature = "disk")]
pub use part::Collision;
#[cfg(feature = "disk")]
pub use plan::{Facts, Plan};
pub use progress::{Listener, SaveProgress};
pub use reader::FileReader;
#[cfg(feature = "disk")]
pub use saver::{Save, Saver};
pub use source::{Failure, Named, Source, Transfers};
pub use transfer::Transfer;

mod backoff;
mod body;
#[cfg(feature = "disk")]
mod claims;
mod connections;
mod error;
mod fetch;
mod kept;
mod kind;
#[cfg(feature = "disk")]
mod leftovers;
mod link;
mod naming;
mod net;
mod packed;
#[cfg(feature = "disk")]
mod part;
#[cfg(feature = "disk")]
mod plan;
mod progress;
mod reader;
mod reply;
#[cfg(feature = "disk")]
mod saver;
mod source;
#[cfg(feature = "disk")]
mod tally;
#[cfg(all(feature = "tls", not(target_family = "wasm")))]
mod tls;
mod transfer;
mod whole;
