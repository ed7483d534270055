//! `resume`: picks a job up again, waits for it and saves its files.

use civitai_jobs::{Naming, Pollable};

use crate::args::Resume;
use crate::connect;
use crate::failure::Failure;
use crate::finish::finish;
use crate::folder;
use crate::interrupt::{Stage, or_interrupt};
use crate::report::Again;

pub(crate) async fn run(args: Resume) -> Result<(), Failure> {
    let again = Again {
        out: args.common.out.clone(),
        base_url: args.common.base_url.clone(),
        local: false,
    };
    let client = connect::remote(&args.common)?;
    folder::ready(&args.common.out)?;
    let batch = client.jobs().attach(args.token);
    let resuming = async {
        // The wait bears trouble that may pass; a wrong address or token is told at once.
        if let Err(error) = Pollable::poll(&batch).await {
            let lasting = error.is_unreachable() || error.is_web_page() || !error.is_retryable();
            if lasting {
                return Err(Failure::call(&error));
            }
        }
        finish(&client, &batch, &Naming::default(), &args.common, &again).await
    };
    or_interrupt(resuming, Stage::Submitted, batch.token(), &again).await
}
