//! What a simulator knows, written down between two runs.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::core::seed::Seed;
use crate::server::shared::Shared;
use crate::simulator::Simulator;
use crate::{photogpt, serika, v1, v2};

/// What the present format is called; a file of another is not taken up.
const FORMAT: u32 = 1;

/// What a simulator knows: jobs, workflows, files and Buzz of all services, and where time stands.
///
/// [`Simulator::save`] gives it and [`SimulatorBuilder::take_up`](crate::SimulatorBuilder::take_up) goes on
/// from it. It is written and read with serde; the form is no promise beyond one version of this crate.
/// Settings, ordered faults and the log of requests are no part of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    format: u32,
    seed: u64,
    start: DateTime<Utc>,
    elapsed: Duration,
    v1: Value,
    v2: Value,
    serika: Value,
    photogpt: Value,
}

/// Why a saved state was not written down or cannot be taken up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SavedError {
    /// It has another form than this version reads.
    #[error(
        "the state is of the format {found}, and this version reads the format {FORMAT}: begin anew"
    )]
    Format {
        /// The format that it says it has.
        found: u32,
    },
    /// A part of it cannot be read or written.
    #[error("the part `{part}` of the state is damaged")]
    Part {
        /// Which part.
        part: &'static str,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
}

/// The services of a run that goes on.
pub(crate) struct Services {
    pub(crate) v1: v1::state::Kept,
    pub(crate) v2: v2::state::Kept,
    pub(crate) serika: serika::state::Kept,
    pub(crate) photogpt: photogpt::state::Kept,
}

impl Simulator {
    /// Returns all that the simulator knows, for another run to go on from.
    ///
    /// # Errors
    ///
    /// Fails where a part of it cannot be written as JSON.
    pub fn save(&self) -> Result<Saved, SavedError> {
        Saved::of(&self.shared)
    }
}

impl Saved {
    pub(crate) fn of(shared: &Shared) -> Result<Self, SavedError> {
        Ok(Self {
            format: FORMAT,
            seed: shared.seed.0,
            start: shared.start,
            elapsed: shared.clock.now(),
            v1: written("v1", &*shared.v1())?,
            v2: written("v2", &*shared.v2())?,
            serika: written("serika", &*shared.serika())?,
            photogpt: written("photogpt", &*shared.photogpt())?,
        })
    }

    /// Returns the seed of the run that was written down, which the run that goes on has as well.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    pub(crate) fn origin(&self) -> (Seed, DateTime<Utc>, Duration) {
        (Seed(self.seed), self.start, self.elapsed)
    }

    pub(crate) fn services(self) -> Result<Services, SavedError> {
        if self.format != FORMAT {
            return Err(SavedError::Format { found: self.format });
        }
        Ok(Services {
            v1: read("v1", self.v1)?,
            v2: read("v2", self.v2)?,
            serika: read("serika", self.serika)?,
            photogpt: read("photogpt", self.photogpt)?,
        })
    }
}

fn written(part: &'static str, state: &impl Serialize) -> Result<Value, SavedError> {
    serde_json::to_value(state).map_err(|source| SavedError::Part { part, source })
}

fn read<T: DeserializeOwned>(part: &'static str, value: Value) -> Result<T, SavedError> {
    serde_json::from_value(value).map_err(|source| SavedError::Part { part, source })
}
