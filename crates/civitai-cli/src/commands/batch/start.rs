//! `batch FILE`: a run from its lines to its results.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use civitai_jobs::{Buzz, WorkflowRequest};
use clap::Args;

use super::resume::Working;
use crate::batch::{Asked, Format, Lock, NAME, Plan, Read, Vary, Words, read, serve, template};
use crate::common::{self, Common, Waiting};
use crate::document;
use crate::event::Event;
use crate::exit;
use crate::failure::Failure;
use crate::ledger::{Limits, NewRun, Recording};
use crate::picture::Picture;
use crate::run::Run;
use crate::screen;
use crate::spending::buzz;

/// Bad lines that are told one by one.
const TOLD: usize = 1_000;

#[derive(Debug, Args)]
pub(super) struct Start {
    /// The lines: JSONL, CSV, YAML, JSON or plain prompts; `-` reads the standard input. Without a file, the grid of
    /// --vary.
    #[arg(required_unless_present = "vary")]
    file: Option<PathBuf>,

    /// How the file is written, where its name does not tell.
    #[arg(long)]
    format: Option<Format>,

    /// Runs each line with each of these values: seed=1..10, steps=20,30 or prompt=["a, b","c"]; several make a grid.
    #[arg(long, value_name = "NAME=VALUES", value_parser = Vary::read)]
    vary: Vec<Vary>,

    /// Runs lines that ask for the same each for itself, in place of once for all.
    #[arg(long)]
    repeat: bool,

    /// The lines are members of one step of this type, as `step` takes them.
    #[arg(long, value_name = "TYPE", conflicts_with_all = ["workflow", "prompt"])]
    step: Option<String>,

    /// The lines are arguments of a workflow in a file, or paths in it such as steps.0.input.seed, as `run` takes them.
    #[arg(long, value_name = "FILE", conflicts_with = "prompt")]
    workflow: Option<PathBuf>,

    /// Reads and checks the lines, and sends nothing.
    #[arg(long)]
    check: bool,

    /// The prompt of lines that say none.
    #[arg(
        long,
        value_name = "TEXT",
        help_heading = "For lines that do not say it"
    )]
    prompt: Option<String>,

    #[command(flatten, next_help_heading = "For lines that do not say it")]
    picture: Picture,

    #[command(flatten, next_help_heading = "Limits")]
    bounds: Bounds,

    /// The folder for files, results and page [default: out/ and the name of the run].
    #[arg(long, value_name = "DIR", help_heading = "Files")]
    out: Option<PathBuf>,

    /// How the files are called, by {line}, {prompt}, {seed}, {index} and {job}; it must have {line}.
    #[arg(long, value_name = "TEMPLATE", default_value = NAME, value_parser = template, help_heading = "Files")]
    name: String,

    /// Leaves pictures as they come; without it, each holds what it was made by, for `show` and `generate --like`.
    #[arg(long, help_heading = "Files")]
    no_recipe: bool,

    #[command(flatten, next_help_heading = "Options")]
    working: Working,

    #[command(flatten)]
    waiting: Waiting,

    /// Asks nothing.
    #[arg(long, short)]
    yes: bool,

    #[command(flatten)]
    recording: Recording,

    #[command(flatten)]
    common: Common,
}

/// What holds for a whole run, on however many machines.
#[derive(Clone, Debug, Args)]
pub(super) struct Bounds {
    /// Submits nothing that brings the run over so many Buzz.
    #[arg(long, value_name = "BUZZ", value_parser = buzz)]
    pub(super) budget: Option<Buzz>,

    /// Begins no more lines once so many have failed.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) max_failures: Option<u32>,

    /// A line that costs more Buzz fails, and is not submitted.
    #[arg(long, value_name = "BUZZ", value_parser = buzz)]
    max_cost: Option<Buzz>,

    /// A line for which the service puts another model, engine or number in place of what it asks for fails; it is
    /// asked before, and nothing is submitted then.
    #[arg(long)]
    fail_on_substitution: bool,

    /// Submits so many lines in a minute, at most.
    #[arg(long, value_name = "N", value_parser = per_minute)]
    per_minute: Option<f64>,
}

