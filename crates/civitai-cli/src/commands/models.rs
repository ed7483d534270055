//! `models`: which models and other resources the service has, and which it can use now.

use std::time::Duration;

use civitai_jobs::{Air, Items, ResourceList};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::common::Common;
use crate::exit;
use crate::failure::Failure;
use crate::screen;

/// Looks models and other resources up.
#[derive(Debug, Args)]
pub(crate) struct Models {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Says which models can be used now, and by how many workers.
    #[command(after_help = exit::HELP)]
    Coverage(Named),
    /// Shows what the service knows of models: name, size, whether they can be used, hashes.
    #[command(after_help = exit::HELP)]
    Show(Named),
    /// Lists the resources that workers hold, with which work starts at once.
    #[command(after_help = exit::HELP)]
    Loaded(Filter),
    /// Lists the resources that are being loaded or wait for it.
    #[command(after_help = exit::HELP)]
    Queued(Filter),
}

#[derive(Debug, Args)]
struct Named {
    /// The models, by their AIRs.
    #[arg(required = true, value_name = "AIR")]
    airs: Vec<Air>,

    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
struct Filter {
    /// Lists only this type, such as checkpoint or lora; may be repeated.
    #[arg(long, value_name = "TYPE")]
    kind: Vec<String>,

    /// Lists at most so many.
    #[arg(long, value_name = "N", default_value_t = 100)]
    most: usize,

    #[command(flatten)]
    common: Common,
}

impl Models {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Coverage(named) => named.coverage().await,
            Command::Show(named) => named.show().await,
            Command::Loaded(filter) => filter.list(true).await,
            Command::Queued(filter) => filter.list(false).await,
        }
    }
}

impl Named {
    async fn coverage(self) -> Result<(), Failure> {
        let session = self.common.connection.open(Duration::ZERO).await?;
        let coverage = session.client().account().coverage(&self.airs).await;
        let coverage = coverage.map_err(|error| Failure::call(&error))?;
        let rows = self.airs.iter().map(|air| {
            let seen = coverage.get(air).cloned().unwrap_or_default();
            let (readiness, workers) = (seen.readiness.as_str().to_owned(), seen.workers);
            let document = json!({ "air": air, "availability": readiness, "workers": workers });
            let workers = workers
                .map(|workers| format!(", {workers} workers"))
                .unwrap_or_default();
            (document, format!("{air}: {readiness}{workers}"))
        });
        screen::rows(rows, self.common.json)
    }

    async fn show(self) -> Result<(), Failure> {
        let session = self.common.connection.open(Duration::ZERO).await?;
        let mut rows = Vec::new();
        for air in &self.airs {
            let found = session.client().resources().get(air).await;
            let found = found.map_err(|error| Failure::call(&error))?;
            rows.push(row(&serde_json::to_value(&found).unwrap_or_default()));
        }
        screen::rows(rows, self.common.json)
    }
}

impl Filter {
    async fn list(self, is_loaded: bool) -> Result<(), Failure> {
        let session = self.common.connection.open(Duration::ZERO).await?;
        let resources = session.client().resources();
        let list = if is_loaded {
            resources.loaded()
        } else {
            resources.queued()
        };
        let list = self.kind.iter().fold(list, ResourceList::kind);
        let mut found: Items<_> = list.stream();
        let mut rows = Vec::new();
        while rows.len() < self.most
            && let Some(resource) = found.next().await
        {
            let resource = resource.map_err(|error| Failure::call(&error))?;
            rows.push(row(&serde_json::to_value(&resource).unwrap_or_default()));
        }
        screen::rows(rows, self.common.json)
    }
}

/// What is shown of a resource: all of it as JSON, the most important in a line.
fn row(resource: &Value) -> (Value, String) {
    let text = |name: &str| resource[name].as_str().unwrap_or_default();
    let mut line = text("air").to_owned();
    let named = [text("resourceName"), text("versionName")];
    let named: Vec<_> = named.into_iter().filter(|name| !name.is_empty()).collect();
    if !named.is_empty() {
        line += &format!("  {}", named.join(", "));
    }
    if let Some(bytes) = resource["size"].as_u64() {
        line += &format!("  {:.1} GB", bytes as f64 / 1e9);
    }
    if resource["canGenerate"] == false {
        line += "  cannot be used to generate";
    }
    (resource.clone(), line)
}
