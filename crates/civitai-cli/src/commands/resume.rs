//! `resume`: picks a job up again, waits for it and saves its files.

use civitai_jobs::{Naming, Pollable, Token};
use clap::Args;

use crate::again::Again;
use crate::common::{Common, Saving};
use crate::exit;
use crate::failure::Failure;
use crate::folder;
use crate::interrupt::{Stage, or_interrupt};
use crate::jobs::finish;

/// Picks a job up again: waits for it and saves its files.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Resume {
    /// The token of the job, or `clientKey:` and the key of its submission.
    token: Token,

    #[command(flatten)]
    saving: Saving,

    #[command(flatten)]
    common: Common,
}

impl Resume {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let session = self.common.connection.open(self.saving.timeout).await?;
        let again = Again::new(&self.saving.out, &self.common.connection, &session);
        folder::ready(&self.saving.out)?;
        let client = session.client();
        let batch = client.jobs().attach(self.token);
        let naming = Naming::default();
        let resuming = async {
            // The wait bears trouble that may pass; a wrong address or token is told at once.
            if let Err(error) = Pollable::poll(&batch).await {
                let lasting =
                    error.is_unreachable() || error.is_web_page() || !error.is_retryable();
                if lasting {
                    return Err(Failure::call(&error));
                }
            }
            finish(
                client,
                &batch,
                &naming,
                &self.saving,
                self.common.json,
                &again,
            )
            .await
        };
        or_interrupt(resuming, Stage::Submitted, batch.token(), &again).await
    }
}
