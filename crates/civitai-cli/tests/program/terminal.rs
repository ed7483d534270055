//! The program on a terminal: questions before much is paid, and news in one place.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::stage::{CANARY, Stage, program};

/// Runs the program on a terminal of its own, with what is typed there; returns its exit code and all that
/// the terminal showed.
fn typed(stage: &Stage, keys: &str, args: &[&str]) -> (i32, String) {
    typed_with(stage, keys, args, &[])
}

/// The same on a terminal that sets these variables.
pub(crate) fn typed_with(
    stage: &Stage,
    keys: &str,
    args: &[&str],
    settings: &[(&str, &str)],
) -> (i32, String) {
    let program = program(stage.dir.path(), args);
    let words = std::iter::once(program.get_program()).chain(program.get_args());
    let words: Vec<_> = words
        .map(|word| format!("'{}'", word.to_str().unwrap()))
        .collect();
    // `script` is part of every Debian; it gives the command a terminal.
    let mut script = Command::new("script");
    script
        .args(["--quiet", "--return", "--flush", "--command"])
        .arg(words.join(" "))
        .arg("/dev/null")
        .current_dir(stage.dir.path())
        .env("CIVITAI_API_TOKEN", CANARY)
        .env("CIVITAI_BASE_URL", stage.sim.base_url())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    for name in [
        "KITTY_WINDOW_ID",
        "KONSOLE_VERSION",
        "LC_TERMINAL",
        "TERM_PROGRAM",
        "TMUX",
    ] {
        script.env_remove(name);
    }
    script.envs(settings.iter().copied());
    for (name, value) in program.get_envs() {
        if let Some(value) = value.filter(|_| name != "CIVITAI_BASE_URL") {
            script.env(name, value);
        }
    }
    let mut child = script.spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(keys.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!shown.contains(CANARY), "{shown}");
    (output.status.code().unwrap(), shown)
}

#[tokio::test(flavor = "multi_thread")]
async fn much_is_paid_after_a_yes_alone() {
    let stage = Stage::fast().await;
    let dear = ["generate", "fog", "--size", "64x64", "--ask-above", "0"];
    let (code, shown) = typed(&stage, "n\n", &dear);
    assert_eq!(code, 7, "{shown}");
    assert!(shown.contains("Buzz. Go on? [y/N]"), "{shown}");
    assert_eq!((stage.submissions(), stage.paid()), (0, 0));

    let (code, shown) = typed(&stage, "y\n", &dear);
    assert_eq!((code, stage.submissions()), (0, 1), "{shown}");
    assert!(shown.contains("out/fog-1.png"), "{shown}");

    // The same again is a question of its own; `--yes` is an answer to all.
    let (code, shown) = typed(&stage, "n\n", &["generate", "fog", "--size", "64x64"]);
    assert_eq!((code, stage.submissions()), (7, 1), "{shown}");
    assert!(shown.contains("once more? [y/N]"), "{shown}");
    let (code, shown) = typed(&stage, "", &[&dear[..], &["--yes"]].concat());
    assert_eq!((code, stage.submissions()), (0, 2), "{shown}");
    assert!(!shown.contains("[y/N]"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_deleted_for_good_without_a_yes() {
    let stage = Stage::fast().await;
    let ran = stage.run(&["generate", "fog", "--size", "64x64", "--json"]);
    let id = ran.last()["id"].as_str().unwrap().to_owned();
    let (code, shown) = typed(&stage, "\n", &["delete", &id]);
    assert_eq!((code, stage.sim.workflows().len()), (7, 1), "{shown}");
    let (code, shown) = typed(&stage, "y\n", &["delete", &id]);
    assert_eq!((code, stage.sim.workflows().len()), (0, 0), "{shown}");
}
