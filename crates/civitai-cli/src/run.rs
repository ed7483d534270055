//! What a run of the program works with: the service, the ledger, and what to say where it ends early.

use std::time::Duration;

use civitai_jobs::Client;

use crate::again::Again;
use crate::common::Common;
use crate::connect::Session;
use crate::draw::Drawing;
use crate::failure::Failure;
use crate::interrupt::Standing;
use crate::ledger::{Ledger, Recording};

/// How long the watch of something that is only asked for may take.
const QUESTION: Duration = Duration::from_secs(60);

/// The service, the ledger, and how news is told.
#[derive(Debug)]
pub(crate) struct Run {
    session: Session,
    pub(crate) ledger: Ledger,
    pub(crate) json: bool,
    pub(crate) again: Again,
    pub(crate) standing: Standing,
    /// Whether pictures are drawn once they are saved.
    pub(crate) drawing: Drawing,
}

impl Run {
    /// Opens ledger and session; watches give up after `deadline`.
    pub(crate) async fn open(
        common: &Common,
        recording: &Recording,
        deadline: Duration,
    ) -> Result<Self, Failure> {
        let session = common.connection.open(deadline).await?;
        let ledger = recording.open(session.is_local()).await?;
        let again = Again::new(&common.connection, &ledger, session.is_local());
        Ok(Self {
            session,
            ledger,
            json: common.json,
            again,
            standing: Standing::default(),
            drawing: Drawing::default(),
        })
    }

    /// The same with pictures drawn where that is wanted.
    pub(crate) fn drawing(mut self, drawing: Drawing) -> Self {
        self.drawing = drawing;
        self
    }

    /// The same without a record, for what costs nothing.
    pub(crate) async fn without_ledger(common: &Common) -> Result<Session, Failure> {
        common.connection.open(QUESTION).await
    }

    pub(crate) fn client(&self) -> &Client {
        self.session.client()
    }

    /// The address of the API.
    pub(crate) fn service(&self) -> &str {
        self.session.service()
    }
}
