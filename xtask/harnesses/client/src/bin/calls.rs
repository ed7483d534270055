//! Times a call through the client against a bare call: reqwest, and serde into the same types.
//!
//! `calls FILE`, where FILE holds a workflow as the v2 API tells of it. Prints one JSON object for
//! each line.

#![allow(
    clippy::print_stdout,
    reason = "what was measured goes to who started it"
)]

use std::error::Error;
use std::hint::black_box;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bench_client::{jobs, server};
use civitai_api::{Http, v1, v2};
use civitai_jobs::{Client, Token, WorkflowId};
use serde_json::json;

/// How many calls count, and how many come before to fill the caches.
const CALLS: usize = 6_000;
const BEFORE: usize = 500;

/// Jobs in the batch that is asked for.
const BATCH: usize = 4;

const SECRET: &str = "a-token-of-some-forty-characters-in-length";
const TOKEN: &str = "W3siSm9iSWQiOiJiN2MxMDAwMC0wZjMxIn1d";
const ID: &str = "0-20260214093012000";

type Outcome = Result<(), Box<dyn Error>>;
type Call<'a> = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Outcome> + 'a>> + 'a>;

fn main() -> Outcome {
    let file = std::env::args()
        .nth(1)
        .ok_or("name a file with a workflow")?;
    let workflow = std::fs::read_to_string(file)?;
    let all: Vec<_> = (0..BATCH)
        .map(|number| jobs::succeeded(&jobs::id(0, number)))
        .collect();
    let batch = json!({ "token": TOKEN, "jobs": all }).to_string();
    let (v1, v2) = (server::reply(&batch), server::reply(&workflow));
    let url = server::start(Arc::new(move |target| {
        let reply = if target.starts_with("/v1/") { &v1 } else { &v2 };
        Arc::clone(reply)
    }))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        look_at_jobs(&url, batch.len()).await?;
        look_at_a_workflow(&url, workflow.len()).await
    })
}

/// Looks at a batch of jobs.
async fn look_at_jobs(url: &str, bytes: usize) -> Outcome {
    let (bare, http, client) = clients(url)?;
    let api = v1::Client::new(http);
    let job = client.jobs().attach(TOKEN.parse::<Token>()?);
    let address = format!("{url}/v1/consumer/jobs");
    let bare: Call<'_> = Box::new(|| {
        Box::pin(async {
            let query = [("detailed", "false"), ("token", TOKEN)];
            let request = bare.get(&address).bearer_auth(SECRET).query(&query);
            let reply = request.send().await?.error_for_status()?;
            let seen: v1::types::JobStatusCollection = reply.json().await?;
            drop(black_box(seen));
            Ok(())
        })
    });
    let low: Call<'_> = Box::new(|| {
        Box::pin(async {
            drop(black_box(api.get_jobs(Some(false), TOKEN, None).await?));
            Ok(())
        })
    });
    let high: Call<'_> = Box::new(|| {
        Box::pin(async {
            drop(black_box(job.poll().await?));
            Ok(())
        })
    });
    time(
        "jobs",
        bytes,
        &[("bare", bare), ("low", low), ("high", high)],
    )
    .await
}

/// Looks at a workflow.
async fn look_at_a_workflow(url: &str, bytes: usize) -> Outcome {
    let (bare, http, client) = clients(url)?;
    let api = v2::Client::new(http);
    let workflow = client.workflows().attach(WorkflowId::new(ID)?);
    let address = format!("{url}/v2/consumer/workflows/{ID}");
    let bare: Call<'_> = Box::new(|| {
        Box::pin(async {
            let reply = bare.get(&address).bearer_auth(SECRET).send().await?;
            let seen: v2::types::Workflow = reply.error_for_status()?.json().await?;
            drop(black_box(seen));
            Ok(())
        })
    });
    let low: Call<'_> = Box::new(|| {
        Box::pin(async {
            drop(black_box(
                api.get_workflow(ID, &v2::operations::GetWorkflowOptions::default())
                    .await?,
            ));
            Ok(())
        })
    });
    let high: Call<'_> = Box::new(|| {
        Box::pin(async {
            drop(black_box(workflow.poll().await?));
            Ok(())
        })
    });
    time(
        "workflow",
        bytes,
        &[("bare", bare), ("low", low), ("high", high)],
    )
    .await
}

/// One client of each kind, each with a connection of its own.
fn clients(url: &str) -> Result<(reqwest::Client, Http, Client), Box<dyn Error>> {
    let direct = || reqwest::Client::builder().no_proxy();
    let http = Http::builder(url).client(direct()).token(SECRET.to_owned());
    let client = Client::builder().token(SECRET.to_owned()).base_url(url);
    Ok((direct().build()?, http.build()?, client.build()?))
}

/// Says the median time of each call. All take turns, call by call, so that all meet the same
/// weather, and each comes first as often as any other.
async fn time(what: &str, bytes: usize, calls: &[(&str, Call<'_>)]) -> Outcome {
    let mut times = vec![Vec::with_capacity(CALLS); calls.len()];
    for round in 0..BEFORE + CALLS {
        for place in 0..calls.len() {
            let turn = (round + place) % calls.len();
            let begun = Instant::now();
            calls[turn].1().await?;
            let took = begun.elapsed();
            if round >= BEFORE {
                times[turn].push(took);
            }
        }
    }
    for ((who, _), times) in calls.iter().zip(&mut times) {
        let nanoseconds = u64::try_from(median(times).as_nanos())?;
        println!(
            "{}",
            json!({ "what": what, "who": who, "bytes": bytes, "time": nanoseconds })
        );
    }
    Ok(())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}
