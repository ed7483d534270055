//! The simulator as a command.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::stage::{program, run};

#[cfg(unix)]
#[test]
fn it_serves_other_programs_and_ends_when_it_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let mut sim = program(
        dir.path(),
        &["sim", "--port", "0", "--speed", "max", "--seed", "7"],
    );
    let mut sim = sim.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(sim.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    assert_eq!((&ready["ready"], &ready["seed"]), (&true.into(), &7.into()));

    let text = |name: &str| ready[name].as_str().unwrap().to_owned();
    let mut other = program(dir.path(), &["generate", "fog", "--size", "64x64"]);
    other
        .env("CIVITAI_BASE_URL", text("api"))
        .env("CIVITAI_API_TOKEN", text("token"));
    let ran = run(other);
    assert_eq!((ran.code, ran.paths().len()), (0, 1), "{ran:?}");
    let id = sim.id().to_string();
    Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert_eq!(sim.wait().unwrap().code(), Some(0));
}

#[test]
fn an_option_that_is_wrong_is_said_in_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let ran = run(program(dir.path(), &["sim", "--speed", "fast"]));
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.error().contains("`--speed` takes"), "{ran:?}");
    let ran = run(program(dir.path(), &["sim", "--help"]));
    assert!(ran.stdout.contains("--storage-port"), "{ran:?}");
}
