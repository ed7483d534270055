//! The program killed in the middle of paid work: what is open is taken up, the files are those of an
//! undisturbed run, and nothing is paid twice.

use std::collections::BTreeMap;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use civitai_sim::{Content, Origin, Recorded, SimTime};

use crate::stage::Stage;

/// A picture, a larger one and a video of it.
const WORK: &[&str] = &[
    "generate",
    "fog",
    "--engine",
    "sdcpp",
    "--ecosystem",
    "sd1",
    "--seed",
    "7",
    "--upscale",
    "--video",
    "--max-cost",
    "1000",
    "--model",
    "urn:air:sd1:checkpoint:civitai:4384@128713",
];

/// When the program is killed, by its folder and by what the service has seen of it.
type Moment = fn(&Stage, &[Recorded]) -> bool;

fn is(sent: &Recorded, method: &str, path: &str) -> bool {
    sent.origin == Origin::Api && sent.method == method && sent.path.starts_with(path)
}

fn count(seen: &[Recorded], method: &str, path: &str) -> usize {
    seen.iter().filter(|sent| is(sent, method, path)).count()
}

fn transfers(seen: &[Recorded]) -> usize {
    seen.iter()
        .filter(|sent| sent.origin == Origin::Blob)
        .count()
}

fn answered(seen: &[Recorded], submissions: usize) -> bool {
    let mut asked = seen.iter().filter(|sent| is(sent, "POST", WORKFLOWS));
    asked
        .nth(submissions - 1)
        .is_some_and(|sent| sent.status.is_some())
}

fn on_disk(stage: &Stage) -> usize {
    let names = stage.saved();
    names.iter().filter(|name| !name.starts_with('.')).count()
}

const WORKFLOWS: &str = "/v2/consumer/workflows";

/// Nothing is written down of the work before the price is known.
const UNWRITTEN: [&str; 3] = [
    "the ledger is made",
    "the price is asked for",
    "the price is told",
];

const MOMENTS: [(&str, Moment); 13] = [
    (UNWRITTEN[0], |stage, _| {
        let ledger = stage.dir.path().join("data/civitai-jobs/ledger.sqlite");
        ledger.exists()
    }),
    (UNWRITTEN[1], |_, seen| count(seen, "POST", WORKFLOWS) >= 1),
    (UNWRITTEN[2], |_, seen| answered(seen, 1)),
    ("it is submitted", |_, seen| {
        count(seen, "POST", WORKFLOWS) >= 2
    }),
    ("the submission is answered", |_, seen| answered(seen, 2)),
    ("it is watched", |_, seen| {
        count(seen, "GET", "/v2/consumer/workflows/") >= 1
    }),
    ("something has changed", |_, seen| {
        count(seen, "GET", "/v2/consumer/workflows/") >= 3
    }),
    ("much has changed", |_, seen| {
        count(seen, "GET", "/v2/consumer/workflows/") >= 8
    }),
    ("the first file comes", |_, seen| transfers(seen) >= 1),
    ("the second file comes", |_, seen| transfers(seen) >= 2),
    ("the last file comes", |_, seen| transfers(seen) >= 3),
    ("a file is on disk", |stage, _| on_disk(stage) >= 1),
    ("all files are on disk", |stage, _| on_disk(stage) >= 3),
];

/// At how many moments the program must have been killed in the middle of its work: after the last one or two it may
/// have ended by itself.
const STAGES: usize = 10;

async fn stage() -> Stage {
    // Files of some size, so that a transfer takes a moment.
    let large = Content::new("image/png", &b"\x89PNG\r\n\x1a\n"[..]).padded_to(1 << 20);
    Stage::with(move |sim| {
        sim.time(SimTime::real(50.0))
            .seed(1)
            .content_when(move |_| Some(large.clone()))
    })
    .await
}

/// Starts the program, and kills it at a moment unless it ends before; returns whether it was killed.
fn killed(stage: &Stage, moment: Moment) -> bool {
    let before = stage.sim.requests().len();
    let mut command = stage.program(WORK);
    let mut child: Child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let patience = Instant::now() + Duration::from_secs(60);
    loop {
        let seen = stage.sim.requests();
        if moment(stage, &seen[before..]) {
            break;
        }
        assert!(
            Instant::now() < patience,
            "the moment did not come: {seen:?}"
        );
        if child.try_wait().unwrap().is_some() {
            break;
        }
        std::thread::yield_now();
    }
    let _ended_before = child.kill();
    // Who is killed has no code of its own.
    child.wait().unwrap().code().is_none()
}

fn names(files: &BTreeMap<String, Vec<u8>>) -> Vec<&str> {
    files.keys().map(String::as_str).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_work_is_taken_up_and_paid_once() {
    let undisturbed = stage().await;
    let ran = undisturbed.run(WORK);
    assert_eq!((ran.code, ran.paths().len()), (0, 3), "{ran:?}");
    let (files, price) = (undisturbed.contents(), undisturbed.paid());
    assert_eq!(files.len(), 3);
    let mut stages = 0;
    for (when, moment) in MOMENTS {
        let stage = stage().await;
        stages += usize::from(killed(&stage, moment));
        let again = stage.run(&["resume"]);
        assert_eq!(again.code, 0, "{when}: {again:?}");
        if stage.sim.workflows().is_empty() {
            // Nothing was written down yet, and nothing paid.
            assert!(UNWRITTEN.contains(&when), "{when}: {again:?}");
            assert_eq!(stage.paid(), 0, "{when}");
            continue;
        }
        // What a transfer that was cut leaves is hidden, and goes when it is a day old.
        let (mut found, paid) = (stage.contents(), stage.paid());
        found.retain(|name, _| !name.starts_with('.'));
        assert_eq!(names(&found), names(&files), "{when}: {again:?}");
        assert!(found == files, "{when}: other contents");
        assert_eq!(
            (paid, stage.sim.workflows().len()),
            (price, 1),
            "{when}: {again:?}"
        );
        let once_more = stage.run(&["resume"]);
        assert_eq!(once_more.stderr, "nothing is open\n", "{when}");
    }
    assert!(stages >= STAGES, "{stages} of {}", MOMENTS.len());
}
