//! The board of a run, as a browser asks it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use civitai_sim::SimTime;
use serde_json::Value;

use super::{lines, results, states};
use crate::stage::Stage;

/// What does not come within this never will.
const PATIENCE: Duration = Duration::from_secs(60);

/// A board that is there until this value is dropped.
struct Board {
    child: Child,
    address: String,
    http: reqwest::Client,
}

impl Board {
    fn open(stage: &Stage, args: &[&str]) -> Self {
        let mut command = stage.program(&[&["batch", "board"], args].concat());
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut address)
            .unwrap();
        Self {
            child,
            address: address.trim().to_owned(),
            http: reqwest::Client::new(),
        }
    }

    async fn lines(&self) -> Value {
        let reply = self
            .http
            .get(format!("{}run.json", self.address))
            .send()
            .await
            .unwrap();
        serde_json::from_str(&reply.text().await.unwrap()).unwrap()
    }

    /// Asks for a change as the page does.
    async fn post(&self, what: &str, token: &str) -> u16 {
        let request = self
            .http
            .post(format!("{}{what}", self.address))
            .header("x-board", token);
        request.send().await.unwrap().status().as_u16()
    }

    async fn until(&self, state: &str, count: usize) -> Value {
        let patience = Instant::now() + PATIENCE;
        while Instant::now() < patience {
            let run = self.lines().await;
            let of_state = run["lines"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|line| line["state"] == state);
            if of_state.count() == count {
                return run;
            }
            tokio::task::yield_now().await;
        }
        panic!("{count} lines are not {state}: {}", self.lines().await);
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        let _was_over = self.child.kill();
        let _ended = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_shows_lines_and_files_and_tries_again() {
    let stage = Stage::with(|sim| {
        sim.time(SimTime::real(1_000.0))
            .fail_when(|job| job.prompt().contains('3').then(|| "Too dark.".to_owned()))
    })
    .await;
    stage.write("cats.jsonl", lines(4).as_bytes());
    assert_eq!(stage.run(&["batch", "cats.jsonl"]).code, 1);
    let board = Board::open(&stage, &[]);
    let run = board.lines().await;
    assert_eq!(run["lines"][2]["state"], "failed");
    assert!(
        run["lines"][2]["reason"]
            .as_str()
            .unwrap()
            .contains("Too dark.")
    );
    let path = run["lines"][0]["files"][0]["path"].as_str().unwrap();
    let file = board
        .http
        .get(format!("{}files/{path}", board.address))
        .send()
        .await
        .unwrap();
    assert_eq!(file.headers()["content-type"], "image/png");
    let there = std::fs::read(stage.dir.path().join("out/cats-1").join(path)).unwrap();
    assert_eq!(file.bytes().await.unwrap(), there);

    let token = run["board"].as_str().unwrap();
    let before = stage.submissions();
    assert_eq!(board.post("retry", token).await, 200);
    board.until("failed", 1).await;
    let patience = Instant::now() + PATIENCE;
    while stage.submissions() <= before && Instant::now() < patience {
        tokio::task::yield_now().await;
    }
    assert_eq!(stage.submissions(), before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_calls_a_run_off_and_obeys_its_page_alone() {
    let stage = Stage::with(|sim| sim.time(SimTime::manual())).await;
    stage.write("cats.jsonl", lines(10).as_bytes());
    let mut run = stage.program(&["batch", "cats.jsonl", "--at-once", "2"]);
    let mut run = run
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while stage.sim.workflows().len() < 2 {
        tokio::task::yield_now().await;
    }
    let board = Board::open(&stage, &["cats-1"]);
    let shown = board.until("begun", 2).await;
    assert_eq!(board.post("cancel", "guessed").await, 403);
    let elsewhere = board
        .http
        .get(&board.address)
        .header("host", "evil.example");
    assert_eq!(elsewhere.send().await.unwrap().status(), 403);
    let ledger = format!(
        "{}files/..%2F..%2Fdata%2Fcivitai-jobs%2Fledger.sqlite",
        board.address
    );
    assert_eq!(board.http.get(ledger).send().await.unwrap().status(), 404);

    assert_eq!(
        board.post("cancel", shown["board"].as_str().unwrap()).await,
        200
    );
    assert_eq!(run.wait().unwrap().code(), Some(1));
    board.until("canceled", 10).await;
    assert_eq!(states(&results(&stage, "out/cats-1")), ["canceled"; 10]);
    assert_eq!(stage.paid(), 0);
}
