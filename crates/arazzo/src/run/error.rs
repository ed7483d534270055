//! Why a run was refused or cut off.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::finding::Finding;

/// Why a run was refused or cut off.
#[derive(Debug)]
pub struct RunError {
    kind: Kind,
    source: Option<Box<dyn Error + Send + Sync>>,
}

#[derive(Debug)]
enum Kind {
    Refused(Vec<Finding>),
    NoWorkflow(String),
    Inputs(String),
    Request(String),
    Deadline(String),
    TooMuch(String),
    Secret(String),
}

impl RunError {
    /// Returns whether the flow is refused for what [`findings`](Self::findings) tells; nothing was sent.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(self.kind, Kind::Refused(_))
    }

    /// Returns whether the caller's workflow name, inputs or servers do not fit.
    #[must_use]
    pub fn is_input(&self) -> bool {
        matches!(self.kind, Kind::Inputs(_) | Kind::NoWorkflow(_))
    }

    /// Returns whether time was over: that of a loop or of the run.
    #[must_use]
    pub fn is_deadline(&self) -> bool {
        matches!(self.kind, Kind::Deadline(_))
    }

    /// Returns whether another bound was reached: calls, or workflows within workflows.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        matches!(self.kind, Kind::TooMuch(_))
    }

    /// Returns whether a secret would have gone to another server than the one it was first sent to.
    #[must_use]
    pub fn is_secret_kept(&self) -> bool {
        matches!(self.kind, Kind::Secret(_))
    }

    /// Returns the errors for which the flow is refused.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        match &self.kind {
            Kind::Refused(findings) => findings,
            _ => &[],
        }
    }

    pub(super) fn refused(findings: Vec<Finding>) -> Self {
        Kind::Refused(findings).into()
    }

    pub(super) fn no_workflow(name: &str, known: &[&str]) -> Self {
        let known = known.join(", ");
        Kind::NoWorkflow(format!(
            "there is no workflow `{name}`; the document has {known}"
        ))
        .into()
    }

    pub(super) fn inputs(what: impl Into<String>) -> Self {
        Kind::Inputs(what.into()).into()
    }

    pub(super) fn server(source: &str, url: &str) -> Self {
        Kind::Inputs(format!(
            "the server of `{source}` is no address of HTTP: {url}"
        ))
        .into()
    }

    pub(super) fn request(step: &str, what: impl fmt::Display) -> Self {
        Kind::Request(format!("the step `{step}` cannot be sent: {what}")).into()
    }

    pub(super) fn deadline(what: &str, after: Duration) -> Self {
        Kind::Deadline(format!("{what} was not done after {} s", after.as_secs())).into()
    }

    pub(super) fn too_much(what: impl Into<String>) -> Self {
        Kind::TooMuch(what.into()).into()
    }

    pub(super) fn secret(name: &str, first: &str, other: &str) -> Self {
        let what = format!("`{name}` was sent to {first} and is not sent to {other}");
        Kind::Secret(what).into()
    }

    pub(super) fn caused_by(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }
}

impl From<Kind> for RunError {
    fn from(kind: Kind) -> Self {
        Self { kind, source: None }
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Refused(findings) => {
                write!(f, "the flow is refused for {} errors", findings.len())?;
                match findings.first() {
                    Some(first) => write!(f, ", the first: {first}"),
                    None => Ok(()),
                }
            }
            Kind::NoWorkflow(what)
            | Kind::Inputs(what)
            | Kind::Request(what)
            | Kind::Deadline(what)
            | Kind::TooMuch(what)
            | Kind::Secret(what) => f.write_str(what),
        }
    }
}

impl Error for RunError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
