//! `run` and `preview`: a workflow from a file, as it is, and its price.

use std::path::{Path, PathBuf};

use civitai_jobs::{FieldProblems, WorkflowRequest};
use clap::Args;
use serde_json::Value;

use crate::common::Common;
use crate::event::warn;
use crate::exit;
use crate::failure::{Failure, chain};
use crate::order;
use crate::order::{Order, Terms};
use crate::run::Run as Session;
use crate::source::{Links, Source};
use crate::told::{self, told};

/// The largest file of a workflow, in bytes.
const LARGEST: u64 = 16 << 20;

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
        let workflow = self.file.read().map_err(|failure| failure.told(json))?;
        self.file
            .warn(&workflow, json)
            .map_err(|failure| failure.told(json))?;
        let order = Order {
            sources: self.file.sources(),
            title: self.file.title(),
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
        let workflow = self.file.read()?;
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
        order::preview(session.client(), &request(&links)?, self.common.json).await
    }
}

impl Document {
    fn read(&self) -> Result<Value, Failure> {
        let text = contents(&self.file)?;
        // YAML is read by its own rules, and JSON by those of JSON, so that a message fits the file.
        let is_json = text.trim_start().starts_with(['{', '[']);
        let read = match is_json {
            true => serde_json::from_str(&text).map_err(|error| error.to_string()),
            false => serde_saphyr::from_str(&text).map_err(|error| error.to_string()),
        };
        read.map_err(|why| {
            let why = why.lines().next().unwrap_or_default().to_owned();
            Failure::input(format!("`{}` cannot be read: {why}", self.file.display()))
        })
    }

    /// The workflow with what was set.
    fn request(&self, workflow: &Value, links: &Links) -> Result<WorkflowRequest, FieldProblems> {
        let mut workflow = workflow.clone();
        for (name, value) in &self.arg {
            put(&mut workflow, &["arguments", name], read(value, links));
        }
        for (path, value) in &self.set {
            let path: Vec<&str> = path.split('.').collect();
            put(&mut workflow, &path, read(value, links));
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

    /// What files are called after.
    fn title(&self) -> String {
        let stem = self
            .file
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned());
        stem.filter(|stem| stem != "-")
            .unwrap_or_else(|| "workflow".to_owned())
    }
}

/// Text is what JSON makes of it, or itself.
fn read(value: &told::Value, links: &Links) -> Value {
    match value {
        told::Value::Text(text) => {
            serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into())
        }
        told::Value::File(source) => links.of(source),
    }
}

/// Sets a value at a path of names and, in lists, numbers; objects are made where they are missing.
fn put(within: &mut Value, path: &[&str], value: Value) {
    let Some((first, rest)) = path.split_first() else {
        *within = value;
        return;
    };
    let place = match within {
        Value::Array(items) => first
            .parse()
            .ok()
            .and_then(|index: usize| items.get_mut(index)),
        Value::Object(object) => Some(object.entry(*first).or_insert(Value::Null)),
        other => {
            *other = Value::Object(serde_json::Map::new());
            return put(other, path, value);
        }
    };
    if let Some(place) = place {
        put(place, rest, value);
    }
}

fn contents(file: &Path) -> Result<String, Failure> {
    use std::io::Read as _;

    let unreadable = |error: &std::io::Error| {
        Failure::input(format!(
            "`{}` cannot be read: {}",
            file.display(),
            chain(error)
        ))
    };
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().take(LARGEST + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
    };
    let read = read.map_err(|error| unreadable(&error))?;
    if read as u64 > LARGEST {
        let what = format!("`{}` is larger than {} MiB", file.display(), LARGEST >> 20);
        return Err(Failure::input(what));
    }
    let text = String::from_utf8(bytes);
    text.map_err(|_| Failure::input(format!("`{}` is no text in UTF-8", file.display())))
}
