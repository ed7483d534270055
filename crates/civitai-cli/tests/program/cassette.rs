//! A run of the program against a service that is recorded, and again without it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::stage::{CANARY, Ran, Stage, program, run};

/// A `sim` that runs until it is told to end.
struct Sim {
    child: Child,
    ready: Value,
}

impl Sim {
    fn start(dir: &Path, args: &[&str]) -> Self {
        let mut command = program(dir, &[&["sim", "--port", "0"], args].concat());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap();
        Self { child, ready }
    }

    /// Makes a picture by each version of the API, and returns what the files hold.
    fn generate(&self, token: &str) -> Vec<Vec<u8>> {
        let dir = tempfile::tempdir().unwrap();
        let mut files = Vec::new();
        for api in ["v1", "v2"] {
            let args = [
                "generate", "fog", "--size", "64x64", "--seed", "7", "--api", api,
            ];
            let mut command = program(dir.path(), &args);
            command
                .env("CIVITAI_BASE_URL", self.ready["api"].as_str().unwrap())
                .env("CIVITAI_API_TOKEN", token);
            let ran: Ran = run(command);
            assert_eq!((ran.code, ran.paths().len()), (0, 1), "{ran:?}");
            files.push(std::fs::read(dir.path().join(&ran.paths()[0])).unwrap());
        }
        files
    }

    /// Ends it as Ctrl-C does.
    fn interrupt(mut self) {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-INT", &id]).status().unwrap();
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        // It has ended already where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_recorded_run_gives_the_same_files_without_the_service() {
    let stage = Stage::fast().await;
    let upstream = stage.sim.base_url().to_owned();
    let args = ["--record", "run.jsonl", "--upstream", &upstream];
    let recording = Sim::start(stage.dir.path(), &args);
    let files = recording.generate(CANARY);
    recording.interrupt();
    stage.sim.shutdown().await;

    let replay = Sim::start(stage.dir.path(), &["--replay", "run.jsonl"]);
    assert_eq!(replay.generate("another-token"), files);
    replay.interrupt();
    let text = std::fs::read_to_string(stage.dir.path().join("run.jsonl")).unwrap();
    assert!(!text.contains(CANARY) && text.ends_with('\n'), "{text}");
}

#[test]
fn options_that_mean_nothing_together_are_said() {
    let dir = tempfile::tempdir().unwrap();
    let ran = run(program(
        dir.path(),
        &["sim", "--replay", "a", "--record", "b"],
    ));
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.error().contains("`--record` and `--replay`"), "{ran:?}");
}
