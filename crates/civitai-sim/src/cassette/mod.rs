//! Cassettes: what a real service answered, recorded on the way and played again without it.
//!
//! A recording stands between a client and the service, and writes each exchange as a line of JSON:
//!
//! ```no_run
//! use civitai_sim::cassette::{Recording, Replay};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let service = "https://orchestration.civitai.com";
//! let recording = Recording::of(service, "run.jsonl").start().await?;
//! // A client with its own token works on `recording.base_url()` here.
//! recording.shutdown().await?;
//!
//! let replay = Replay::of("run.jsonl").start().await?;
//! // The same client on `replay.base_url()` gets the same answers, without an account or a network.
//! replay.shutdown().await?;
//! # Ok(())
//! # }
//! ```

mod asked;
mod deck;
mod error;
mod exchange;
mod hide;
mod ids;
mod nearest;
mod places;
mod record;
mod replay;
mod shelf;
mod strings;
mod tape;
mod upstream;

pub use deck::{Cassette, Recording, Replay};
pub use error::CassetteError;