impl Start {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let json = self.common.json;
        self.carry_out().await.map_err(|failure| failure.told(json))
    }

    async fn carry_out(self) -> Result<(), Failure> {
        let json = self.common.json;
        let stem = stem(self.file.as_ref(), &self.asked_name());
        let plan = self.plan()?;
        if !plan.bad.is_empty() {
            return Err(refused(&plan, json)?);
        }
        let twins = match plan.twins() {
            0 => String::new(),
            twins => format!(", {twins} of which ask for the same as an earlier one"),
        };
        let count = plan.lines.len();
        if self.check {
            let what = format!("{count} lines can be run{twins}");
            return if json {
                Ok(())
            } else {
                screen::print_line(&what)
            };
        }
        let deadline = self.waiting.timeout;
        let run = Run::open(&self.common, &self.recording, deadline).await?;
        self.agree(&run, &plan).await?;
        let queue = run.ledger.queue().await?;
        let mut new = NewRun {
            name: String::new(),
            service: run.service().to_owned(),
            folder: PathBuf::new(),
            naming: self.name.clone(),
            recipe: !self.no_recipe,
            limits: self.bounds.limits(deadline),
            lines: plan.lines,
        };
        let lock = loop {
            new.name = run.ledger.free_name(&stem).await?;
            let out = self.out.clone();
            let out = out.unwrap_or_else(|| PathBuf::from(common::OUT).join(&new.name));
            new.folder = common::ready(&out)?;
            unused(&new.folder)?;
            // It is taken first, so that nobody else begins what was just written down.
            let lock = Lock::take(&run.ledger, &new.name)?;
            if run.ledger.add_run(&new).await? {
                break lock;
            }
        };
        let lines = u32::try_from(count).unwrap_or(u32::MAX);
        if json {
            Event::RunStarted {
                run: &new.name,
                lines,
                folder: new.folder.to_string_lossy(),
            }
            .print()?;
        } else {
            screen::note(&format!("{}: {count} lines{twins}", new.name));
        }
        let row = crate::batch::known(&run.ledger, &new.name).await?;
        drop(new);
        let served = serve(Arc::new(run), row, queue, self.working.pace()).await;
        drop(lock);
        served
    }

    fn asked_name(&self) -> String {
        match (&self.step, &self.workflow) {
            (Some(kind), _) => kind.clone(),
            (None, Some(file)) => document::title(file, "workflow"),
            (None, None) => "batch".to_owned(),
        }
    }

    /// Reads and checks all lines.
    fn plan(&self) -> Result<Plan, Failure> {
        let read = match &self.file {
            Some(file) => read(file, self.format)?,
            None => vec![Read {
                place: 1,
                words: Ok(Words::new()),
            }],
        };
        let mut asked = match (&self.step, &self.workflow) {
            (Some(kind), _) => Asked::Step {
                kind: kind.clone(),
                told: self.picture.told.clone(),
            },
            (None, Some(file)) => Asked::workflow(file.clone(), self.picture.told.clone())?,
            (None, None) => Asked::images(self.prompt.clone(), self.picture.clone()),
        };
        Plan::new(read, &self.vary, &mut asked, self.repeat)
    }

    /// Asks on a terminal whether the lines may be paid.
    async fn agree(&self, run: &Run, plan: &Plan) -> Result<(), Failure> {
        if self.yes || !screen::is_attended() || run.again.is_local() {
            return Ok(());
        }
        let count = plan.lines.len() - plan.twins();
        let first: Option<WorkflowRequest> = plan
            .lines
            .first()
            .and_then(|line| serde_json::from_value(line.request.clone()).ok());
        let price = match first {
            Some(request) => run.client().workflows().preview(&request).await.ok(),
            None => None,
        };
        let question = match price.map(|preview| preview.price()) {
            Some(price) => {
                let all = Buzz::from_f64(price.as_f64() * count as f64);
                format!("{count} lines, the first for {price} Buzz: {all} for all like it. Go on?")
            }
            None => format!("{count} lines, whose price is not known. Go on?"),
        };
        match screen::ask(&question) {
            true => Ok(()),
            false => Err(Failure::new(exit::TOO_DEAR, "nothing was submitted")),
        }
    }
}

impl Bounds {
    fn limits(&self, timeout: Duration) -> Limits {
        Limits {
            budget: self.budget,
            max_cost: self.max_cost,
            max_failures: self.max_failures,
            per_minute: self.per_minute,
            priced: self.budget.is_some() || self.max_cost.is_some() || self.fail_on_substitution,
            exact: self.fail_on_substitution,
            timeout,
        }
    }
}

/// Names every bad line, before anything is sent.
fn refused(plan: &Plan, json: bool) -> Result<Failure, Failure> {
    for bad in plan.bad.iter().take(TOLD) {
        if json {
            Event::BadLine {
                line: bad.place,
                reason: &bad.why,
            }
            .print()?;
        } else {
            screen::note(&format!("line {}: {}", bad.place, bad.why));
        }
    }
    let (bad, all) = (plan.bad.len(), plan.bad.len() + plan.lines.len());
    let what = format!("{bad} of {all} lines cannot be run");
    Ok(Failure::input(what).advise("nothing was sent"))
}

/// What a run is called after: the file, or else what is asked for; in letters that a shell takes as they are.
fn stem(file: Option<&PathBuf>, otherwise: &str) -> String {
    let title = file.map(|file| document::title(file, otherwise));
    let title = title.unwrap_or_else(|| otherwise.to_owned());
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let stem: String = title.chars().map(plain).take(40).collect();
    let stem = stem.trim_matches('-');
    if stem.is_empty() {
        "batch".to_owned()
    } else {
        stem.to_owned()
    }
}

/// A folder that holds the results of another run is that run's: its files would be taken for those of this one.
fn unused(folder: &std::path::Path) -> Result<(), Failure> {
    if folder.join(crate::batch::results::FILE).exists() {
        let what = format!(
            "--out `{}` holds the results of another run",
            folder.display()
        );
        return Err(Failure::input(what).advise("name another folder"));
    }
    Ok(())
}

fn per_minute(text: &str) -> Result<f64, String> {
    let number = text.parse().ok();
    let number = number.filter(|number: &f64| *number >= 0.01 && *number <= 100_000.0);
    number.ok_or_else(|| "expected how many lines in a minute, such as 30".to_owned())
}
