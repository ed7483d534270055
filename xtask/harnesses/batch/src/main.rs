//! Runs a batch of small jobs by the program, and then by a plain loop, each in a process of its own against a simulator
//! in this one. Prints what it cost each as one JSON object. The arguments are the program, how many lines, and how many
//! at once.

#![allow(
    clippy::print_stdout,
    reason = "what was measured goes to who started it"
)]

mod plain;

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use civitai_sim::{SimTime, Simulator};
use serde_json::json;

/// How often the system is asked what the program holds.
const LOOK: Duration = Duration::from_millis(20);
/// How often requests are counted: the simulator remembers the latest 10,000.
const COUNT: Duration = Duration::from_millis(500);
/// Ticks of the system's account of time in a second.
const TICKS: u64 = 100;

/// What the program has cost.
#[derive(Debug, Default)]
struct Cost {
    /// Time on a processor.
    cpu: Duration,
    /// Bytes in memory, at the most.
    memory: u64,
}

/// Requests that were counted.
#[derive(Debug, Default)]
struct Asked {
    requests: usize,
    /// When the last one of them came.
    until: Duration,
}

impl Asked {
    fn count(&mut self, sim: &Simulator) {
        let seen = sim.requests();
        let new = seen.iter().rev().take_while(|sent| sent.at > self.until);
        self.requests += new.count();
        self.until = seen.last().map_or(self.until, |sent| sent.at);
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().context("the program, lines, at once");
    let (program, lines, at_once) = (next()?, next()?, next()?);
    let count: u32 = lines.parse()?;
    if program == plain::NAME {
        return plain::run(count, at_once.parse()?).await;
    }
    let folder = tempfile::tempdir()?;
    let mut text = String::new();
    for number in 0..count {
        writeln!(text, "{{\"message\": \"hello {number}\"}}")?;
    }
    std::fs::write(folder.path().join("lines.jsonl"), text)?;
    let mut ours = Command::new(program);
    ours.current_dir(folder.path())
        .args(["batch", "lines.jsonl", "--step", "echo", "--out", "out"])
        .args(["--ledger", "ledger.sqlite", "--at-once", &at_once]);
    measure("ours", ours, count).await?;
    let mut plain = Command::new(std::env::current_exe()?);
    plain.args([plain::NAME, &lines, &at_once]);
    measure(plain::NAME, plain, count).await
}

/// Says what a program costs that works on so many lines.
async fn measure(who: &str, mut command: Command, lines: u32) -> anyhow::Result<()> {
    let sim = Simulator::builder()
        .time(SimTime::real(60.0))
        .workers(256)
        .start()
        .await?;
    let began = Instant::now();
    let child = command
        .env(plain::ADDRESS, sim.base_url())
        .env(plain::TOKEN, sim.token())
        .stdout(Stdio::null())
        .spawn()
        .context("the program cannot be started")?;
    let watching = tokio::task::spawn_blocking(move || watched(child));
    let mut asked = Asked::default();
    while !watching.is_finished() {
        tokio::time::sleep(COUNT).await;
        asked.count(&sim);
    }
    let cost = watching.await??;
    let each = |count: f64| count / f64::from(lines);
    println!(
        "{}",
        json!({
            "who": who,
            "cpu": cost.cpu.as_nanos() / u128::from(lines),
            "memory": cost.memory,
            "requests": each(asked.requests as f64),
            "seconds": began.elapsed().as_secs_f64(),
        })
    );
    Ok(())
}

/// Waits until the program has ended. What has ended and was not waited for still has its account.
fn watched(mut child: Child) -> anyhow::Result<Cost> {
    let place = format!("/proc/{}", child.id());
    let mut cost = Cost::default();
    loop {
        let (cpu, has_ended) = account(Path::new(&place))?;
        cost.cpu = cpu;
        if has_ended {
            break;
        }
        cost.memory = cost.memory.max(held(Path::new(&place)));
        std::thread::sleep(LOOK);
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("the program ended with {status}");
    }
    Ok(cost)
}

/// The time on a processor, and whether the process has ended.
fn account(place: &Path) -> anyhow::Result<(Duration, bool)> {
    let text = std::fs::read_to_string(place.join("stat")).context("this needs Linux")?;
    // The name may hold spaces.
    let (_, rest) = text.rsplit_once(") ").context("no account of a process")?;
    let fields: Vec<&str> = rest.split(' ').collect();
    let ticks = |index: usize| {
        fields
            .get(index)
            .and_then(|field| field.parse::<u64>().ok())
    };
    let (user, system) = ticks(11).zip(ticks(12)).context("no account of time")?;
    let time = Duration::from_millis((user + system) * 1_000 / TICKS);
    Ok((time, fields.first() == Some(&"Z")))
}

/// The most that the process has held in memory.
fn held(place: &Path) -> u64 {
    let text = std::fs::read_to_string(place.join("status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or_default() * 1024
}
