//! Running a flow.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use job_watch::{Clock, Pace, TokioClock};
use serde_json::{Map, Value};
use url::Url;

pub use error::RunError;
pub use event::{Event, Happening};
pub use limits::Limits;
pub use outcome::{End, Outcome};

use crate::condition::Reading;
use crate::finding::{Finding, Rule, Severity};
use crate::flow::{Address, Flow};
use session::Session;

mod attempt;
mod body;
mod call;
mod client;
mod error;
mod event;
mod exchange;
mod frame;
mod inputs;
mod lap;
mod limits;
mod outcome;
mod request;
mod scope;
mod secrets;
mod send;
mod session;
mod style;
mod visit;
mod walk;
mod workflow;

/// Runs the workflows of a [`Flow`].
///
/// Nothing is fetched but what the steps call, at the servers of their contracts or at those that
/// [`server`](Self::server) names; redirects are not followed.
#[derive(Clone)]
#[must_use = "a runner does nothing until it runs"]
pub struct Runner {
    flow: Arc<Flow>,
    reading: Reading,
    servers: BTreeMap<String, String>,
    limits: Limits,
    pace: Option<Pace>,
    clock: Arc<dyn Clock>,
    connections: Arc<dyn Fn() -> reqwest::ClientBuilder + Send + Sync>,
    observer: Observer,
}

type Observer = Arc<dyn Fn(&Event) + Send + Sync>;

impl Runner {
    /// Creates a runner that reads strictly, in real time, with the default limits.
    pub fn new(flow: Flow) -> Self {
        Self {
            flow: Arc::new(flow),
            reading: Reading::Strict,
            servers: BTreeMap::new(),
            limits: Limits::default(),
            pace: None,
            clock: Arc::new(TokioClock),
            connections: Arc::new(reqwest::Client::builder),
            observer: Arc::new(|_| {}),
        }
    }

    /// Sets how conditions and texts are read that do not say what they mean. Default: strictly.
    pub fn reading(mut self, reading: Reading) -> Self {
        self.reading = reading;
        self
    }

    /// Calls the operations of a source at this address, in place of the server of its contract.
    pub fn server(mut self, source: impl Into<String>, url: impl Into<String>) -> Self {
        self.servers.insert(source.into(), url.into());
        self
    }

    /// Sets the bounds of a run.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the pauses in loops by `goto`. Default: those of the waiter that the contract has for the
    /// operation that is polled, and otherwise those of `job-watch`. What a service asks for by
    /// `Retry-After` comes first.
    pub fn pace(mut self, pace: Pace) -> Self {
        self.pace = Some(pace);
        self
    }

    /// Sets the source of time. Default: that of the runtime.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Sets what the HTTP client of a run is made of: proxies, TLS, DNS. Its name and what it does with redirects are set
    /// by the runner. Default: those of reqwest.
    pub fn connections(
        mut self,
        builder: impl Fn() -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.connections = Arc::new(builder);
        self
    }

    /// Tells `observer` of all that happens, as it happens. Secrets are not in it.
    pub fn on_event(mut self, observer: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.observer = Arc::new(observer);
        self
    }

    /// Returns the flow.
    #[must_use]
    pub fn flow(&self) -> &Flow {
        &self.flow
    }

    /// Runs a workflow: the one of this name, or the first of the document.
    ///
    /// # Errors
    ///
    /// [`RunError`] where the flow is refused, inputs do not fit, a request cannot be made, or a limit
    /// is reached. A flow that ends by a failure is an [`Outcome`].
    pub async fn run(
        &self,
        workflow: Option<&str>,
        inputs: Map<String, Value>,
    ) -> Result<Outcome, RunError> {
        let address = self.address(workflow)?;
        let findings = self.refusals(address);
        if !findings.is_empty() {
            return Err(RunError::refused(findings));
        }
        let session = Session::open(self.clone(), inputs)?;
        workflow::run(&session, address).await
    }

    fn address(&self, workflow: Option<&str>) -> Result<Address, RunError> {
        let workflows = &self.flow.documents[0].document.workflows;
        let index = match workflow {
            None if workflows.is_empty() => None,
            None => Some(0),
            Some(name) => workflows.iter().position(|workflow| workflow.id == name),
        };
        let names = || {
            workflows
                .iter()
                .map(|workflow| workflow.id.as_str())
                .collect::<Vec<_>>()
        };
        let index =
            index.ok_or_else(|| RunError::no_workflow(workflow.unwrap_or_default(), &names()))?;
        Ok(Address {
            document: 0,
            workflow: index,
        })
    }

    /// Returns the errors of the workflows that the run may come to.
    fn refusals(&self, from: Address) -> Vec<Finding> {
        let reached: BTreeSet<_> = self.flow.reached(from);
        let mended = |rule| {
            let mendable = [Rule::UnbracedExpression, Rule::NoQuery, Rule::QuotedValue];
            self.reading == Reading::Meant && mendable.contains(&rule)
        };
        let concerns = |finding: &Finding| {
            let document = finding.place().document();
            let rest = finding.place().pointer().strip_prefix("/workflows/");
            let Some(rest) = rest else {
                // A source that is not used need not be there.
                return finding.rule() != Rule::UnreadSource;
            };
            let index = rest.split('/').next().and_then(|index| index.parse().ok());
            reached.iter().any(|address| {
                Some(address.workflow) == index
                    && self.flow.documents[address.document].name == document
            })
        };
        let report = self.flow.check();
        let errors = report.findings().iter().filter(|finding| {
            finding.severity() == Severity::Error && !mended(finding.rule()) && concerns(finding)
        });
        errors.cloned().collect()
    }

    fn base(&self, source: &str) -> Option<Result<Url, RunError>> {
        let text = self.servers.get(source)?;
        let parsed = Url::parse(text)
            .ok()
            .filter(|url| ["http", "https"].contains(&url.scheme()));
        Some(parsed.ok_or_else(|| RunError::server(source, text)))
    }
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner")
            .field("flow", &self.flow.title())
            .field("reading", &self.reading)
            .field("servers", &self.servers)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
