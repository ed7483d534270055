//! Where a file comes from: what is known of it, its link, and how to get another one.
//!
//! All that saving needs to know of a version of the API stands here.

use std::pin::Pin;

use secrecy::SecretString;

use crate::error::Transfer;
use crate::{Client, Error, Output};

/// What is known of a file before it is fetched.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    pub(crate) job_id: String,
    /// The name of the file at the service.
    pub(crate) blob_key: String,
    /// The place of the file among those of its job, from 0.
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

    /// Asks the service to sign the link anew.
    fn fresh_link(&self) -> Asking<'_>;
}

/// A link that is being asked for.
pub(crate) type Asking<'a> = Pin<Box<dyn Future<Output = Result<SecretString, Error>> + Send + 'a>>;

/// A file of a job, whose every look signs its links anew.
pub(crate) struct OfJob {
    pub(crate) client: Client,
    pub(crate) output: Output,
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

    fn fresh_link(&self) -> Asking<'_> {
        Box::pin(async {
            let job = self.client.attach(self.output.token.clone());
            let wanted = &self.output;
            // Only files that are available are outputs, so no link is followed too early.
            let outputs = job.status().await?.outputs();
            let same = outputs.iter().find(|other| {
                (other.job_id(), other.blob_key(), other.index())
                    == (wanted.job_id(), wanted.blob_key(), wanted.index())
            });
            let link = same.and_then(Output::url).map(SecretString::from);
            link.ok_or_else(|| Transfer::Gone.into())
        })
    }
}
