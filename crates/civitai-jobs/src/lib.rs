#![doc = include_str!("../README.md")]

pub use air::{Air, AirBuilder, AirPart, ParseAirError};
pub use budget::Budget;
pub use callback::{CallbackEvent, ParseCallbackError};
pub use civitai_api::v1::types::{
    AssetType, ImageTransformer, JobRequest, Provider, Scheduler, WorkerAssetAvailability,
};
pub use client::{
    Availability, Blobs, Client, ClientBuilder, Consumption, Coverage, FromEnvError, JobQuery,
    JobSearch, JobStream, ResourceList, Submission, SubmitPolicy, Taint, WorkflowList,
    WorkflowStream, WorkflowSubmission, Workflows,
};
pub use error::{Error, FieldProblems, Money, Problem};
pub use fleet::{
    Fleet, FleetDriver, FleetGroup, FleetJob, FleetWaiter, FleetWorkflow, JobSource, WorkflowFleet,
    WorkflowFleetDriver, WorkflowSource, WorkflowWaiter,
};
pub use job::{ClientKey, Job, ParseTokenError, Token};
pub use job_watch::{
    Clock, Pace, Phase, Progress, RequestBudget, SkipClock, Sleep, TokioClock, Tolerance, Update,
    Watch, WatchError, WatchPolicy,
};
pub use observe::{Answer, Counters, Observer};
pub use save::{
    Collision, FileSource, Naming, OutputReader, ParseNamingError, Save, SaveProgress, SavedFile,
    Sidecar,
};
pub use snapshot::{JobSnapshot, JobState, Output, QueuePlace, Snapshot};
pub use submitted::{
    FileKind, Preview, StepSnapshot, StoredBlob, Workflow, WorkflowFailure, WorkflowOutput,
    WorkflowSnapshot,
};
pub use text_to_image::{ControlNet, Network, Priority, TextToImage};
pub use workflow::WorkflowRequest;

#[rustfmt::skip]
mod generated;
mod air;
#[cfg(feature = "blocking")]
pub mod blocking;
mod budget;
pub mod callback;
mod client;
mod error;
#[doc = include_str!("../docs/from-civitai-sharp.md")]
pub mod from_civitai_sharp {}
mod fleet;
#[doc = include_str!("../docs/guide.md")]
pub mod guide {}
mod job;
mod observe;
mod save;
mod snapshot;
mod submitted;
mod text_to_image;
pub mod webhook;
pub mod workflow;
