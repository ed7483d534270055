//! Every example runs to its end against the simulator, and says what it came for.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

use std::path::{Path, PathBuf};
use std::process::Command;

use civitai_sim::{SimTime, Simulator};

/// What an example writes to stdout. Cargo builds examples along with tests.
fn run(name: &str, arguments: &[&Path], variables: &[(&str, &str)]) -> String {
    let test = std::env::current_exe().unwrap();
    let built: PathBuf = test.ancestors().nth(2).unwrap().join("examples").join(name);
    let built = built.with_extension(std::env::consts::EXE_EXTENSION);
    assert!(
        built.exists(),
        "{} is not built; `cargo test -p civitai-jobs` builds it",
        built.display()
    );
    let temporary = tempfile::tempdir().unwrap();
    let mut command = Command::new(built);
    command
        .args(arguments)
        .env("TMPDIR", temporary.path())
        .env("TMP", temporary.path())
        .env_remove("CIVITAI_API_TOKEN")
        .envs(variables.iter().copied());
    let output = command.output().unwrap();
    let (said, trouble) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{name}: {said}{trouble}");
    said
}

#[test]
fn one_image() {
    let dir = tempfile::tempdir().unwrap();
    let said = run("one_image", &[Path::new("a cliff"), dir.path()], &[]);
    assert!(said.contains("a-cliff-"), "{said}");
    let files: Vec<_> = std::fs::read_dir(dir.path()).unwrap().collect();
    assert_eq!(files.len(), 1);
}

#[test]
fn template_in_threads() {
    let said = run("template_in_threads", &[], &[]);
    assert_eq!(said.matches(": 1 files").count(), 3, "{said}");
}

#[test]
fn batch() {
    let said = run("batch", &[], &[]);
    assert!(said.contains("jobs[0].params.steps"), "{said}");
    assert!(said.contains("jobs[1].params.width"), "{said}");
    assert_eq!(said.matches("is there, of seed").count(), 6, "{said}");
}

#[test]
fn resume_starts_a_second_process() {
    let dir = tempfile::tempdir().unwrap();
    let said = run("resume", &[&dir.path().join("job.token")], &[]);
    assert!(said.contains("taken up, and saved"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn resume_in_two_runs() {
    let sim = Simulator::builder().time(SimTime::real(1000.0));
    let sim = sim.start().await.unwrap();
    let variables = [
        ("CIVITAI_API_TOKEN", sim.token()),
        ("CIVITAI_BASE_URL", sim.base_url()),
    ];
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("job.token");

    let first = run("resume", &[&file], &variables);
    assert!(first.contains("submitted") && !first.contains("taken up"));
    let second = run("resume", &[&file], &variables);
    assert!(second.contains("taken up, and saved") && !second.contains("submitted"));
    assert!(!file.exists());

    let requests = sim.requests();
    let posts = requests.iter().filter(|request| {
        (request.method.as_str(), request.path.as_str()) == ("POST", "/v1/consumer/jobs")
    });
    assert_eq!(posts.count(), 1);
}

#[test]
fn query() {
    let said = run("query", &[], &[]);
    assert_eq!(said.matches("succeeded for").count(), 2, "{said}");
    assert_eq!(said.matches("was asked for as").count(), 1, "{said}");
    assert!(said.contains("Some(2) results"), "{said}");
}

#[test]
fn coverage() {
    let said = run("coverage", &[], &[]);
    assert_eq!(said.matches("urn:air:").count(), 2, "{said}");
    assert!(said.contains("Some(1) images"), "{said}");
}

#[test]
fn workflow() {
    let said = run("workflow", &[], &[]);
    assert_eq!(said.matches("made one Image").count(), 3, "{said}");
    assert_eq!(said.matches("saved ").count(), 1, "{said}");
}

#[cfg(feature = "axum")]
#[test]
fn webhook() {
    let said = run("webhook", &[], &[]);
    assert!(said.contains("succeeded with 1 files"), "{said}");
}

#[test]
fn budget() {
    let said = run("budget", &[], &[]);
    assert_eq!(said.matches("was not submitted").count(), 7, "{said}");
    assert!(said.contains("3 run: 24 of 24 Buzz spent"), "{said}");
}

#[test]
fn upload_and_edit() {
    let said = run("upload_and_edit", &[], &[]);
    assert!(said.contains("uploaded; the service has it as "), "{said}");
    assert_eq!(said.matches("saved ").count(), 1, "{said}");
}

#[test]
fn list_workflows() {
    let said = run("list_workflows", &[], &[]);
    assert_eq!(said.matches("succeeded with 1 files").count(), 3, "{said}");
    assert!(said.contains("24 Buzz"), "{said}");
}

#[cfg(feature = "training")]
#[test]
fn training() {
    let said = run("training", &[], &[]);
    assert_eq!(said.matches("a model at epochs[").count(), 3, "{said}");
    assert!(said.contains("of 1500 Buzz spent"), "{said}");
}
