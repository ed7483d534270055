//! What people write without this project: each job is submitted and then asked for every second, and nothing is kept.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// What it is called.
pub(crate) const NAME: &str = "loop";
/// Where the address of the service and the token stand, as the program wants them.
pub(crate) const ADDRESS: &str = "CIVITAI_BASE_URL";
pub(crate) const TOKEN: &str = "CIVITAI_API_TOKEN";

const PAUSE: Duration = Duration::from_secs(1);

/// Submits so many jobs and waits for them, so many at once.
pub(crate) async fn run(lines: u32, at_once: usize) -> anyhow::Result<()> {
    let (address, token) = (std::env::var(ADDRESS)?, std::env::var(TOKEN)?);
    let workflows = Arc::new(format!("{address}/v2/consumer/workflows"));
    let token: Arc<str> = token.into();
    let (client, places) = (Client::new(), Arc::new(Semaphore::new(at_once)));
    let mut jobs = JoinSet::new();
    for number in 0..lines {
        let place = Arc::clone(&places).acquire_owned().await?;
        let (client, workflows, token) =
            (client.clone(), Arc::clone(&workflows), Arc::clone(&token));
        jobs.spawn(async move {
            let done = job(&client, &workflows, &token, number).await;
            drop(place);
            done
        });
    }
    while let Some(done) = jobs.join_next().await {
        done??;
    }
    Ok(())
}

async fn job(client: &Client, workflows: &str, token: &str, number: u32) -> anyhow::Result<()> {
    let step = json!({"$type": "echo", "input": {"message": format!("hello {number}")}});
    let submitted = client.post(workflows).bearer_auth(token);
    let submitted = submitted.json(&json!({ "steps": [step] })).send().await?;
    let mut workflow: Value = submitted.error_for_status()?.json().await?;
    let id = workflow["id"].as_str().context("no id")?;
    let address = format!("{workflows}/{id}");
    loop {
        let status = workflow["status"].as_str().context("no status")?;
        match status {
            "succeeded" => return Ok(()),
            "failed" | "expired" | "canceled" => bail!("{status}"),
            _ => {}
        }
        tokio::time::sleep(PAUSE).await;
        let reply = client.get(&address).bearer_auth(token).send().await?;
        ensure!(reply.status().is_success(), "{}", reply.status());
        workflow = reply.json().await?;
    }
}
