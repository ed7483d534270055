//! Odd places to work in: a folder that takes nothing, a file system without links, names that are no text, a clock
//! that was set back.

use std::ffi::OsStr;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::process::Command;

use civitai_sim::{Fault, Origin};

use crate::stage::{CANARY, Stage, run};

const GENERATE: &[&str] = &["generate", "fog", "--size", "64x64"];

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_takes_nothing_is_told_before_anything_is_paid() {
    let stage = Stage::fast().await;
    // Where nobody can make anything, whoever runs the test.
    for out in ["/proc/pictures", "/proc"] {
        let ran = stage.run(&[GENERATE, &["--out", out]].concat());
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.error().contains("name another folder"), "{ran:?}");
    }
    let ran = stage.run(&[GENERATE, &["--ledger", "/proc/ledger.sqlite"]].concat());
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.error().contains("ledger"), "{ran:?}");
    let ran = stage.run(&["batch", "--vary", "prompt=fog", "--out", "/proc/run"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert_eq!(stage.submissions(), 0);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_machine_without_certificates_speaks_with_itself_and_says_why_with_no_other() {
    let stage = Stage::fast().await;
    let bare = |args: &[&str], address: &str| {
        let mut command = stage.program(args);
        command
            .env("SSL_CERT_FILE", "/dev/null")
            .env("SSL_CERT_DIR", "/proc/self/fdinfo")
            .env("CIVITAI_BASE_URL", address);
        run(command)
    };
    let ran = bare(GENERATE, stage.sim.base_url());
    assert_eq!((ran.code, ran.paths().len()), (0, 1), "{ran:?}");
    let ran = bare(GENERATE, "https://localhost.invalid");
    assert_eq!((ran.code, stage.submissions()), (2, 1), "{ran:?}");
    assert!(ran.error().contains("SSL_CERT_FILE"), "{ran:?}");
}

/// The program under `strace`, by which the system refuses all that gives a file a second name, and renames that spare
/// what is there; nothing where it is not installed, which is said beside the tests.
#[cfg(target_os = "linux")]
fn without_links(stage: &Stage, args: &[&str]) -> Option<Command> {
    if Command::new("strace").arg("-V").output().is_err() {
        // Not by a macro, whose output is shown for failures alone.
        let what = b"places: NOT RUN, strace is not installed (apt-get install strace)\n";
        std::io::stderr().write_all(what).unwrap();
        return None;
    }
    let program = stage.program(args);
    let mut command = Command::new("strace");
    let calls = "link,linkat,renameat2";
    command
        .args(["-f", "-qq", "-o", "/dev/null", "-e"])
        .args([&format!("trace={calls}"), "-e"])
        .arg(format!("inject={calls}:error=EOPNOTSUPP"))
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(stage.dir.path());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Some(command)
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_system_without_links_is_as_good() {
    let stage = Stage::fast().await;
    let Some(first) = without_links(&stage, GENERATE) else {
        return;
    };
    let first = run(first);
    assert_eq!(first.code, 0, "{first:?}");
    let before = stage.contents();
    // What is there stays there, by another name.
    let again = run(without_links(&stage, GENERATE).unwrap());
    assert_eq!(again.code, 0, "{again:?}");
    assert_ne!(first.paths(), again.paths());
    let after = stage.contents();
    assert_eq!((before.len(), after.len()), (1, 2), "{:?}", stage.saved());
    assert!(
        before
            .iter()
            .all(|(name, bytes)| after.get(name) == Some(bytes))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_no_text_are_names() {
    let stage = Stage::fast().await;
    let folder = OsStr::from_bytes(b"pics\xff");
    // What could not be fetched is fetched into that folder later.
    stage.sim.fail_next(Origin::Blob, Fault::Status(501));
    let mut command = stage.program(GENERATE);
    command.arg("--out").arg(folder);
    let ran = run(command);
    assert_eq!(ran.code, 6, "{ran:?}");
    let output = stage.program(&["resume"]).output().unwrap();
    let path = OsStr::from_bytes(output.stdout.trim_ascii_end());
    assert!(output.status.success(), "{output:?}");
    assert!(stage.dir.path().join(path).is_file(), "{output:?}");
    assert!(path.as_bytes().starts_with(folder.as_bytes()));

    // In JSON it is shown as well as it can be.
    let ran = stage.run(&["list", "--local", "--json"]);
    let shown = ran.last()["files"][0]["path"].as_str().unwrap().to_owned();
    assert_eq!(shown, "pics\u{fffd}/fog-1.png");

    // Files that go in are called anything, too.
    let picture = stage.picture("sketch.png");
    let odd = OsStr::from_bytes(b"sketch\xff.png");
    let dir = stage.dir.path();
    std::fs::rename(dir.join(picture), dir.join(odd)).unwrap();
    for (args, code) in [
        (&["upscale"][..], 0),
        (&["blobs", "upload"], 0),
        (&["show"], 2),
        (&["run"], 2),
        (&["batch"], 2),
    ] {
        let mut command = stage.program(args);
        command.arg(odd);
        let ran = run(command);
        assert_eq!(ran.code, code, "{args:?}: {ran:?}");
    }
}

/// Makes all that the ledger tells younger than this clock, as if that had been set back by a month.
async fn set_the_clock_back(stage: &Stage) {
    use sqlx::sqlite::SqliteConnectOptions;
    use sqlx::{ConnectOptions as _, Executor as _};

    let file = stage.dir.path().join("data/civitai-jobs/ledger.sqlite");
    let options = SqliteConnectOptions::new().filename(file);
    let mut ledger = options.connect().await.unwrap();
    let later = "UPDATE submissions SET created_at = created_at + 2592000, changed_at = changed_at + 2592000";
    ledger.execute(later).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_set_back_loses_no_work_and_lifts_no_limit() {
    let stage = Stage::fast().await;
    stage.sim.fail_next(Origin::Blob, Fault::Status(501));
    assert_eq!(stage.run(GENERATE).code, 6);
    set_the_clock_back(&stage).await;

    let ran = stage.run(&["resume"]);
    assert_eq!((ran.code, ran.paths().len()), (0, 1), "{ran:?}");
    let listed = stage.run(&["list", "--local", "--within", "1d"]);
    assert!(listed.stdout.contains("out/fog-1.png"), "{listed:?}");
    let ran = stage.run(&[GENERATE, &["--budget", "1/day"]].concat());
    assert_eq!((ran.code, stage.submissions()), (7, 1), "{ran:?}");
    assert!(ran.stderr.contains("the same was asked for"), "{ran:?}");
    assert!(!ran.stderr.contains(CANARY));
}
