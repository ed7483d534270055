//! `listen` and `trigger`: events from the service, and samples of them.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Stdio};

use serde_json::Value;

use crate::stage::{Ran, Stage, program, run};

/// A receiver that runs.
struct Receiver {
    child: Child,
    out: BufReader<ChildStdout>,
    first: String,
    address: String,
}

impl Receiver {
    /// Starts `listen` on a free port; it prints JSON.
    fn start(stage: &Stage, args: &[&str]) -> Self {
        let mut command = program(stage.dir.path(), &["listen", "--port", "0", "--json"]);
        command
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        out.read_line(&mut first).unwrap();
        let ready: Value = serde_json::from_str(&first).unwrap();
        let address = ready["address"].as_str().unwrap().to_owned();
        Self {
            child,
            out,
            first,
            address,
        }
    }

    /// Waits until it has ended by itself.
    fn end(mut self) -> Ran {
        let mut stdout = self.first;
        self.out.read_to_string(&mut stdout).unwrap();
        let mut stderr = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut stderr)
            .unwrap();
        let code = self.child.wait().unwrap().code().unwrap();
        Ran {
            code,
            stdout,
            stderr,
        }
    }
}

/// A receiver that got one event.
pub(crate) fn received(stage: &Stage) -> Ran {
    let receiver = Receiver::start(stage, &["--count", "1"]);
    let sent = run(program(stage.dir.path(), &["trigger", &receiver.address]));
    assert_eq!(
        (sent.code, sent.stdout.as_str()),
        (0, "the receiver answered 204 No Content\n")
    );
    receiver.end()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_events_of_work_arrive_and_run_a_program() {
    let stage = Stage::fast().await;
    let exec = "cat >> bodies; echo \"$CIVITAI_SCOPE $CIVITAI_WORK_ID $CIVITAI_STATUS\" >> facts";
    let receiver = Receiver::start(&stage, &["--count", "2", "--exec", exec]);
    let workflow = serde_json::json!({
        "steps": [{ "$type": "echo", "name": "a", "input": { "message": "fog" } }],
        "callbacks": [{ "url": receiver.address, "type": ["workflow:processing", "workflow:succeeded"] }],
    });
    let file = stage.write("work.json", workflow.to_string().as_bytes());
    let ran = stage.run(&["run", &file]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = receiver.end();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    let events = ran.events();
    let id = &stage.sim.workflows()[0];
    let mut statuses: Vec<_> = events[1..]
        .iter()
        .map(|event| event["status"].as_str().unwrap())
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, ["processing", "succeeded"]);
    assert!(
        events[1..]
            .iter()
            .all(|event| event["id"] == **id && event["body"]["workflowId"] == **id)
    );
    let facts = std::fs::read_to_string(stage.dir.path().join("facts")).unwrap();
    let mut facts: Vec<_> = facts.lines().collect();
    facts.sort_unstable();
    assert_eq!(
        facts,
        [
            format!("workflow {id} processing"),
            format!("workflow {id} succeeded")
        ]
    );
    let bodies = std::fs::read(stage.dir.path().join("bodies")).unwrap();
    let bodies = serde_json::Deserializer::from_slice(&bodies).into_iter::<Value>();
    assert_eq!(bodies.map(Result::unwrap).count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_sample_is_taken_and_a_stranger_is_not() {
    let stage = Stage::fast().await;
    let receiver = Receiver::start(&stage, &["--count", "5", "--exec", "exit 3"]);
    let trigger = |args: &[&str]| run(program(stage.dir.path(), &[&["trigger"], args].concat()));
    let stranger = receiver.address.rsplit_once('/').unwrap().0.to_owned() + "/guess";
    let refused = trigger(&[&stranger]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.error().contains("404"), "{refused:?}");
    for event in ["workflow:failed", "step:succeeded", "job:processing", "v1"] {
        let sent = trigger(&[&receiver.address, "--event", event, "--id", "7"]);
        assert_eq!(sent.code, 0, "{sent:?}");
    }
    assert_eq!(trigger(&[&receiver.address]).code, 0);
    let ran = receiver.end();
    let scopes: Vec<_> = ran
        .events()
        .iter()
        .filter_map(|event| event["scope"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(scopes, ["workflow", "step", "stepJob", "job", "workflow"]);
    // A program that fails is said, and ends nothing.
    assert_eq!(
        ran.stdout.matches("failed: exit status: 3").count(),
        5,
        "{ran:?}"
    );
}

#[test]
fn wrong_arguments_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let wrong = |args: &[&str]| run(program(dir.path(), args));
    let event = wrong(&[
        "trigger",
        "http://127.0.0.1:1/x",
        "--event",
        "workflow:succeded",
    ]);
    assert_eq!(event.code, 2);
    assert!(
        event.error().contains("did you mean workflow:succeeded?"),
        "{event:?}"
    );
    let nobody = wrong(&["trigger", "http://127.0.0.1:1/canary-secret"]);
    assert_eq!(nobody.code, 4, "{nobody:?}");
    assert!(
        !format!("{nobody:?}").contains("canary-secret"),
        "{nobody:?}"
    );
    let mut command = program(dir.path(), &["listen", "--port", "0"]);
    let weak = run({
        command.env("CIVITAI_WEBHOOK_SECRET", "short");
        command
    });
    assert_eq!(weak.code, 2);
    assert!(weak.error().contains("at least 16 letters"), "{weak:?}");
}
