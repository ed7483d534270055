//! Work at the service, of either API: what the commands need to know of it, and what they do with it.

use civitai_jobs::{Buzz, Error, File, Pollable, Watch};

pub(crate) use accept::accepted;
pub(crate) use finish::{finish, settle};
pub(crate) use save::{naming, writing};
pub(crate) use trouble::wait;
pub(crate) use watch::watch;

mod accept;
mod batch;
mod finish;
mod report;
mod save;
mod trouble;
mod watch;
mod workflow;

/// A batch of jobs (v1) or a workflow (v2).
pub(crate) trait Work: Pollable<Item = File, Error = Error> {
    /// The version of the API, as the ledger and the events name it.
    const API: &'static str;

    /// What such work is called.
    const CALLED: &'static str;

    /// What leads back to it: the token of a batch, the id of a workflow.
    fn id(&self) -> String;

    /// The price, as the answer to the submission told it.
    fn price(&self) -> Option<Buzz>;

    /// Watches it with the policy of the client.
    fn watch(&self) -> Watch<Self>;

    /// The files, available or not.
    fn files(snapshot: &Self::Snapshot) -> Vec<File>;

    /// The price, and after the end what it came to.
    fn cost(snapshot: &Self::Snapshot) -> Option<Buzz>;

    /// The words that were asked for, or else the output of steps that make neither words nor files.
    fn texts(snapshot: &Self::Snapshot) -> Vec<String>;

    /// Notices that stop nothing.
    fn warnings(snapshot: &Self::Snapshot) -> Vec<String>;

    /// The model that is being loaded for it.
    fn loading(snapshot: &Self::Snapshot) -> Option<String>;

    /// Whether the service has such work at all.
    fn is_known(snapshot: &Self::Snapshot) -> bool;
}
