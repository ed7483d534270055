//! What is submitted: checked jobs and the key that they are found by.

use civitai_api::v1::limits::JOB_REQUEST;
use civitai_api::v1::types::{JobRequest, JobTemplateList};
use serde_json::{Map, Value};

use crate::job::{OWN_LABEL, Place, is_own_label};
use crate::text_to_image::is_limit;
use crate::{ClientKey, FieldProblems, TextToImage};

/// Jobs that have passed their check, and the key that they go out under.
///
/// It can be sent once and not be cloned. Write the key down before sending, and a crash loses
/// nothing: [`find`](crate::Client::find) finds the jobs, and [`again`](Self::again) sends them only
/// where there are none.
///
/// ```
/// # use civitai_jobs::{Air, Client, Submission, TextToImage};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = civitai_sim::Simulator::builder().start().await?;
/// # let client = Client::builder().token(sim.token().to_owned()).base_url(sim.base_url()).build()?;
/// # let request = TextToImage::new(Air::civitai("sd1", "checkpoint", 4384, 128713)?, "fog");
/// let submission = Submission::new(&request)?;
/// println!("sending {}", submission.key());
/// let job = client.send(submission).await?;
/// # assert_eq!(job.ids().len(), 1);
/// # Ok(()) }
/// ```
#[derive(Debug)]
#[must_use = "nothing happens until the submission is sent"]
pub struct Submission {
    key: ClientKey,
    jobs: Vec<Map<String, Value>>,
    may_be_there: bool,
}

impl Submission {
    /// The most jobs that one submission holds.
    pub const MOST_JOBS: usize = 500;
    /// The largest submission, in bytes of JSON.
    pub const MOST_BYTES: usize = 16 << 20;

    /// One request.
    ///
    /// # Errors
    ///
    /// All fields at fault, as from [`TextToImage::check`].
    pub fn new(request: &TextToImage) -> Result<Self, FieldProblems> {
        Self::of([JobRequest::try_from(request)?], Rules::Checked)
    }

    /// Several requests, which become the jobs of one batch under one token.
    ///
    /// # Errors
    ///
    /// All fields at fault in all requests, each with its path, such as `jobs[3].params.width`;
    /// there are no requests, or too many.
    pub fn batch<'a>(
        requests: impl IntoIterator<Item = &'a TextToImage>,
    ) -> Result<Self, FieldProblems> {
        let mut problems = FieldProblems::default();
        let mut jobs = Vec::new();
        for (index, request) in requests.into_iter().enumerate() {
            for found in request.found() {
                problems.add(format!("jobs[{index}].{}", found.path), found.what);
            }
            jobs.push(request.job());
        }
        problems.into_result()?;
        Self::of(jobs, Rules::Checked)
    }

    /// Jobs of any kinds, as typed low-level requests: Comfy graphs, training, blobs and so on.
    ///
    /// # Errors
    ///
    /// As for [`batch`](Self::batch), by the limits of the contract.
    pub fn jobs(jobs: impl IntoIterator<Item = JobRequest>) -> Result<Self, FieldProblems> {
        Self::of(jobs, Rules::Contract)
    }

    /// Jobs of any kinds, let through where only a limit forbids them: a range, a length, a value or
    /// a kind of job that the contract does not list.
    ///
    /// # Errors
    ///
    /// As for [`jobs`](Self::jobs), for what is missing, of the wrong type or there twice.
    pub fn jobs_unchecked(
        jobs: impl IntoIterator<Item = JobRequest>,
    ) -> Result<Self, FieldProblems> {
        Self::of(jobs, Rules::ContractWithoutLimits)
    }

    /// Puts the jobs under a key that may have been sent before, in this process or another one.
    ///
    /// The service is asked for it first, and the jobs are sent only where it knows of none. It may
    /// take a moment to list a fresh job: after a crash, let as much time go by as
    /// [`SubmitPolicy::with_settle`](crate::SubmitPolicy::with_settle) says. Two processes that send
    /// under one key at the same time may both find nothing; let only one of them.
    pub fn again(mut self, key: ClientKey) -> Self {
        (self.key, self.may_be_there) = (key, true);
        self
    }

    /// The key, by which the jobs can be found.
    #[must_use]
    pub fn key(&self) -> ClientKey {
        self.key
    }

    /// How many jobs there are.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "there is always at least one")]
    pub fn len(&self) -> usize {
        self.jobs.len()
    }

    /// Whether the service has to be asked for the key first.
    pub(super) fn may_be_there(&self) -> bool {
        self.may_be_there
    }

    /// The body to send, each job with the labels that it is found by.
    pub(super) fn into_body(self) -> JobTemplateList {
        let of = self.jobs.len();
        let jobs = self.jobs.into_iter().enumerate().map(|(index, mut job)| {
            let labels = self.key.labels(Place { index, of });
            match job.get_mut(PROPERTIES) {
                Some(Value::Object(properties)) => properties.extend(labels),
                _ => {
                    job.insert(PROPERTIES.to_owned(), labels.into());
                }
            }
            JobRequest::Raw(job.into())
        });
        JobTemplateList {
            jobs: Some(jobs.collect()),
            ..JobTemplateList::default()
        }
    }

    fn of(jobs: impl IntoIterator<Item = JobRequest>, rules: Rules) -> Result<Self, FieldProblems> {
        let mut problems = FieldProblems::default();
        let mut objects = Vec::new();
        let mut bytes = 0;
        for (index, job) in jobs.into_iter().enumerate() {
            let job = serde_json::to_value(&job).unwrap_or_default();
            bytes += job.to_string().len();
            if rules != Rules::Checked {
                problems_of_job(&mut problems, index, &job, rules);
            }
            match job {
                Value::Object(members) => objects.push(members),
                _ => problems.add(format!("jobs[{index}]"), "cannot be written as JSON"),
            }
        }
        let (most, count) = (Self::MOST_JOBS, objects.len());
        if count == 0 || count > most {
            let what = format!("must hold 1 to {most} jobs; there are {count}");
            problems.add("jobs", what);
        }
        let most = Self::MOST_BYTES;
        if bytes > most {
            let what = format!("must take at most {most} bytes of JSON; they take {bytes}");
            problems.add("jobs", what);
        }
        problems.into_result()?;
        Ok(Self {
            key: ClientKey::new(),
            jobs: objects,
            may_be_there: false,
        })
    }
}

/// The member that every kind of job has for labels.
const PROPERTIES: &str = "properties";

/// What a job still has to be checked against.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rules {
    /// Nothing: a builder has done it.
    Checked,
    Contract,
    ContractWithoutLimits,
}

fn problems_of_job(problems: &mut FieldProblems, index: usize, job: &Value, rules: Rules) {
    for violation in JOB_REQUEST.check(job) {
        if rules == Rules::Contract || !is_limit(violation.kind()) {
            let path = match violation.path() {
                "." => format!("jobs[{index}]"),
                path => format!("jobs[{index}].{path}"),
            };
            problems.add(path, violation.what());
        }
    }
    let labels = job.get(PROPERTIES).and_then(Value::as_object);
    for label in labels.into_iter().flat_map(Map::keys) {
        if is_own_label(label) {
            let path = format!("jobs[{index}].{PROPERTIES}.{label}");
            problems.add(path, OWN_LABEL);
        }
    }
}
