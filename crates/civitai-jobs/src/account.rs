//! What models can be used, and what has been used.

use std::collections::BTreeMap;
use std::ops::{Bound, RangeBounds};

use chrono::{DateTime, Utc};
use civitai_api::v1::operation;
use civitai_api::v1::types::{ProviderAssetAvailability, WorkerAssetAvailability};

use crate::call::Call;
use crate::error::{FieldProblems, Purpose};
use crate::{Air, Buzz, Client, Error};

/// Models in one request: their names stand in its address, which must not grow without end.
const MODELS_AT_ONCE: usize = 50;

/// What an account may use and has used: what [`Client::account`] gives.
#[derive(Clone, Debug)]
pub struct Account {
    client: Client,
}

impl Client {
    /// Returns the account: which models it can use now, and what it has used.
    #[must_use]
    pub fn account(&self) -> Account {
        let client = self.clone();
        Account { client }
    }
}

impl Account {
    /// Asks which of some models can be used now, and by how many workers; fifty in one request.
    ///
    /// Worth knowing before paying for a job that no worker would take.
    ///
    /// # Errors
    ///
    /// The call failed.
    pub async fn coverage<'a>(
        &self,
        models: impl IntoIterator<Item = &'a Air>,
    ) -> Result<Coverage, Error> {
        let models: Vec<String> = models.into_iter().map(Air::to_string).collect();
        let mut coverage = Coverage::default();
        for some in models.chunks(MODELS_AT_ONCE) {
            let (api, some) = (self.client.api(), some.to_vec());
            let call = Call::new(operation::GET_COVERAGE, Purpose::Coverage);
            let reply = self.client.call(call, || api.get_coverage(&some)).await?;
            coverage.add(reply.value);
        }
        Ok(coverage)
    }

    /// Asks whether one model can be used now; see [`coverage`](Self::coverage).
    ///
    /// # Errors
    ///
    /// The call failed.
    pub async fn coverage_of(&self, model: &Air) -> Result<Availability, Error> {
        let coverage = self.coverage([model]).await?;
        Ok(coverage.get(model).cloned().unwrap_or_default())
    }

    /// Adds up the images made and the Buzz spent by the account in a period, such as `start..end`
    /// or `start..`; an end that is left open is the service's choice.
    ///
    /// ```
    /// # use civitai_jobs::Client;
    /// # use chrono::{TimeZone as _, Utc};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sim = civitai_sim::Simulator::builder().start().await?;
    /// # let client = Client::builder().token(sim.token().to_owned()).base_url(sim.base_url()).build()?;
    /// let since = Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).single().ok_or("no such date")?;
    /// let used = client.account().consumption(since..).await?;
    /// println!("{:?} images for {:?} Buzz", used.images, used.cost);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// The period ends before it starts, and nothing was sent; or the call failed.
    pub async fn consumption(
        &self,
        period: impl RangeBounds<DateTime<Utc>>,
    ) -> Result<Consumption, Error> {
        let date = |bound: Bound<&DateTime<Utc>>| match bound {
            Bound::Included(date) | Bound::Excluded(date) => Some(*date),
            Bound::Unbounded => None,
        };
        let (start, end) = (date(period.start_bound()), date(period.end_bound()));
        if let (Some(start), Some(end)) = (start, end)
            && start > end
        {
            let mut problems = FieldProblems::default();
            problems.add(
                "startDate",
                format!("must not come after {end}; it is {start}"),
            );
            return Err(problems.into());
        }
        let api = self.client.api();
        let call = Call::new(operation::GET_CONSUMPTION, Purpose::Consumption);
        let reply = self
            .client
            .call(call, || api.get_consumption(end.as_ref(), start.as_ref()))
            .await?;
        let used = reply.value;
        Ok(Consumption {
            start: used.start_date,
            end: used.end_date,
            images: used.images.and_then(|images| u32::try_from(images).ok()),
            cost: used.total_cost.map(Buzz::from_f64),
        })
    }
}

/// Which models can be used now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coverage {
    models: BTreeMap<String, Availability>,
}

impl Coverage {
    /// Returns what the service said of a model, however it spells its name.
    #[must_use]
    pub fn get(&self, model: &Air) -> Option<&Availability> {
        let same = |name: &str| {
            name.parse()
                .is_ok_and(|air: Air| air.canonical() == model.canonical())
        };
        self.models.get(model.as_str()).or_else(|| {
            let found = self.models.iter().find(|(name, _)| same(name));
            found.map(|(_, availability)| availability)
        })
    }

    /// Returns every model as the service names it, and what it said.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Availability)> {
        self.models
            .iter()
            .map(|(name, availability)| (name.as_str(), availability))
    }

    fn add(&mut self, reply: BTreeMap<String, ProviderAssetAvailability>) {
        let models = reply.into_iter();
        self.models
            .extend(models.map(|(name, seen)| (name, Availability::new(seen))));
    }
}

/// Whether a model can be used now.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Availability {
    /// How ready the workers are, in the words of the service; one that this crate does not list is
    /// kept, and `Unknown` stands for none.
    pub readiness: WorkerAssetAvailability,
    /// How many workers can run it.
    pub workers: Option<u32>,
}

impl Availability {
    fn new(seen: ProviderAssetAvailability) -> Self {
        Self {
            readiness: seen
                .availability
                .unwrap_or(WorkerAssetAvailability::Unknown),
            workers: seen.workers.and_then(|workers| u32::try_from(workers).ok()),
        }
    }

    /// Returns whether a worker can run it now.
    #[must_use]
    pub fn is_available(&self) -> bool {
        self.readiness == WorkerAssetAvailability::Available
    }
}

impl Default for Availability {
    fn default() -> Self {
        Self::new(ProviderAssetAvailability::default())
    }
}

/// What an account has used in a period.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Consumption {
    /// The beginning of the period that was added up.
    pub start: Option<DateTime<Utc>>,
    /// The end of the period that was added up.
    pub end: Option<DateTime<Utc>>,
    /// How many images were made.
    pub images: Option<u32>,
    /// What they cost.
    pub cost: Option<Buzz>,
}
