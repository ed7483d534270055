//! One line from its record to its files. What it leaves is a [`Fate`], which the queue and the ledger get at once.

use std::time::Duration;

use civitai_jobs::{Error, Workflow, WorkflowRequest};

use super::crew::Crew;
use super::fate::{Fate, Halt};
use super::naming::of_line;
use crate::exit;
use crate::failure::{Failure, chain};
use crate::ledger::{Begin, Ended, Entry, Leave, Line, Place, State, Submitted};
use crate::source;
use crate::substituted::describe;
use crate::work::Work as _;

impl Crew {
    /// Does what is left to do of a line.
    ///
    /// # Errors
    ///
    /// The ledger cannot be read or written.
    pub(super) async fn pursue(&self, line: &Line) -> Result<Fate, Failure> {
        match self.steps(line).await {
            Ok(fate) | Err(Halt::Fate(fate)) => Ok(fate),
            Err(Halt::Failure(failure)) => Err(failure),
        }
    }

    async fn steps(&self, line: &Line) -> Result<Fate, Halt> {
        let entry = match &line.key {
            None => self.begin(line).await?,
            Some(key) => {
                let entry = self.patiently(|| self.ledger().find(key)).await?;
                entry.ok_or_else(|| Failure::input(format!("the ledger has lost the key {key}")))?
            }
        };
        match entry.workflow()? {
            // Nothing tells when it was made, and so which page it stands on: it is watched on its own.
            Some(id) => {
                let workflow = self.run.client().workflows().attach(id);
                self.outcome(&entry, workflow.watch().await).await
            }
            None => {
                let workflow = self.submit(line, &entry).await?;
                self.outcome(&entry, self.fleet.watch(&workflow).await)
                    .await
            }
        }
    }

    /// Asks for the price where that is wanted, and writes the submission down.
    async fn begin(&self, line: &Line) -> Result<Entry, Halt> {
        let request = self.request(line).await?;
        let limits = &self.row.limits;
        let mut price = None;
        if limits.priced {
            let preview = self.run.client().workflows().preview(&request).await;
            let preview = preview.map_err(|error| self.refused(None, &error))?;
            let cost = preview.price();
            if !preview.is_affordable() {
                let reason = format!(
                    "line {} costs {cost} Buzz, and the account does not have them",
                    line.number
                );
                return Err(self.stop(exit::REFUSED, &reason).await?);
            }
            if let Some(most) = limits.max_cost.filter(|most| cost > *most) {
                let reason = format!("the price is {cost} Buzz, and --max-cost allows {most}");
                return Err(Halt::Fate(Fate::Ended(Ended::failed(None, reason))));
            }
            let found = preview.snapshot().substitutions(&request);
            if limits.exact && !found.is_empty() {
                return Err(Halt::Fate(Fate::Ended(Ended::failed(
                    None,
                    describe(&found),
                ))));
            }
            price = Some(cost);
        }
        let place = Place {
            folder: self.row.folder.clone(),
            naming: of_line(&self.row.naming, line.number, self.width),
            prompt: line.title.clone(),
            recipe: self.row.recipe,
        };
        let entry = Entry::new(
            Workflow::API,
            &self.row.service,
            serde_json::json!(request),
            place,
        );
        let mut entry = entry.called(line.request.clone());
        entry.cost = price;
        let pause = limits
            .per_minute
            .map_or(0, |count| (60_000.0 / count) as i64);
        let begin = Begin {
            run: self.row.name.clone(),
            line: line.number,
            entry: entry.clone(),
            pause,
        };
        let leave = self.patiently(|| self.ledger().begin_line(begin.clone()));
        match leave.await? {
            Leave::Granted(at) => {
                let wait = at - chrono::Utc::now().timestamp_millis();
                if let Ok(wait) = u64::try_from(wait) {
                    tokio::time::sleep(Duration::from_millis(wait)).await;
                }
                Ok(entry)
            }
            Leave::Closed => Err(Halt::Fate(Fate::Waits)),
            // Where the answer of the database was lost, it was this process.
            Leave::Begun => {
                let line = self.patiently(|| self.ledger().line(&self.row.name, line.number));
                let key = line.await?.and_then(|line| line.key);
                let entry = match &key {
                    Some(key) => self.patiently(|| self.ledger().find(key)).await?,
                    None => None,
                };
                entry.ok_or(Halt::Fate(Fate::Waits))
            }
            Leave::OverBudget(spent) => {
                let (price, budget) =
                    (price.unwrap_or_default(), limits.budget.unwrap_or_default());
                let reason = format!(
                    "the next line costs {price} Buzz, and {spent} of the budget of {budget} are spent"
                );
                Err(self.stop(exit::TOO_DEAR, &reason).await?)
            }
        }
    }

