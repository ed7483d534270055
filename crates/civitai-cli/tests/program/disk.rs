//! A disk that takes no more in the middle of a file.

use std::path::Path;
use std::process::Command;

use civitai_sim::{Content, SimTime};

use crate::stage::{Stage, program, run};

/// The program by a shell that lets no file grow beyond some blocks: what the system then answers to a
/// write is what it answers where the disk is full, but for the number.
pub(crate) fn under_a_limit(dir: &Path, blocks: u32, args: &[&str]) -> Command {
    let program = program(dir, args);
    let mut shell = Command::new("sh");
    shell
        .current_dir(dir)
        .arg("-c")
        .arg(format!(
            "trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""
        ))
        .arg(program.get_program())
        .args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_fails_is_told_and_leaves_nothing() {
    let large = Content::new("image/png", &b"\x89PNG\r\n\x1a\n"[..]).padded_to(1 << 20);
    let stage = Stage::with(|sim| {
        sim.time(SimTime::real(1_000.0))
            .content_when(move |_| Some(large.clone()))
    })
    .await;
    let mut command = under_a_limit(
        stage.dir.path(),
        600,
        &["generate", "fog", "--size", "64x64"],
    );
    command
        .env("CIVITAI_API_TOKEN", crate::stage::CANARY)
        .env("CIVITAI_BASE_URL", stage.sim.base_url());
    let ran = run(command);
    assert_eq!(ran.code, 6, "{ran:?}");
    assert!(ran.error().contains("cannot write to"), "{ran:?}");
    assert!(stage.saved().is_empty(), "{:?}", stage.saved());

    // The job is paid for, and its files can be had where there is space.
    let again = stage.run(&crate::stage::advised(ran.error()));
    assert_eq!((again.code, again.paths().len()), (0, 1), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_written_down_is_not_paid() {
    let stage = Stage::fast().await;
    let mut command = under_a_limit(stage.dir.path(), 8, &["generate", "fog", "--size", "64x64"]);
    command
        .env("CIVITAI_API_TOKEN", crate::stage::CANARY)
        .env("CIVITAI_BASE_URL", stage.sim.base_url());
    let ran = run(command);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.error().contains("ledger"), "{ran:?}");
    assert_eq!(stage.submissions(), 0);
}
