//! What the service sends to a callback address, on both APIs, and how far to believe it.
//!
//! A delivery carries no signature. Anybody who learns the address can send one, and the service
//! may send one twice, late, or not at all. So a delivery is a hint and no more: the
//! [`Secret`] in the address keeps strangers out, and an [`Inbox`] polls the work itself before
//! it believes anything, and polls it anyway where no delivery comes.
//!
//! Jobs (v1) are submitted with [`TextToImage::callback_url`](crate::TextToImage::callback_url),
//! workflows (v2) with [`WorkflowRequest::callback`](crate::WorkflowRequest::callback). The service
//! asks for an HTTPS address that answers with a 2xx status within 10 s, and sends again where none
//! came.

#[cfg(feature = "axum")]
pub mod axum;
mod error;
mod event;
mod inbox;
mod job;
mod nudge;
mod secret;

pub use error::EventError;
pub use event::{Event, Scope};
pub use inbox::{Awaited, Inbox, Refusal};
pub use job::JobEvent;
pub use secret::{NoAddress, Secret, WeakSecret};
