//! `trigger`: sends a sample event to a receiver, as the service would.

use std::time::Duration;

use chrono::{SecondsFormat, Utc};
use civitai_api::v2::types::WorkflowCallbackTypeItem;
use clap::Args;
use reqwest::{Client, Url};
use serde_json::{Value, json};

use crate::exit;
use crate::failure::{Failure, chain};
use crate::screen;

/// The service gives up on a receiver after this.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends a sample event to a receiver, as the service would, and says what it answered.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Trigger {
    /// The address of the receiver, such as the one that `listen` names.
    url: Url,

    /// What is said to have happened: `workflow`, `step` or `job` and a status, or `v1` for a job of the older
    /// API that has ended well.
    #[arg(long, value_name = "EVENT", default_value = "workflow:succeeded", value_parser = kind)]
    event: String,

    /// The id of the work that it is about.
    #[arg(long, value_name = "ID", default_value = "0-sample")]
    id: String,

    /// The name of the step that it is about.
    #[arg(long, value_name = "NAME", default_value = "$0")]
    step: String,

    /// Sends it so many times; the service may send one twice.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..))]
    times: u8,

    /// Prints what would be sent, and sends nothing.
    #[arg(long)]
    print: bool,
}

impl Trigger {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let body = self.body();
        if self.print {
            return screen::print(&format!("{body:#}\n"));
        }
        let client = Client::builder().timeout(PATIENCE).build();
        let client = client.map_err(|error| Failure::system("cannot start", &error))?;
        for _ in 0..self.times {
            let sent = client.post(self.url.clone()).json(&body).send().await;
            let reply = sent.map_err(|error| {
                // The address holds the secret.
                let why = chain(&error.without_url());
                Failure::new(exit::UNREACHABLE, format!("no answer: {why}"))
            })?;
            let status = reply.status();
            if !status.is_success() {
                let what = format!("the receiver answered {status}");
                return Err(Failure::new(exit::REFUSED, what)
                    .advise("the service would send it again, and give up at last"));
            }
            screen::print_line(&format!("the receiver answered {status}"))?;
        }
        Ok(())
    }

    fn body(&self) -> Value {
        let (id, step) = (&self.id, &self.step);
        let (scope, status) = self.event.split_once(':').unwrap_or(("v1", ""));
        match scope {
            "workflow" => json!({
                "$type": scope, "workflowId": id, "status": status,
                "timestamp": Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true),
            }),
            "step" => json!({ "$type": scope, "workflowId": id, "name": step, "status": status }),
            "job" => json!({
                "$type": scope, "workflowId": id, "stepName": step, "jobId": format!("{id}-job"),
                "status": status,
            }),
            _ => json!({
                "jobId": id, "scheduled": false,
                "result": [{ "blobKey": "SAMPLE", "available": true }],
            }),
        }
    }
}

/// An event that the service sends: those that can be subscribed to, of one status each.
fn kind(text: &str) -> Result<String, String> {
    let mut names = WorkflowCallbackTypeItem::LISTED
        .iter()
        .map(WorkflowCallbackTypeItem::as_str)
        .filter(|name| !name.ends_with('*'));
    if text == "v1" || names.clone().any(|name| name == text) {
        return Ok(text.to_owned());
    }
    let near = names
        .clone()
        .max_by(|a, b| strsim::jaro(a, text).total_cmp(&strsim::jaro(b, text)));
    let near = near.or_else(|| names.next()).unwrap_or_default();
    Err(format!("there is no such event; did you mean {near}?"))
}
