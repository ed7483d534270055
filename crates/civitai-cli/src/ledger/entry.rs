//! One submission as the ledger has it.

use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use civitai_jobs::{Buzz, ClientKey, Token, WorkflowId};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::buzz;
use crate::failure::Failure;

/// A submission as the ledger has it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: ClientKey,
    /// `v1` or `v2`.
    pub(crate) api: String,
    /// The address of the API.
    pub(crate) service: String,
    /// What is asked for, as the library stores it.
    pub(crate) request: Value,
    /// The same with files by their content, since links to uploads differ from time to time.
    identity: Value,
    pub(crate) place: Place,
    pub(crate) state: State,
    /// The id of the workflow, or the token of the batch, once the service has it.
    pub(crate) work: Option<String>,
    pub(crate) cost: Option<Buzz>,
    pub(crate) reason: Option<String>,
    /// Seconds since 1970.
    pub(crate) created_at: u64,
    /// Whether another run has begun it.
    pub(crate) is_taken_up: bool,
}

/// Where the files go, and how they are called.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Absolute, so that it means the same wherever the work is taken up.
    pub(crate) folder: PathBuf,
    /// The template of their names.
    pub(crate) naming: String,
    /// What `{prompt}` stands for in it.
    pub(crate) prompt: String,
    /// Whether pictures hold what they were made by.
    pub(crate) recipe: bool,
}

/// How far a submission has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Written down; whether the service has it is not known.
    Prepared,
    /// The service has it.
    Submitted,
    /// The work has ended well, and files may be missing.
    Made,
    /// All is on disk.
    Saved,
    /// The service took it, and the work gave nothing.
    Failed,
    /// The service did not take it, and nothing was paid.
    Refused,
    /// It was called off, here or elsewhere.
    Canceled,
}

impl State {
    const ALL: [Self; 7] = [
        Self::Prepared,
        Self::Submitted,
        Self::Made,
        Self::Saved,
        Self::Failed,
        Self::Refused,
        Self::Canceled,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Submitted => "submitted",
            Self::Made => "made",
            Self::Saved => "saved",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Canceled => "canceled",
        }
    }

    /// Finds a state by its name.
    pub(crate) fn named(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|state| state.name() == name);
        found.ok_or_else(|| {
            let names: Vec<_> = Self::ALL.into_iter().map(Self::name).collect();
            format!("expected one of {}", names.join(", "))
        })
    }

    /// Whether there is something left to do.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Prepared | Self::Submitted | Self::Made)
    }
}

impl Entry {
    /// The record of a submission that is about to be made.
    pub(crate) fn new(api: &str, service: &str, request: Value, place: Place) -> Self {
        Self {
            key: ClientKey::new(),
            api: api.to_owned(),
            service: service.to_owned(),
            identity: request.clone(),
            request,
            place,
            state: State::Prepared,
            work: None,
            cost: None,
            reason: None,
            created_at: now(),
            is_taken_up: false,
        }
    }

    /// Sets what two requests are compared by, in place of the request.
    pub(crate) fn called(mut self, identity: Value) -> Self {
        self.identity = identity;
        self
    }

    /// How long ago it was written down.
    pub(crate) fn age(&self) -> Duration {
        Duration::from_secs(now().saturating_sub(self.created_at))
    }

    /// What leads to it: what the service calls the work, or else the key.
    pub(crate) fn id(&self) -> String {
        self.work
            .clone()
            .unwrap_or_else(|| format!("clientKey:{}", self.key))
    }

    /// The token of the batch, once the service has it.
    pub(crate) fn token(&self) -> Result<Option<Token>, Failure> {
        let token = self.work.as_deref().map(str::parse).transpose();
        token.map_err(|_| self.garbled())
    }

    /// The id of the workflow, once the service has it.
    pub(crate) fn workflow(&self) -> Result<Option<WorkflowId>, Failure> {
        let id = self.work.as_deref().map(WorkflowId::new).transpose();
        id.map_err(|_| self.garbled())
    }

    /// What was asked for.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let read = serde_json::from_value(self.request.clone());
        read.map_err(|_| self.garbled())
    }

    fn garbled(&self) -> Failure {
        let what = format!("what the ledger has of {} cannot be read", self.key);
        Failure::input(what).advise("a newer version of this program may have written it")
    }

    /// A number for all that is asked for and of whom, equal for equal requests.
    pub(super) fn digest(&self) -> Vec<u8> {
        let mut digest = Sha256::new();
        for part in [&self.api, &self.service, &self.identity.to_string()] {
            digest.update(part.len().to_le_bytes());
            digest.update(part);
        }
        digest.finalize().to_vec()
    }
}

/// A submission as its table has it.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Row {
    key: String,
    api: String,
    service: String,
    request: String,
    folder: Vec<u8>,
    naming: String,
    prompt: String,
    recipe: i64,
    state: String,
    work: Option<String>,
    cost: Option<f64>,
    reason: Option<String>,
    created_at: i64,
}

impl TryFrom<Row> for Entry {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        let wrong = |what: String| sqlx::Error::Decode(what.into());
        let key = &row.key;
        Ok(Self {
            key: key
                .parse()
                .map_err(|_| wrong(format!("`{key}` is no key")))?,
            api: row.api,
            service: row.service,
            request: serde_json::from_str(&row.request)
                .map_err(|error| wrong(error.to_string()))?,
            identity: Value::Null,
            place: Place {
                folder: path(row.folder),
                naming: row.naming,
                prompt: row.prompt,
                recipe: row.recipe != 0,
            },
            state: State::named(&row.state).map_err(wrong)?,
            work: row.work,
            cost: buzz(row.cost),
            reason: row.reason,
            created_at: u64::try_from(row.created_at).unwrap_or_default(),
            is_taken_up: true,
        })
    }
}

/// Seconds since 1970. A clock that was set back to before that counts as standing there.
pub(super) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or(Duration::ZERO).as_secs()
}

pub(super) fn seconds(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

/// A path from its bytes.
pub(super) fn path(bytes: Vec<u8>) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt as _;
        std::ffi::OsString::from_vec(bytes).into()
    }
    #[cfg(not(unix))]
    {
        String::from_utf8_lossy(&bytes).into_owned().into()
    }
}
