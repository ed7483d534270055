// Its examples need the clock.
#![cfg_attr(feature = "clock", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "clock"),
    doc = "A simulator of the Civitai orchestration API, versions 1 and 2; see the README."
)]

mod builder;
pub mod cassette;
#[cfg(feature = "clock")]
mod clock;
mod core;
mod error;
mod photogpt;
mod saved;
mod scenario;
mod serika;
mod server;
mod simulator;
pub mod standalone;
mod v1;
mod v2;

pub use crate::builder::SimulatorBuilder;
#[cfg(feature = "clock")]
pub use crate::clock::SimClock;
pub use crate::core::content::Content;
pub use crate::core::fault::Fault;
pub use crate::core::paint::{PaintError, paint};
pub use crate::core::record::{Origin, Recorded};
pub use crate::core::rule::Submission;
pub use crate::core::speed::{Speed, SpeedError};
pub use crate::core::time::SimTime;
pub use crate::error::StartError;
pub use crate::saved::{Saved, SavedError};
pub use crate::scenario::{Scenario, ScenarioError};
pub use crate::server::storage::fault::BlobFault;
pub use crate::simulator::Simulator;
pub use crate::v1::job::Taint;
pub use crate::v2::loading::Loading;
pub use crate::v2::maturity::Maturity;
pub use crate::v2::retirement::Retirement;
pub use crate::v2::settings::Disorder;
pub use crate::v2::shape::{Shape, ShapeError, UntilChange};
pub use crate::v2::wallet::{Currency, Transaction};
