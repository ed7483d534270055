//! What a user does with jobs and with workflows, under one set of names.

use civitai_jobs::events::Awaited;
use civitai_jobs::workflows::types::WorkflowStepTemplate;
use civitai_jobs::{
    Air, Batch, BatchSnapshot, Client, ClientKey, Error, File, Phase, TextToImage, Token, Watch,
    Workflow, WorkflowId, WorkflowRequest, WorkflowSnapshot,
};
use serde_json::json;

use crate::stage::Stage;

/// One half of the client.
pub(crate) trait Half {
    type Work: Awaited<Item = File, Error = Error>;

    /// Submits two pictures, under a key where there is one.
    async fn submit(client: &Client, key: Option<ClientKey>) -> Result<Self::Work, Error>;
    async fn resume(client: &Client, key: ClientKey) -> Result<Self::Work, Error>;
    async fn find(client: &Client, key: ClientKey) -> Result<Option<Self::Work>, Error>;
    fn attach(client: &Client, stored: &str) -> Self::Work;
    fn stored(work: &Self::Work) -> String;
    /// An id by which two handles of the same work are known to be so.
    fn id(work: &Self::Work) -> String;
    fn watch(work: &Self::Work) -> Watch<Self::Work>;
    async fn polled(work: &Self::Work) -> Result<Phase, Error>;
    async fn cancel(work: &Self::Work) -> Result<(), Error>;
    fn phase(seen: &<Self::Work as job_watch::Pollable>::Snapshot) -> Phase;
    fn files(seen: &<Self::Work as job_watch::Pollable>::Snapshot) -> Vec<File>;
    /// What the service would post of it.
    fn delivery(work: &Self::Work) -> Vec<u8>;
    /// How many there are at the service.
    async fn count(stage: &Stage) -> usize;
}

const PROMPT: &str = "a lighthouse in fog";

fn model() -> Air {
    Air::civitai("sd1", "checkpoint", 4384, 128_713).unwrap()
}

/// Jobs (v1).
pub(crate) struct Jobs;

fn pictures() -> TextToImage {
    TextToImage::new(model(), PROMPT).size(64, 64).quantity(2)
}

impl Half for Jobs {
    type Work = Batch;

    async fn submit(client: &Client, key: Option<ClientKey>) -> Result<Batch, Error> {
        let submission = client.jobs().submit(&pictures());
        match key {
            Some(key) => submission.key(key).await,
            None => submission.await,
        }
    }

    async fn resume(client: &Client, key: ClientKey) -> Result<Batch, Error> {
        client.jobs().submit(&pictures()).resume(key).await
    }

    async fn find(client: &Client, key: ClientKey) -> Result<Option<Batch>, Error> {
        client.jobs().find(key).await
    }

    fn attach(client: &Client, stored: &str) -> Batch {
        client.jobs().attach(stored.parse::<Token>().unwrap())
    }

    fn stored(work: &Batch) -> String {
        work.token().to_string()
    }

    fn id(work: &Batch) -> String {
        work.ids()[0].to_string()
    }

    fn watch(work: &Batch) -> Watch<Batch> {
        work.watch()
    }

    async fn polled(work: &Batch) -> Result<Phase, Error> {
        Ok(work.poll().await?.phase())
    }

    async fn cancel(work: &Batch) -> Result<(), Error> {
        work.cancel().await
    }

    fn phase(seen: &BatchSnapshot) -> Phase {
        seen.phase()
    }

    fn files(seen: &BatchSnapshot) -> Vec<File> {
        seen.files()
    }

    fn delivery(work: &Batch) -> Vec<u8> {
        let body =
            json!({"jobId": work.ids()[0], "scheduled": false, "lastEvent": {"type": "Failed"}});
        body.to_string().into_bytes()
    }

    async fn count(stage: &Stage) -> usize {
        let ask = civitai_api::v1::types::QueryJobsRequest::default();
        let page = stage.client.api().query_jobs(None, &ask).await.unwrap();
        page.into_inner().jobs.unwrap_or_default().len()
    }
}

/// Workflows (v2).
pub(crate) struct Workflows;

fn workflow() -> WorkflowRequest {
    let step = json!({"$type": "textToImage", "input": {
        "model": model(), "prompt": PROMPT, "width": 64, "height": 64, "quantity": 2}});
    let step: WorkflowStepTemplate = serde_json::from_value(step).unwrap();
    let mut request = WorkflowRequest::new();
    request.add(step);
    request
}

impl Half for Workflows {
    type Work = Workflow;

    async fn submit(client: &Client, key: Option<ClientKey>) -> Result<Workflow, Error> {
        let submission = client.workflows().submit(&workflow());
        match key {
            Some(key) => submission.key(key).await,
            None => submission.await,
        }
    }

    async fn resume(client: &Client, key: ClientKey) -> Result<Workflow, Error> {
        client.workflows().submit(&workflow()).resume(key).await
    }

    async fn find(client: &Client, key: ClientKey) -> Result<Option<Workflow>, Error> {
        client.workflows().find(key).await
    }

    fn attach(client: &Client, stored: &str) -> Workflow {
        client
            .workflows()
            .attach(stored.parse::<WorkflowId>().unwrap())
    }

    fn stored(work: &Workflow) -> String {
        work.id().to_string()
    }

    fn id(work: &Workflow) -> String {
        work.id().to_string()
    }

    fn watch(work: &Workflow) -> Watch<Workflow> {
        work.watch()
    }

    async fn polled(work: &Workflow) -> Result<Phase, Error> {
        Ok(work.poll().await?.phase())
    }

    async fn cancel(work: &Workflow) -> Result<(), Error> {
        work.cancel().await
    }

    fn phase(seen: &WorkflowSnapshot) -> Phase {
        seen.phase()
    }

    fn files(seen: &WorkflowSnapshot) -> Vec<File> {
        seen.files()
    }

    fn delivery(work: &Workflow) -> Vec<u8> {
        let body = json!({"$type": "workflow", "workflowId": work.id(), "status": "failed",
            "timestamp": "2026-01-01T00:00:00Z"});
        body.to_string().into_bytes()
    }

    async fn count(stage: &Stage) -> usize {
        stage.sim.workflows().len()
    }
}
