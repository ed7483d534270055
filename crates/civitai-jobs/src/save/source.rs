//! Where a file comes from: what is known of it, its link, and how to get another one.
//!
//! All that saving needs to know of a version of the API stands here.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use crate::error::Transfer;
use crate::submitted::OfWorkflow;
use crate::{Client, Error, Output, Snapshot, Token, WorkflowOutput};

/// How long the links of a look are handed out as fresh ones.
const YOUNG: Duration = Duration::from_secs(60);

/// A file that the service can be asked for: made from an [`Output`] of a job, or a
/// [`WorkflowOutput`].
#[derive(Clone, Debug)]
pub struct FileSource(Origin);

#[derive(Clone, Debug)]
enum Origin {
    Job(Output),
    Workflow(WorkflowOutput),
}

impl From<&Output> for FileSource {
    fn from(output: &Output) -> Self {
        Self(Origin::Job(output.clone()))
    }
}

impl From<&WorkflowOutput> for FileSource {
    fn from(output: &WorkflowOutput) -> Self {
        Self(Origin::Workflow(output.clone()))
    }
}

impl FileSource {
    /// The file with what it takes to fetch it; `looks` are shared by files saved together.
    pub(crate) fn of(self, client: &Client, looks: &Arc<Looks>) -> Box<dyn Source> {
        match self.0 {
            Origin::Job(output) => Box::new(OfJob {
                client: client.clone(),
                output,
                looks: Arc::clone(looks),
            }),
            Origin::Workflow(output) => Box::new(OfWorkflow::new(client.clone(), output)),
        }
    }
}

/// What is known of a file before it is fetched.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    /// The id of the job that made it, or of the workflow.
    pub(crate) job_id: String,
    /// The name of the file at the service.
    pub(crate) blob_key: String,
    /// The place of the file among those of its job or step, from 0.
    pub(crate) index: usize,
    pub(crate) seed: Option<i64>,
    /// The price of the whole job in Buzz.
    pub(crate) job_cost: Option<f64>,
}

/// A file that is there to be fetched.
pub(crate) trait Source: Send + Sync {
    fn about(&self) -> About;

    /// The link, where the service has sent one yet; it may have expired.
    fn link(&self) -> Option<SecretString>;

    /// Asks the service for another link than the one that was refused.
    fn fresh_link<'a>(&'a self, refused: Option<&'a SecretString>) -> Asking<'a>;
}

/// A link that is being asked for.
pub(crate) type Asking<'a> = Pin<Box<dyn Future<Output = Result<SecretString, Error>> + Send + 'a>>;

/// A file of a job, whose every look signs its links anew.
struct OfJob {
    client: Client,
    output: Output,
    looks: Arc<Looks>,
}

/// The last look at each batch. One look renews the links of all its files, so those that are
/// saved together share it.
#[derive(Default)]
pub(crate) struct Looks(Mutex<Vec<(Token, Instant, Snapshot)>>);

impl OfJob {
    /// The link of this file in a look, where the file was available: no link is followed too early.
    fn link_in(&self, seen: &Snapshot) -> Option<SecretString> {
        let place = |output: &Output| (output.job_id().to_owned(), output.index());
        let mut outputs = seen.outputs().into_iter();
        let same = outputs.find(|other| {
            other.blob_key() == self.output.blob_key() && place(other) == place(&self.output)
        })?;
        same.url().map(SecretString::from)
    }
}

impl Source for OfJob {
    fn about(&self) -> About {
        let output = &self.output;
        About {
            job_id: output.job_id().to_owned(),
            blob_key: output.blob_key().to_owned(),
            index: output.index(),
            seed: output.seed(),
            job_cost: output.job_cost(),
        }
    }

    fn link(&self) -> Option<SecretString> {
        self.output.url().map(SecretString::from)
    }

    fn fresh_link<'a>(&'a self, refused: Option<&'a SecretString>) -> Asking<'a> {
        Box::pin(async move {
            let token = &self.output.token;
            let refused = refused.map(ExposeSecret::expose_secret);
            let is_other = |link: &SecretString| Some(link.expose_secret()) != refused;
            // Held through the look, so that whoever wants one as well waits for this one.
            let mut looks = self.looks.0.lock().await;
            let now = self.client.clock().now();
            looks.retain(|(_, at, _)| now.saturating_duration_since(*at) < YOUNG);
            let mut known = looks.iter().filter(|(of, ..)| of == token);
            let known = known.find_map(|(.., seen)| self.link_in(seen).filter(is_other));
            if let Some(link) = known {
                return Ok(link);
            }
            let seen = self.client.attach(token.clone()).status().await?;
            let link = self.link_in(&seen);
            looks.retain(|(of, ..)| of != token);
            looks.push((token.clone(), now, seen));
            link.ok_or_else(|| Transfer::Gone.into())
        })
    }
}
