//! A run that is killed again and again, and taken up each time.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::{Duration, Instant};

use civitai_sim::{Fault, SimTime};

use super::{lines, pictures, results, states, told_cost};
use crate::stage::Stage;

/// Numbers by chance that are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// Starts the program and kills it once so many more lines are submitted, and so many requests later; returns
/// whether it was killed before its end.
fn killed(stage: &Stage, args: &[&str], lines: usize, requests: usize) -> bool {
    let before = stage.sim.workflows().len();
    let mut command = stage.program(args);
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let patience = Instant::now() + Duration::from_secs(120);
    let mut until = |what: &str, comes: &dyn Fn() -> bool| {
        while !comes() {
            if child.try_wait().unwrap().is_some() {
                return false;
            }
            assert!(Instant::now() < patience, "{what}");
            std::thread::yield_now();
        }
        true
    };
    let is_there = until("no more lines come", &|| {
        stage.sim.workflows().len() >= before + lines
    });
    let seen = stage.sim.requests().len();
    // The service remembers so many of them.
    let is_there = is_there
        && (seen + requests > 10_000
            || until("no more requests come", &|| {
                stage.sim.requests().len() >= seen + requests
            }));
    let _ended_before = child.kill();
    child.wait().unwrap();
    is_there
}

/// A service that loses a share of its replies to submissions.
async fn stage(lost: f64) -> Stage {
    Stage::with(|sim| {
        let sim = sim.time(SimTime::real(60.0)).seed(1).workers(8);
        sim.chance(lost, Fault::DropReply)
    })
    .await
}

/// Kills a run of so many lines so often, and holds what is left against an undisturbed run.
async fn killed_and_resumed(count: usize, kills: usize, at_once: &str, lost: f64) {
    let undisturbed = stage(0.0).await;
    undisturbed.write("cats.jsonl", lines(count).as_bytes());
    let run = ["batch", "cats.jsonl", "--out", "out", "--at-once", at_once];
    let ran = undisturbed.run(&run);
    assert_eq!(ran.code, 0, "{ran:?}");
    let expected = pictures(&undisturbed, "out");
    assert_eq!(expected.len(), count);

    let stage = stage(lost).await;
    stage.write("cats.jsonl", lines(count).as_bytes());
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    let each = u64::try_from(count / kills).unwrap();
    let resume = ["batch", "resume", "--at-once", at_once];
    let mut run = &run[..];
    let mut done = 0;
    for _ in 0..kills {
        let [lines, requests] = [chance.below(each + each / 2), chance.below(20)];
        let [lines, requests] = [lines, requests].map(|number| usize::try_from(number).unwrap());
        done += usize::from(killed(&stage, run, lines, requests));
        if stage.sim.workflows().is_empty() && !stage.dir.path().join("out").exists() {
            continue;
        }
        run = &resume;
    }
    assert!(done * 2 >= kills, "it was killed {done} times of {kills}");
    let ran = stage.run(&["batch", "resume", "cats-1"]);
    assert_eq!(ran.code, 0, "{ran:?}");

    let found = pictures(&stage, "out");
    let names = |files: &std::collections::BTreeMap<String, _>| -> BTreeSet<String> {
        files.keys().cloned().collect()
    };
    assert_eq!(names(&found), names(&expected));
    let other: Vec<_> = found
        .iter()
        .filter(|(name, bytes)| expected[*name] != **bytes)
        .collect();
    assert!(
        other.is_empty(),
        "other contents: {:?}",
        other.iter().map(|(name, _)| name).collect::<Vec<_>>()
    );
    assert_eq!(stage.sim.workflows().len(), count, "a line is there twice");
    assert_eq!(
        (told_cost(&ran), stage.paid()),
        (undisturbed.paid(), undisturbed.paid())
    );
    let results = results(&stage, "out");
    assert_eq!(states(&results), vec!["saved"; count]);
    let numbers: Vec<_> = results
        .iter()
        .map(|line| line["line"].as_u64().unwrap())
        .collect();
    assert!(numbers.is_sorted());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_is_taken_up_and_each_line_paid_once() {
    killed_and_resumed(60, 6, "8", 0.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_bears_lost_replies() {
    killed_and_resumed(30, 3, "8", 0.3).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes; CONTRIBUTING.md has the command"]
async fn a_thousand_lines_killed_at_twenty_moments() {
    killed_and_resumed(1_000, 20, "16", 0.0).await;
    killed_and_resumed(1_000, 20, "16", 0.3).await;
}