    /// The request, with links to files that are uploaded for it.
    async fn request(&self, line: &Line) -> Result<WorkflowRequest, Halt> {
        let mut text = line.request.to_string();
        let sources = line
            .sources
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        for file in sources {
            let (Some(link), Some(path)) = (file["link"].as_str(), file["path"].as_str()) else {
                continue;
            };
            let uploaded = source::upload(self.run.client(), path.as_ref()).await;
            let uploaded = uploaded.map_err(|failure| match failure.code() {
                exit::INPUT => Halt::Fate(Fate::Ended(Ended::failed(
                    None,
                    failure.parts().0.to_owned(),
                ))),
                _ => Halt::Fate(Fate::Later(failure.parts().0.to_owned())),
            })?;
            text = text.replace(link, &uploaded);
        }
        let request = serde_json::from_str(&text);
        request.map_err(|_| {
            let what = format!("what the ledger has of line {} cannot be read", line.number);
            let newer = "a newer version of this program may have written it";
            Halt::Failure(Failure::input(what).advise(newer))
        })
    }

    /// Submits what was written down; the service takes it once, however often it is sent.
    async fn submit(&self, line: &Line, entry: &Entry) -> Result<Workflow, Halt> {
        let request: WorkflowRequest = entry.read()?;
        let submission = self
            .run
            .client()
            .workflows()
            .submit(&request)
            .key(entry.key);
        let workflow = match submission.await {
            Ok(workflow) => workflow,
            Err(error) => return Err(self.refusal(entry, &error).await?),
        };
        let (id, cost) = (workflow.id().to_string(), workflow.price());
        let submitted = Submitted {
            key: entry.key,
            work: id.clone(),
            cost,
        };
        let goes_on = self
            .patiently(|| self.ledger().line_submitted(submitted.clone()))
            .await?;
        self.tell.submitted(line.number, &id, cost);
        if !goes_on {
            // It was called off while it was on its way. Where this fails, the watch tells how it ends.
            let _ = workflow.cancel().await;
        }
        Ok(workflow)
    }

    /// A submission that the service did not take.
    async fn refusal(&self, entry: &Entry, error: &Error) -> Result<Halt, Failure> {
        if error.is_unauthorized() {
            let halt = self
                .stop(exit::TOKEN, "the service refused the token")
                .await?;
            return Ok(Self::open(halt, error));
        }
        if error.status() == Some(402) {
            let halt = self
                .stop(exit::REFUSED, "the account needs more Buzz")
                .await?;
            return Ok(Self::open(halt, error));
        }
        Ok(self.refused(Some(entry), error))
    }

    /// What stopped the run leaves this line to be taken up with it.
    fn open(_: Halt, error: &Error) -> Halt {
        Halt::Fate(Fate::Ended(Ended::open(chain(error))))
    }

    fn refused(&self, entry: Option<&Entry>, error: &Error) -> Halt {
        let may_pass = error.is_outcome_unknown()
            || error.is_unreachable()
            || error.is_web_page()
            || error.is_retryable()
            || error.is_unauthorized();
        Halt::Fate(match may_pass {
            true => Fate::Later(chain(error)),
            false => Fate::Ended(Ended::failed(
                entry.map(|entry| (entry.key, State::Refused)),
                chain(error),
            )),
        })
    }

    /// Lets the run begin no more lines.
    pub(super) async fn stop(&self, code: u8, reason: &str) -> Result<Halt, Failure> {
        self.patiently(|| self.ledger().stop_run(&self.row.name, code, reason))
            .await?;
        Ok(Halt::Fate(Fate::Waits))
    }
}
