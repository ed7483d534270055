#![doc = include_str!("../README.md")]
// On docs.rs, each item says which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub use account::{Account, Availability, Consumption, Coverage};
pub use air::{Air, AirBuilder, AirPart, ParseAirError};
pub use blobs::{Blobs, StoredBlob, UploadLink};
pub use budget::Budget;
pub use buzz::Buzz;
pub use client::{Client, ClientBuilder, FromEnvError};
pub use error::{Error, FieldProblem, FieldProblems, Money};
pub use file::{File, FileKind, Unavailable};
pub use id::{JobId, ParseIdError, WorkflowId};
#[cfg(target_family = "wasm")]
pub use job_watch::BrowserClock;
#[cfg(not(target_family = "wasm"))]
pub use job_watch::TokioClock;
pub use job_watch::{
    Clock, Estimate, Estimates, Instant, Pace, Phase, Pollable, Progress, RequestBudget, SkipClock,
    Sleep, Tolerance, Update, Watch, WatchError, WatchPolicy,
};
pub use jobs::{
    Batch, BatchFleet, BatchSnapshot, BatchSubmission, JobList, JobSnapshot, Jobs, Taint,
    TextToImage,
};
pub use key::ClientKey;
pub use observe::{Answer, Counters, Observer};
pub use pages::Items;
pub use resources::{ResourceList, Resources};
pub use save::FileReader;
#[cfg(feature = "files")]
pub use save::{Claims, Collision, Naming, ParseNamingError, Save, SaveProgress, Sidecar};
pub use saved::SavedFile;
pub use submit_policy::SubmitPolicy;
pub use token::Token;
pub use workflows::{
    Preview, StepSnapshot, Workflow, WorkflowChange, WorkflowFailure, WorkflowFleet, WorkflowList,
    WorkflowRequest, WorkflowSnapshot, WorkflowSubmission, WorkflowSubmissions, Workflows,
};

#[rustfmt::skip]
mod generated;
#[rustfmt::skip]
mod tables;
mod account;
mod air;
mod blobs;
#[cfg(feature = "blocking")]
pub mod blocking;
mod budget;
mod buzz;
mod call;
mod client;
mod error;
pub mod events;
mod file;
#[doc = include_str!("../docs/from-civitai-sharp.md")]
pub mod from_civitai_sharp {}
pub mod guide;
mod id;
pub mod jobs;
mod key;
mod net;
mod observe;
mod pages;
mod places;
mod resources;
mod save;
mod saved;
pub mod side_by_side;
mod submit_policy;
mod time_span;
mod token;
mod uploads;
pub mod workflows;
