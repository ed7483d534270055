//! Jobs with labels, submitted through the low-level client.

use civitai_jobs::{JobId, Token};
use serde_json::{Value, json};

use crate::stage::Stage;

/// Submits a batch of one job for each set of labels.
pub(crate) async fn submit(stage: &Stage, labels: &[Value]) -> (Token, Vec<JobId>) {
    let job = |labels: &Value| {
        json!({
            "$type": "textToImage",
            "model": "urn:air:sd1:checkpoint:civitai:4384@128713",
            "params": {"prompt": "A lighthouse in fog", "width": 512, "height": 512},
            "properties": labels,
        })
    };
    let batch = json!({ "jobs": labels.iter().map(job).collect::<Vec<_>>() });
    let batch = serde_json::from_value(batch).unwrap();
    let reply = stage.client.api().submit_jobs(None, None, &batch).await;
    let reply = reply.unwrap().into_inner();
    let ids = reply.jobs.unwrap().into_iter();
    let ids = ids.filter_map(|job| job.job_id?.parse().ok()).collect();
    (reply.token.unwrap().parse().unwrap(), ids)
}
