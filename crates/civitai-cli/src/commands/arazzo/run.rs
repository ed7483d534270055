//! `arazzo run`.

use arazzo_run::{Event, Limits, Outcome, Reading, RunError, Runner};
use civitai_sim::{SimTime, Simulator};
use file_save::Connections;
use serde_json::{Value, json};

use super::{Run, inputs};
use crate::exit;
use crate::failure::{Failure, chain};
use crate::interrupt::pressed;
use crate::screen;

/// A picture takes some seconds of simulated time.
const LOCAL_SPEED: f64 = 4.0;

pub(super) async fn run(args: Run) -> Result<(), Failure> {
    let flow = args.document.load()?;
    let inputs = inputs::gather(&args, &flow)?;
    let reading = if args.lenient {
        Reading::Meant
    } else {
        Reading::Strict
    };
    let limits = Limits::default();
    let limits = args
        .timeout
        .map_or(limits, |timeout| limits.run(timeout).wait(timeout));
    // On this machine it goes past proxies, and without certificates where the system has none.
    let connections = Connections::new(args.local.is_some());
    let connections =
        connections.map_err(|error| Failure::system("there is no HTTP client", &error))?;
    let mut runner = Runner::new(flow)
        .connections(move || connections.builder())
        .reading(reading)
        .limits(limits)
        .on_event(|event: &Event| screen::note(event));
    for (name, url) in &args.server {
        runner = runner.server(name, url);
    }
    let sim = match &args.local {
        Some(name) => {
            let sim = Simulator::builder()
                .time(SimTime::real(LOCAL_SPEED))
                .start()
                .await;
            let sim =
                sim.map_err(|error| Failure::system("the local simulator cannot start", &error))?;
            runner = runner.server(name, sim.base_url());
            Some(sim)
        }
        None => None,
    };
    let running = runner.run(args.workflow.as_deref(), inputs);
    let ended = tokio::select! {
        biased;
        () = pressed() => Err(Failure::new(exit::INTERRUPTED, "interrupted; what the flow has started goes on")),
        ended = running => ended.map_err(|error| failure(&error)),
    };
    drop(sim);
    finish(&ended?, args.json)
}

fn finish(outcome: &Outcome, json: bool) -> Result<(), Failure> {
    let text = if json {
        document(outcome)
    } else {
        lines(outcome)
    };
    screen::result(text.as_bytes()).map_err(|error| {
        Failure::new(
            exit::NOT_SAVED,
            format!("the outputs cannot be written: {error}"),
        )
    })?;
    for name in outcome.missing() {
        screen::note(&format!("the output `{name}` was not produced"));
    }
    let end = format!("the flow {}", outcome.end());
    if outcome.is_success() {
        screen::note(&end);
        return Ok(());
    }
    Err(Failure::new(exit::REFUSED, end))
}

fn document(outcome: &Outcome) -> String {
    let document = json!({
        "success": outcome.is_success(),
        "end": outcome.end().to_string(),
        "outputs": outcome.outputs(),
        "missing": outcome.missing(),
    });
    format!("{document:#}\n")
}

fn lines(outcome: &Outcome) -> String {
    let line = |(name, value): (&String, &Value)| {
        let text = match value {
            // One line for each, whatever the service says.
            Value::String(text) if !text.chars().any(char::is_control) => text.clone(),
            other => other.to_string(),
        };
        format!("{name}: {text}\n")
    };
    outcome.outputs().iter().map(line).collect()
}

fn failure(error: &RunError) -> Failure {
    for finding in error.findings() {
        screen::note(finding);
    }
    if error.is_refused() {
        let what = format!(
            "the flow has {} errors, and nothing was sent",
            error.findings().len()
        );
        return Failure::input(what).advise("see `arazzo check`, and --lenient");
    }
    let code = if error.is_input() {
        exit::INPUT
    } else if error.is_deadline() || error.is_limit() {
        exit::OPEN
    } else {
        exit::REFUSED
    };
    Failure::new(code, chain(error))
}
