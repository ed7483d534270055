//! What logs tell of a run, and what they never do. Alone in its binary: a subscriber of one test is
//! not asked about what another test's thread met first.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

#[path = "jobs/everything.rs"]
mod everything;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "jobs/stage.rs"]
mod stage;

use std::io::Write;
use std::sync::{Arc, Mutex};

use everything::everything;
use tracing_subscriber::fmt::MakeWriter;

use crate::stage::{CANARY, Stage};

/// Keeps what would be printed.
#[derive(Clone, Debug, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl Page {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Page {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn logs_name_each_request_and_no_secret() {
    let page = Page::default();
    let lines = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(page.clone());
    let lines = lines.with_max_level(tracing_subscriber::filter::LevelFilter::TRACE);
    let guard = tracing::subscriber::set_default(lines.finish());
    let stage = Stage::new().await;
    everything(&stage, &stage.client).await;
    drop(guard);
    let text = page.text();
    for word in [
        r#"request{method="GET" path="/v1/consumer/jobs" attempt=1 status=202"#,
        r#"request{method="POST" path="/v1/consumer/jobs/query" attempt=1"#,
        r#"path="/v1/consumer/jobs/{jobId}""#,
        r#"request{method="POST" path="/v2/consumer/workflows" attempt=2 status=20"#,
        r#"path="/v2/consumer/workflows/{workflowId}""#,
        "request_id=\"00-",
        "took_ms=",
    ] {
        assert!(text.contains(word), "{word} is not in {text}");
    }
    for secret in [CANARY, "ighthouse", "blurry", "X-Amz-Signature", "Bearer"] {
        let line = text.lines().find(|line| line.contains(secret));
        assert_eq!(line, None);
    }
}
