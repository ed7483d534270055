//! The simulator as a server of its own, for programs in any language.
//!
//! ```
//! use civitai_sim::standalone::{Options, Server};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut options = Options::default();
//! options.set("port", "0")?;
//! options.set("speed", "max")?;
//! let server = Server::start(options).await?;
//! assert!(server.ready().api.starts_with("http://127.0.0.1:"));
//! // A program waits for `interrupted()` here.
//! server.run_until(std::future::ready(())).await?;
//! # Ok(())
//! # }
//! ```

mod check;
mod error;
mod flags;
mod options;
mod running;
mod saving;
mod service;
mod signals;
mod state_file;

pub use error::ServerError;
pub use flags::{FLAGS, Flag};
pub use options::{OptionError, Options};
pub use running::{Ready, Server};
pub use service::Service;
pub use signals::interrupted;
