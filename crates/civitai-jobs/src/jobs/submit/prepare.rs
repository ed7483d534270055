//! What is submitted: jobs as JSON, made once, and what is wrong with them.

use std::sync::Arc;

use civitai_api::v1::limits::JOB_REQUEST;
use civitai_api::v1::types::JobRequest;
use serde_json::{Map, Value};

use crate::FieldProblems;
use crate::jobs::labels;
use crate::jobs::request::{TextToImage, is_limit};

/// The member that every kind of job has for labels.
pub(super) const PROPERTIES: &str = "properties";
/// The member that names the type of a job.
const TYPE: &str = "$type";
/// The most jobs that one submission holds.
pub(super) const MOST_JOBS: usize = 500;
/// The largest submission, in bytes of JSON.
pub(super) const MOST_BYTES: usize = 16 << 20;

/// Jobs as they go over the wire, but for the labels that they are found by.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    jobs: Vec<Value>,
    rules: Rules,
}

/// What a job still has to be checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rules {
    /// Nothing: a builder has done it.
    Checked,
    Contract,
    ContractWithoutLimits,
}

impl Prepared {
    pub(super) fn one(request: &TextToImage) -> Result<Self, FieldProblems> {
        let (job, problems) = request.prepare();
        let mut found = FieldProblems::default();
        for problem in problems {
            let field = problem
                .path
                .strip_prefix("params.")
                .unwrap_or(&problem.path);
            found.add(field, problem.what);
        }
        found.into_result()?;
        Self::of([job], Rules::Checked)
    }

    pub(super) fn several<'a>(
        requests: impl IntoIterator<Item = &'a TextToImage>,
    ) -> Result<Self, FieldProblems> {
        let mut problems = FieldProblems::default();
        let mut jobs = Vec::new();
        for (index, request) in requests.into_iter().enumerate() {
            let (job, found) = request.prepare();
            for problem in found {
                problems.add(format!("jobs[{index}].{}", problem.path), problem.what);
            }
            jobs.push(job);
        }
        problems.into_result()?;
        Self::of(jobs, Rules::Checked)
    }

    pub(super) fn of_any_kind(
        jobs: impl IntoIterator<Item = JobRequest>,
    ) -> Result<Self, FieldProblems> {
        let jobs = jobs.into_iter();
        Self::of(
            jobs.map(|job| serde_json::to_value(job).unwrap_or_default()),
            Rules::Contract,
        )
    }

    fn of(jobs: impl IntoIterator<Item = Value>, rules: Rules) -> Result<Self, FieldProblems> {
        let jobs: Vec<Value> = jobs.into_iter().collect();
        let mut problems = FieldProblems::default();
        for (index, job) in jobs.iter().enumerate() {
            if !job.is_object() {
                problems.add(format!("jobs[{index}]"), "cannot be written as JSON");
            }
        }
        problems.into_result()?;
        Ok(Self { jobs, rules })
    }

    /// The same jobs, checked no longer against limits.
    pub(super) fn without_limits(mut self) -> Result<Self, FieldProblems> {
        if self.rules == Rules::Contract {
            self.rules = Rules::ContractWithoutLimits;
        }
        Ok(self)
    }

    /// What jobs of about the same length have in common: their type and number. Nothing where types
    /// are mixed.
    pub(super) fn kind(&self) -> Option<Arc<str>> {
        let types = || self.jobs.iter().map(|job| job.get(TYPE)?.as_str());
        let first = types().next()??;
        if types().any(|other| other != Some(first)) {
            return None;
        }
        Some(match self.jobs.len() {
            1 => first.into(),
            jobs => format!("{jobs} {first}").into(),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.jobs.len()
    }

    pub(super) fn into_jobs(self) -> impl Iterator<Item = Map<String, Value>> {
        self.jobs.into_iter().filter_map(|job| match job {
            Value::Object(job) => Some(job),
            // Refused when it was prepared.
            _ => None,
        })
    }

    /// Checks what no builder has checked yet.
    pub(super) fn check(&self) -> Result<(), FieldProblems> {
        let mut problems = FieldProblems::default();
        if self.rules != Rules::Checked {
            for (index, job) in self.jobs.iter().enumerate() {
                check_job(&mut problems, index, job, self.rules);
            }
        }
        let count = self.jobs.len();
        if count == 0 || count > MOST_JOBS {
            let what = format!("must hold 1 to {MOST_JOBS} jobs; there are {count}");
            problems.add("jobs", what);
        }
        let bytes: usize = self.jobs.iter().map(size_of).sum();
        if bytes > MOST_BYTES {
            let what = format!("must take at most {MOST_BYTES} bytes of JSON; they take {bytes}");
            problems.add("jobs", what);
        }
        problems.into_result()
    }
}

fn check_job(problems: &mut FieldProblems, index: usize, job: &Value, rules: Rules) {
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
        if let Some(wrong) = labels::problem(label) {
            problems.add(format!("jobs[{index}].{PROPERTIES}.{label}"), wrong);
        }
    }
}

/// About the bytes that a value takes as JSON, without writing it.
fn size_of(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 5,
        Value::Number(_) => 8,
        Value::String(text) => text.len() + 2,
        Value::Array(items) => 2 + items.iter().map(|item| size_of(item) + 1).sum::<usize>(),
        Value::Object(members) => {
            let sizes = members
                .iter()
                .map(|(name, value)| name.len() + 4 + size_of(value));
            2 + sizes.sum::<usize>()
        }
    }
}
