//! Jobs of the v1 API, as the service tells of them.

use std::time::Duration;

use serde_json::{Value, json};

/// The id of a job of a batch.
pub fn id(batch: usize, number: usize) -> String {
    format!("{batch:08x}-0f31-4a52-9d27-{number:012x}")
}

/// A job whose one image can be fetched.
pub fn succeeded(id: &str) -> Value {
    let blob = format!(
        "{}{}",
        id.replace('-', ""),
        "5D41402ABC4B2A76B9719D911017C592"
    );
    let link =
        format!("https://blobs.example/{blob}?sig=Q2Fycm90IGNha2UgaXMgZ29vZC4&exp=1773653500");
    let result = json!([{
        "blobKey": blob, "available": true, "seed": 81_000,
        "blobUrl": link, "blobUrlExpirationDate": "2026-03-16T09:31:40Z",
    }]);
    let mut job = status(id, false, &json!({}));
    job["result"] = result;
    job
}

/// A job that a worker is on.
pub fn running(id: &str) -> Value {
    status(id, true, &json!({}))
}

/// A job that begins in that time.
pub fn waiting(id: &str, starts_in: Duration) -> Value {
    let seconds = starts_in.as_secs();
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let place = json!({
        "precedingJobs": 12, "precedingCost": 42.5, "throughputRate": 4.0,
        "estimatedStartDuration": format!("{hours:02}:{minutes:02}:{seconds:02}"),
    });
    let provider = json!({ "Civitai": { "support": "Available", "queuePosition": place } });
    status(id, true, &provider)
}

fn status(id: &str, scheduled: bool, providers: &Value) -> Value {
    json!({
        "jobId": id, "cost": 3.5, "scheduled": scheduled, "serviceProviders": providers,
        "properties": { "clientKey": "0f31b7c1-4a52-4d27-9a4b-e0d3f1c98a11", "order": 4711 },
    })
}
