//! `run` and `preview`: a workflow from a file, as it is, and its price.

use std::path::PathBuf;

use civitai_jobs::{FieldProblems, WorkflowRequest};
use clap::Args;
use serde_json::Value;

use crate::common::Common;
use crate::document::{self, set};
use crate::event::warn;
use crate::exit;
use crate::failure::Failure;
use crate::order;
use crate::order::{Order, Terms};
use crate::run::Run as Session;
use crate::source::{Links, Source};
use crate::substituted::Substituted;
use crate::told::{self, told};

/// Runs a workflow from a file, JSON or YAML. What the contract does not know goes through with a warning.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Run {
    #[command(flatten)]
    file: Document,

    #[command(flatten)]
    terms: Terms,
}

/// Asks what a workflow from a file would cost. Nothing runs, and nothing is paid.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Preview {
    #[command(flatten)]
    file: Document,

    #[command(flatten)]
    common: Common,
}

#[derive(Clone, Debug, Args)]
struct Document {
    /// The workflow: an object with `steps`, as JSON or YAML; `-` reads it from the standard input.
    file: PathBuf,

    /// Sets an argument of the workflow, to which its steps refer by `$arguments`.
    #[arg(long, value_name = "NAME=VALUE", value_parser = told)]
    arg: Vec<(String, told::Value)>,

    /// Sets a member by its path, such as `steps.0.input.prompt=fog`; `PATH=@FILE` uploads the file.
    #[arg(long, value_name = "PATH=VALUE", value_parser = told)]
    set: Vec<(String, told::Value)>,

    /// Lets through what only a limit of the contract forbids, for a service that takes more by now.
    #[arg(long)]
    unchecked: bool,
}

impl Run {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let json = self.terms.common.json;
        let workflow = document::read(&self.file.file).map_err(|failure| failure.told(json))?;
        self.file
            .warn(&workflow, json)
            .map_err(|failure| failure.told(json))?;
        let order = Order {
            sources: self.file.sources(),
            title: document::title(&self.file.file, "workflow"),
            build: |links: &Links| self.file.request(&workflow, links),
        };
        order.carry_out(&self.terms).await
    }
}

impl Preview {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let json = self.common.json;
        self.price().await.map_err(|failure| failure.told(json))
    }

    async fn price(self) -> Result<(), Failure> {
        let workflow = document::read(&self.file.file)?;
        self.file.warn(&workflow, self.common.json)?;
        let request = |links: &Links| {
            let request = self.file.request(&workflow, links);
            request.map_err(|problems| Failure::input(problems.to_string()))
        };
        let sources = self.file.sources();
        let checked = request(&Links::by_content(&sources)?)?.check();
        checked.map_err(|problems| Failure::input(problems.to_string()))?;
        let session = Session::without_ledger(&self.common).await?;
        let links = Links::uploaded(session.client(), &sources).await?;
        let json = self.common.json;
        let substituted = Substituted::new(false, json);
        order::preview(session.client(), &request(&links)?, substituted, json).await
    }
}

impl Document {
    /// The workflow with what was set.
    fn request(&self, workflow: &Value, links: &Links) -> Result<WorkflowRequest, FieldProblems> {
        let mut workflow = workflow.clone();
        for (name, value) in &self.arg {
            set(&mut workflow, &["arguments", name], value, links);
        }
        for (path, value) in &self.set {
            let path: Vec<&str> = path.split('.').collect();
            set(&mut workflow, &path, value, links);
        }
        let request = WorkflowRequest::from_json(workflow)?;
        Ok(if self.unchecked {
            request.allow_unchecked()
        } else {
            request
        })
    }

    /// Names what the contract does not know.
    fn warn(&self, workflow: &Value, json: bool) -> Result<(), Failure> {
        let Ok(request) = self.request(workflow, &Links::default()) else {
            return Ok(());
        };
        for member in request.unknown_members() {
            let mut message = format!(
                "`{}` is no member that the contract knows, and is sent",
                member.path()
            );
            if let Some(near) = member.nearest() {
                message += &format!("; did you mean `{near}`?");
            }
            warn(&message, json)?;
        }
        Ok(())
    }

    fn sources(&self) -> Vec<Source> {
        told::sources(&self.arg)
            .chain(told::sources(&self.set))
            .collect()
    }
}
