//! Requests that cannot be right, made of the contract: without a token, for what is not there, with
//! bodies and queries that make no sense.

use crate::judge::{Judge, Operation};
use crate::recorder::Recorder;

/// Sends every wrong request to every operation.
pub(crate) async fn provoke(recorder: &Recorder, judge: &Judge) {
    for operation in judge.operations() {
        let Operation { method, path, .. } = &operation;
        let nothing = filled(path, "none");
        recorder.stranger(method, &nothing).send().await.unwrap();
        recorder.request(method, &nothing).send().await.unwrap();
        let number = filled(path, "17");
        recorder.stranger(method, &number).send().await.unwrap();
        for body in [
            "",
            "nonsense",
            "[]",
            "{\"steps\": 7, \"jobs\": \"none\"}",
            "null",
        ] {
            if operation.takes_json {
                let request = recorder.request(method, &nothing).body(body);
                let request = request.header("content-type", "application/json");
                request.send().await.unwrap();
            }
        }
        if operation.takes_json {
            let text = recorder.request(method, &nothing).body("text");
            text.header("content-type", "text/plain")
                .send()
                .await
                .unwrap();
        }
        for query in &operation.queries {
            let asked = format!("{nothing}?{query}=n%00nsense");
            recorder.request(method, &asked).send().await.unwrap();
        }
    }
}

/// A path with the same value for each parameter.
fn filled(path: &str, value: &str) -> String {
    let parts = path
        .split('/')
        .map(|part| if part.starts_with('{') { value } else { part });
    parts.collect::<Vec<_>>().join("/")
}
