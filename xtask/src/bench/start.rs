//! How soon the program is there, how soon a picture is, and how large it is.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use super::bed::Bed;
use super::say;
use super::table::{Bound, Quantity, Row};

/// The most from a cold start to a picture on disk, with the simulator inside the program and work that takes no time.
const PICTURE: Duration = Duration::from_secs(1);
/// The most for the help.
const HELP: Duration = Duration::from_millis(20);
/// The most bytes of the stripped program.
const BYTES: u64 = 18 << 20;

/// How often each is run; the middle one counts.
const RUNS: usize = 11;

/// Builds the program as it is handed out, and runs it.
pub(super) fn rows(bed: &Bed, notes: &mut Vec<String>) -> Vec<Row> {
    say("the start of the program (building it first, as it is handed out)");
    if let Err(error) = bed.cargo("build", &bed.member("civitai-cli"), &["--profile", "dist"]) {
        return vec![Row::missing("the start of the program", &error)];
    }
    notes.push(format!(
        "Start: the middle of {RUNS} runs, each a process of its own, with a new folder for the picture of 512 x 512."
    ));
    let program = bed.folder().join("build/dist/civitai-jobs");
    let row = |measure: &str, ours: anyhow::Result<Quantity>, most| Row {
        measure: measure.to_owned(),
        ours: ours.map_err(|error| format!("{error:#}")),
        peer: None,
        bound: Some(Bound::Most(most)),
    };
    let time = |runs: anyhow::Result<Duration>| runs.map(Quantity::Time);
    vec![
        row(
            "`generate --local`, cold start to the saved picture",
            time(middle(|| picture(&program, &bed.folder().join("start")))),
            Quantity::Time(PICTURE),
        ),
        row(
            "`civitai-jobs --help`",
            time(middle(|| run(&program, &["--help"], Path::new(".")))),
            Quantity::Time(HELP),
        ),
        row(
            "bytes of the program, stripped",
            bytes(&program).map(Quantity::Count),
            Quantity::Count(BYTES),
        ),
    ]
}

fn middle(measure: impl Fn() -> anyhow::Result<Duration>) -> anyhow::Result<Duration> {
    let mut times = (0..RUNS)
        .map(|_| measure())
        .collect::<anyhow::Result<Vec<_>>>()?;
    times.sort_unstable();
    Ok(times[RUNS / 2])
}

/// A picture in a folder that is made anew.
fn picture(program: &Path, folder: &Path) -> anyhow::Result<Duration> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).context("an old picture cannot be removed")?;
    }
    std::fs::create_dir_all(folder).context("there is no folder for a picture")?;
    let arguments = ["generate", "a lighthouse in fog", "--local=max"];
    let took = run(program, &arguments, folder)?;
    let saved = folder.join("out").read_dir();
    let saved = saved.context("no picture was saved")?.count();
    ensure!(saved == 1, "{saved} pictures were saved");
    Ok(took)
}

fn run(program: &Path, arguments: &[&str], folder: &Path) -> anyhow::Result<Duration> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("CIVITAI_LEDGER")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let begun = Instant::now();
    let status = command.status().context("the program cannot be started")?;
    let took = begun.elapsed();
    ensure!(status.success(), "the program ended with {status}");
    Ok(took)
}

fn bytes(program: &Path) -> anyhow::Result<u64> {
    let about = std::fs::metadata(program).context("the program is not there")?;
    Ok(about.len())
}
