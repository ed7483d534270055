//! Webhooks: what the service sends to a callback address, and how far to believe it.
//!
//! A delivery carries no signature. Anybody who learns the address can send one, and the service
//! may send one twice, late, or not at all. So a delivery is a hint and no more: the
//! [`Secret`] in the address keeps strangers out, and an [`Inbox`] reads the workflow itself before
//! it believes anything, and reads it anyway where no delivery comes.

#[cfg(feature = "axum")]
pub mod axum;
mod event;
mod inbox;
mod nudge;
mod secret;

pub use event::{Event, EventError, Scope};
pub use inbox::{Inbox, Refusal};
pub use secret::Secret;
