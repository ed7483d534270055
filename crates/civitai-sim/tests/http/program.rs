//! The simulator as a program: its ready line, its end, its state from one run to the next.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long anything may take before a test gives it up.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program that runs, and what it said when it was ready.
struct Program {
    child: Child,
    ready: Value,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut child = command(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap();
        Self { child, ready }
    }

    fn text(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap()
    }

    async fn request(&self, path: &str, body: Option<Value>) -> (u16, Value) {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}{path}", self.text("api"));
        let request = match body {
            Some(body) => http.post(url).json(&body),
            None => http.get(url),
        };
        let reply = request
            .bearer_auth(self.text("token"))
            .send()
            .await
            .unwrap();
        (reply.status().as_u16(), reply.json().await.unwrap())
    }

    /// Ends it as a service manager does, and returns its exit code.
    fn terminate(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It has ended already where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_civitai-sim"));
    command.args(["--port", "0"]).args(arguments);
    command
}

fn complaint(arguments: &[&str]) -> (Option<i32>, String) {
    let mut child = command(arguments).stderr(Stdio::piped()).spawn().unwrap();
    let mut text = String::new();
    let mut stderr = child.stderr.take().unwrap();
    stderr.read_to_string(&mut text).unwrap();
    (child.wait().unwrap().code(), text)
}

fn picture() -> Value {
    json!({"steps": [{"$type": "imageGen", "input": {
        "engine": "flux2", "model": "klein", "operation": "createImage", "modelVersion": "4b",
        "prompt": "a lighthouse in fog",
    }}], "currencies": []})
}

#[cfg(unix)]
#[tokio::test]
async fn a_run_goes_on_from_the_state_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let state = file.to_str().unwrap();
    let first = Program::start(&[
        "--state", state, "--seed", "7", "--speed", "max", "--buzz", "500",
    ]);
    assert_eq!(first.ready["takenUp"], false);
    let (_, workflow) = first
        .request("/v2/consumer/workflows?wait=30", Some(picture()))
        .await;
    assert_eq!(workflow["status"], "succeeded");
    let job =
        json!({"$type": "textToImage", "params": {"prompt": "fog", "width": 512, "height": 512}});
    let (_, batch) = first
        .request("/v1/consumer/jobs?wait=true", Some(job))
        .await;
    assert_eq!(first.terminate(), Some(0));

    let second = Program::start(&["--state", state, "--speed", "max"]);
    assert_eq!(
        (&second.ready["takenUp"], &second.ready["seed"]),
        (&json!(true), &json!(7))
    );
    let path = format!(
        "/v2/consumer/workflows/{}",
        workflow["id"].as_str().unwrap()
    );
    let (status, found) = second.request(&path, None).await;
    assert_eq!(
        (status, &found["completedAt"]),
        (200, &workflow["completedAt"])
    );
    let link = found["steps"][0]["output"]["images"][0]["url"]
        .as_str()
        .unwrap();
    let picture = reqwest::get(link).await.unwrap().bytes().await.unwrap();
    assert_eq!(&picture[1..4], b"PNG");
    let path = format!(
        "/v1/consumer/jobs/{}",
        batch["jobs"][0]["jobId"].as_str().unwrap()
    );
    let (_, found) = second.request(&path, None).await;
    assert_eq!(found["result"]["available"], true);
    assert_eq!(second.terminate(), Some(0));
}

#[tokio::test]
async fn a_run_that_is_killed_loses_moments_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let mut first = Program::start(&["--state", name(&file), "--speed", "max"]);
    let (_, workflow) = first
        .request("/v2/consumer/workflows?wait=30", Some(picture()))
        .await;
    let id = workflow["id"].as_str().unwrap();
    let begun = Instant::now();
    while !std::fs::read_to_string(&file).is_ok_and(|text| text.contains(id)) {
        assert!(begun.elapsed() < PATIENCE, "nothing was saved");
        tokio::task::yield_now().await;
    }
    first.child.kill().unwrap();
    first.child.wait().unwrap();
    let second = Program::start(&["--state", name(&file)]);
    let (status, found) = second
        .request(&format!("/v2/consumer/workflows/{id}"), None)
        .await;
    assert_eq!((status, &found["status"]), (200, &json!("succeeded")));
}

#[test]
fn what_is_wrong_is_said_in_a_line() {
    let (code, text) = complaint(&["--speed", "fast"]);
    assert_eq!(code, Some(2));
    assert!(
        text.contains("--speed") && text.contains("`fast`"),
        "{text}"
    );
    let (code, text) = complaint(&["--prot", "1"]);
    assert_eq!(code, Some(2));
    assert!(
        text.contains("--prot") && text.lines().count() == 1,
        "{text}"
    );
}

#[test]
fn a_state_that_is_none_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    std::fs::write(&file, "no JSON").unwrap();
    let (code, text) = complaint(&["--state", name(&file)]);
    assert_eq!(code, Some(1));
    assert!(text.contains(name(&file)), "{text}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "no JSON");
}

fn name(file: &Path) -> &str {
    file.to_str().unwrap()
}
