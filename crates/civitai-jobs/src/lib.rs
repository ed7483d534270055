#![doc = include_str!("../README.md")]
// On docs.rs, each item says which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(feature = "workflows"),
    allow(
        dead_code,
        reason = "words and errors of workflows, which are left out"
    )
)]

pub use account::{Account, Availability, Consumption, Coverage};
pub use air::{Air, AirBuilder, AirPart, ParseAirError};
#[cfg(feature = "workflows")]
pub use blobs::{Blobs, StoredBlob, UploadLink};
#[cfg(feature = "workflows")]
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
#[cfg(feature = "workflows")]
pub use resources::{ResourceList, Resources};
pub use save::FileReader;
#[cfg(feature = "files")]
pub use save::{Claims, Collision, Naming, ParseNamingError, Save, SaveProgress, Sidecar};
pub use saved::SavedFile;
pub use submit_policy::SubmitPolicy;
pub use token::Token;
#[cfg(feature = "workflows")]
pub use workflows::{
    Preview, StepSnapshot, Workflow, WorkflowChange, WorkflowFailure, WorkflowFleet, WorkflowList,
    WorkflowRequest, WorkflowSnapshot, WorkflowSubmission, WorkflowSubmissions, Workflows,
};

#[cfg(feature = "workflows")]
#[rustfmt::skip]
mod generated;
#[cfg(feature = "workflows")]
#[rustfmt::skip]
mod tables;
mod account;
mod air;
#[cfg(feature = "workflows")]
mod blobs;
#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(feature = "workflows")]
mod budget;
mod buzz;
mod call;
mod client;
mod error;
#[cfg(feature = "events")]
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
#[cfg(feature = "workflows")]
mod places;
#[cfg(feature = "workflows")]
mod resources;
mod save;
mod saved;
pub mod side_by_side;
mod submit_policy;
mod time_span;
mod token;
#[cfg(feature = "workflows")]
mod uploads;
#[cfg(feature = "workflows")]
pub mod workflows;
