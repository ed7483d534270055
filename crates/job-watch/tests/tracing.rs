//! What a watch writes for those who trace it.

#![allow(clippy::unwrap_used, reason = "tests say what they expect by failing")]
#![allow(
    dead_code,
    reason = "the script is shared, and this test plays little of it"
)]

mod scripted;

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use job_watch::{Phase, Watch};
use scripted::{Answer, Scripted};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Writes down each span that opens, each value that it gets later, and each event.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn write(&self, kind: &str, record: impl FnOnce(&mut Line)) {
        let mut line = Line(kind.to_owned());
        record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if ["job", "polls", "message"].contains(&field.name()) {
            self.0.push_str(&format!(" {field}={value:?}"));
        }
    }
}

impl Subscriber for Notes {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("job_watch")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.write(span.metadata().name(), |line| span.record(line));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        self.write("record", |line| values.record(line));
    }

    fn event(&self, event: &Event<'_>) {
        self.write("event", |line| event.record(line));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test(start_paused = true)]
async fn a_watch_is_one_span_and_a_poll_one_event() {
    let notes = Notes::default();
    let guard = tracing::subscriber::set_default(notes.clone());
    let script = [Phase::Running, Phase::Succeeded].map(Answer::Now);
    Watch::new(Scripted::new(script)).await.unwrap();
    drop(guard);

    let expected = [
        "watch job=scripted-1",
        "record polls=1",
        "event message=polled",
        "record polls=2",
        "event message=polled",
    ];
    assert_eq!(*notes.0.lock().unwrap(), expected);
}
