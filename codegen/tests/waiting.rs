//! What is wrong with a waiter is said when the crate is made, with its place, and nothing panics.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use codegen::{Error, Generated, Options, Overrides};

const CONTRACT: &str = "
openapi: 3.1.0
info: { title: T, version: '1' }
paths:
  /jobs:
    post:
      operationId: createJob
      requestBody: { content: { application/json: { schema: { type: object, properties: { label: { type: string } } } } } }
      responses: { '200': { description: d, content: { application/json: { schema: { $ref: '#/components/schemas/Job' } } } } }
  /jobs/{id}:
    get:
      operationId: getJob
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: d, content: { application/json: { schema: { $ref: '#/components/schemas/Job' } } } } }
components:
  schemas:
    Job:
      type: object
      properties:
        id: { type: string }
        status: { type: string, enum: [new, busy, good, bad] }
        error: { type: string }
        items: { type: array, items: { $ref: '#/components/schemas/Item' } }
    Item: { type: object, properties: { url: { type: string } } }
";

/// A waiter that is as it should be, one member a line.
const WAITER: &str = "job:
  start: [{ operation: createJob, handle: { id: body/id } }]
  look: { operation: getJob, with: { id: id } }
  state: { path: status, words: { queued: [new], running: [busy], succeeded: [good], failed: [bad] } }
  reason: { message: error }
  result: { path: items }
  files: [items/*/url]
";

fn attempt(waiters: &str) -> Result<Generated, Error> {
    let folder = tempfile::tempdir().unwrap();
    let (contract, beside) = (
        folder.path().join("t.yaml"),
        folder.path().join("waiters.yaml"),
    );
    std::fs::write(&contract, CONTRACT).unwrap();
    std::fs::write(&beside, waiters).unwrap();
    let mut doc = codegen::load(&contract)?;
    codegen::load_waiters(&mut doc, &beside)?;
    let options = Options {
        contract: "t",
        support: "crate::support",
        features: &[],
    };
    codegen::generate(doc, &Overrides::default(), options)
}

/// The waiter with one line in place of the one that begins like it.
fn with(line: &str) -> String {
    let key = line.split(':').next().unwrap();
    let other = |one: &&str| one.trim().split(':').next() != Some(key);
    let kept: Vec<&str> = WAITER.lines().filter(other).collect();
    format!("{}\n  {line}\n", kept.join("\n"))
}

#[test]
fn a_waiter_becomes_a_module_behind_a_feature() {
    let made = attempt(WAITER).unwrap();
    assert!(made.watches);
    assert!(made.files.contains_key("watch/job.rs"));
}

#[test]
fn each_fault_is_told_with_its_place() {
    for (line, place, what) in [
        (
            "start: [{ operation: makeJob, handle: { id: body/id } }]",
            "#/job/start/0/operation",
            "there is no operation `makeJob`",
        ),
        (
            "start: [{ operation: createJob, handle: { id: body/name } }]",
            "#/job/start/0/handle/id",
            "there is no `name`",
        ),
        (
            "start: [{ operation: createJob, handle: { id: request/name } }]",
            "#/job/start/0/handle/id",
            "there is no `name`",
        ),
        (
            "start: [{ operation: createJob, handle: { id: path/name } }]",
            "#/job/start/0/handle/id",
            "has no such parameter",
        ),
        (
            "start: [{ operation: createJob, handle: { id: somewhere } }]",
            "#/job/start/0/handle/id",
            "a part comes from",
        ),
        ("start: []", "#/job/start", "nothing starts the work"),
        (
            "look: { operation: getJobs, with: { id: id } }",
            "#/job/look/operation",
            "there is no operation `getJobs`",
        ),
        (
            "look: { operation: getJob }",
            "#/job/look/with",
            "needs the parameter `id`",
        ),
        (
            "look: { operation: getJob, with: { id: id, name: id } }",
            "#/job/look/with/name",
            "has no parameter `name`",
        ),
        (
            "look: { operation: getJob, with: { id: name } }",
            "#/job/look/with/id",
            "the handle has no part `name`",
        ),
        (
            "look: { url: at }",
            "#/job/look/url",
            "the handle has no part `at`",
        ),
        ("look: {}", "#/job/look", "name an `operation` or a `url`"),
        (
            "state: { path: state, words: { succeeded: [good], failed: [bad] } }",
            "#/job/state/path",
            "there is no `state`",
        ),
        (
            "state: { path: status, words: { queued: [new], running: [busy], succeeded: [good, fine], failed: [bad] } }",
            "#/job/state/words/succeeded",
            "the contract has no `fine`",
        ),
        (
            "state: { path: status, words: { running: [busy], succeeded: [good], failed: [bad] } }",
            "#/job/state/words",
            "`new` is not listed",
        ),
        (
            "state: { path: status, words: { queued: [new], running: [busy, good], succeeded: [good], failed: [bad] } }",
            "#/job/state/words/succeeded",
            "`good` is listed twice",
        ),
        (
            "state: { path: status, words: { queued: [new], running: [busy, bad], succeeded: [good] } }",
            "#/job",
            "nothing says that the work failed",
        ),
        (
            "state: { path: status, words: { queued: [new], running: [busy, good], failed: [bad] } }",
            "#/job",
            "nothing says that the work succeeded",
        ),
        (
            "state: { path: status, words: { new: [new], running: [busy], succeeded: [good], failed: [bad] } }",
            "#/job/state/words/new",
            "`new` is no phase",
        ),
        (
            "state: { words: {} }",
            "#/job/state",
            "the state is at a `path`",
        ),
        (
            "reason: { message: errors }",
            "#/job/reason/message",
            "there is no `errors`",
        ),
        (
            "result: { path: items/first }",
            "#/job/result/path",
            "there is no `first`",
        ),
        (
            "result: { decides: true }",
            "#/job/result/decides",
            "only a result behind a call of its own",
        ),
        (
            "result: { kind: picture }",
            "#/job/result/kind",
            "a result is a `value`",
        ),
        (
            "files: [items/*/link]",
            "#/job/files/0",
            "there is no `link`",
        ),
        (
            "progress: { percent: status/share }",
            "#/job/progress/percent",
            "there is no `share`",
        ),
        (
            "http: { 700: failed }",
            "#/job/http/700",
            "this is no HTTP status",
        ),
        (
            "http: { 409: later }",
            "#/job/http/409",
            "`later` is no phase",
        ),
        (
            "hints: [{}]",
            "#/job/hints/0",
            "a hint is a `header` or a `path`",
        ),
        ("pace: { first: soon }", "#/job/pace", "is no time"),
        (
            "cancel: { operation: stopJob }",
            "#/job/cancel/operation",
            "there is no operation `stopJob`",
        ),
        (
            "hold: { parameter: wait, longest: 30s }",
            "#/job/hold/parameter",
            "has no `wait` in its query",
        ),
        (
            "list: { operation: getJob, items: jobs, handle: { id: id } }",
            "#/job/list/items",
            "there is no `jobs`",
        ),
        ("colour: red", "#/job/colour", "there is no such member"),
    ] {
        let error = attempt(&with(line)).map(|_| ()).unwrap_err();
        let found = error.faults().iter().any(|fault| {
            let fault = fault.to_string();
            fault.contains(&format!("waiters.yaml{place}: ")) && fault.contains(what)
        });
        assert!(found, "{line}\n{error}");
    }
}

#[test]
fn a_document_that_is_known_to_lag_is_lived_with_and_noted() {
    let words = "state: { path: status, words: { running: [busy], succeeded: [good, fine], failed: [bad] } }";
    let made = attempt(&format!("{}  lags: true\n", with(words))).unwrap();
    let notes = made.notes.render("t");
    assert!(notes.contains("the contract has no `fine`"), "{notes}");
    assert!(notes.contains("`new` is not listed"), "{notes}");
}

#[test]
fn waiters_of_any_shape_are_no_panic() {
    for text in [
        "[]",
        "3",
        "job: 3",
        "job: {}",
        "job: { look: 3 }",
        "job: { start: 3, look: {} }",
        "''",
    ] {
        assert!(attempt(text).is_err(), "{text}");
    }
}
