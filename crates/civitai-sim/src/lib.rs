#![doc = include_str!("../README.md")]

mod air;
mod builder;
mod content;
mod fault;
mod fields;
mod http;
mod job;
mod link;
mod paint;
mod problem;
mod queue;
mod record;
mod seed;
mod settings;
mod simulator;
mod state;
mod template;
mod time;
mod v2;
mod view;
mod vocabulary;

pub use builder::{SimulatorBuilder, StartError};
pub use content::Content;
pub use fault::Fault;
pub use http::BlobFault;
pub use job::Taint;
pub use paint::{PaintError, paint};
pub use record::{Origin, Recorded};
pub use settings::Submission;
pub use simulator::Simulator;
pub use time::SimTime;
pub use v2::{Currency, Disorder, Loading, Maturity, Retirement, Shape, Transaction, UntilChange};
