#![doc = include_str!("../README.md")]

pub use air::{Air, AirBuilder, AirPart, ParseAirError};
pub use callback::{CallbackEvent, ParseCallbackError};
pub use civitai_api::v1::types::{Scheduler, WorkerAssetAvailability};
pub use client::{
    Availability, Client, ClientBuilder, Consumption, Coverage, FromEnvError, JobQuery, JobSearch,
    JobStream, Taint,
};
pub use error::{Error, FieldProblems, Money, Problem};
pub use job::{ClientKey, Job, ParseTokenError, Token};
pub use job_watch::{
    Clock, Pace, Phase, SkipClock, Sleep, TokioClock, Tolerance, Update, Watch, WatchError,
    WatchPolicy,
};
pub use observe::{Answer, Counters, Observer};
pub use save::{Naming, SavedFile};
pub use snapshot::{JobSnapshot, JobState, Output, QueuePlace, Snapshot};
pub use text_to_image::TextToImage;
#[cfg(feature = "v2")]
pub use workflow::WorkflowRequest;

mod air;
pub mod callback;
mod client;
mod error;
mod job;
mod observe;
mod save;
mod snapshot;
mod text_to_image;
#[cfg(feature = "v2")]
pub mod workflow;
