//! Batches of jobs (v1).

use civitai_jobs::{Batch, BatchSnapshot, Buzz, File, Watch};

use super::Work;

impl Work for Batch {
    const API: &'static str = "v1";
    const CALLED: &'static str = "batch";

    fn id(&self) -> String {
        self.token().to_string()
    }

    fn price(&self) -> Option<Buzz> {
        None
    }

    fn watch(&self) -> Watch<Self> {
        Self::watch(self)
    }

    fn files(snapshot: &BatchSnapshot) -> Vec<File> {
        snapshot.files()
    }

    fn cost(snapshot: &BatchSnapshot) -> Option<Buzz> {
        snapshot.cost()
    }

    fn texts(_: &BatchSnapshot) -> Vec<String> {
        Vec::new()
    }

    fn warnings(_: &BatchSnapshot) -> Vec<String> {
        Vec::new()
    }

    fn loading(_: &BatchSnapshot) -> Option<String> {
        None
    }

    fn is_known(snapshot: &BatchSnapshot) -> bool {
        !snapshot.jobs().is_empty()
    }
}
