//! The run that the README shows is one that the program makes. `UPDATE_RECORDED=1` records it anew.

use std::fmt::Write as _;

use crate::stage::Stage;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
/// What stands before the recorded run, and behind it.
const BEGIN: &str = "## A recorded run\n";
const END: &str = "\n```\n";

/// Runs a line as a shell does that has the program in its path; returns what it prints.
fn shell(stage: &Stage, line: &str) -> String {
    let program = stage.program(&[]);
    let folder = std::path::Path::new(program.get_program())
        .parent()
        .unwrap();
    let mut command = std::process::Command::new("sh");
    command.args(["-c", line]).current_dir(stage.dir.path());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", folder.display()));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{line}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_recorded_run_is_what_the_program_prints() {
    let readme = std::fs::read_to_string(README).unwrap();
    let begin = readme.find(BEGIN).unwrap() + BEGIN.len();
    let begin = begin + readme[begin..].find("$ ").unwrap();
    let end = begin + readme[begin..].find(END).unwrap();
    let recorded = &readme[begin..end];
    let stage = Stage::fast().await;
    let mut run = String::new();
    for line in recorded.lines().filter_map(|line| line.strip_prefix("$ ")) {
        write!(run, "$ {line}\n{}", shell(&stage, line)).unwrap();
    }
    let run = run.trim_end();
    if std::env::var_os("UPDATE_RECORDED").is_some() {
        let readme = format!("{}{run}{}", &readme[..begin], &readme[end..]);
        std::fs::write(README, readme).unwrap();
        return;
    }
    assert!(
        recorded == run,
        "the README shows another run; UPDATE_RECORDED=1 records it anew:\n{run}"
    );
}
