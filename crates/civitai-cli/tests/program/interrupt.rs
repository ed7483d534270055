//! Ctrl-C while the program waits.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use civitai_sim::SimTime;

use crate::stage::{Stage, advised, program};

/// Presses Ctrl-C once the program waits; returns its exit code and its last line.
fn interrupted(mut command: Command) -> (Option<i32>, String) {
    let command = command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child: Child = command.spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut text = String::new();
    stderr.read_line(&mut text).unwrap();
    let pid = child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert!(sent.success());
    stderr.read_to_string(&mut text).unwrap();
    let last = text.lines().last().unwrap_or_default().to_owned();
    (child.wait().unwrap().code(), last)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_job_goes_on_and_can_be_picked_up() {
    let stage = Stage::with(|sim| sim.time(SimTime::manual())).await;
    let args = ["generate", "fog", "--size", "64x64", "--out", "out"];
    let (code, last) = interrupted(stage.program(&args));
    assert_eq!(code, Some(130), "{last}");
    assert!(
        last.starts_with("the work goes on; pick it up with: civitai-jobs resume "),
        "{last}"
    );
    let cancelled = stage
        .sim
        .requests()
        .into_iter()
        .any(|r| r.method == "DELETE");
    assert!(!cancelled);

    stage.sim.advance(Duration::from_secs(600));
    let again = stage.run(&advised(&last));
    assert_eq!((again.code, stage.saved().len()), (0, 1), "{again:?}");
}

#[test]
fn a_local_job_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let args = ["generate", "fog", "--local", "--quantity", "100"];
    let (code, last) = interrupted(program(dir.path(), &args));
    assert_eq!(code, Some(130), "{last}");
    assert!(last.contains("local simulator's work is gone"), "{last}");
}
