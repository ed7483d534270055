//! The example of the page "Bring your own API": a fresh contract, its crate, and a watch.

use std::sync::Arc;

use job_waiter::job_watch::SkipClock;
use serde_json::json;
use waiters::{Http, press};

use crate::server::{Reply, Server, json as says};

const PAGE: &str = include_str!("../../../../../docs/bring-your-own-api.md");

#[tokio::test]
async fn a_fresh_contract_starts_waits_and_saves() {
    let server = Server::start().await;
    server.on(
        "POST /prints",
        [says(202, json!({"id": "p1", "state": "waiting"}))],
    );
    let url = format!("{}/sheets/1.png", server.url);
    let states = [
        json!({"id": "p1", "state": "waiting", "ahead": 3}),
        json!({"id": "p1", "state": "printing", "percent": 50}),
        json!({"id": "p1", "state": "printed", "sheets": [{"url": url}]}),
    ];
    server.on("GET /prints/p1", states.map(|state| says(200, state)));
    let png = b"\x89PNG\r\n\x1a\nIEND\xaeB`\x82".to_vec();
    server.on("GET /sheets/1.png", [Reply::Says(200, Vec::new(), png)]);

    let http = Http::builder(&server.url)
        .token("a key".to_owned())
        .build()
        .unwrap();
    let client = press::Client::new(http);
    let wish = press::types::Wish {
        text: "a lighthouse in fog".to_owned(),
        ..Default::default()
    };
    let job = client.create_print(&wish).await.unwrap().print();
    let mut watch = job.watch().clock(Arc::new(SkipClock::new()));
    let mut seen = Vec::new();
    while let Some(update) = watch.next().await.unwrap() {
        seen.push((update.progress.queue_position, update.progress.percent));
    }
    assert_eq!(
        seen,
        [(Some(3), None), (None, Some(50.0)), (None, Some(100.0))]
    );
    let done = watch.await.unwrap();

    let folder = std::env::temp_dir().join(format!("press-{}", std::process::id()));
    let naming = "{job}-{index}".parse().unwrap();
    let saver = file_save::Saver::new().unwrap();
    let saved = saver.save(done.files(), &folder, &naming).await.unwrap();
    assert_eq!(saved[0].path.file_name().unwrap(), "p1-1.png");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_page_shows_the_waiter_that_is_tested_and_a_program_of_forty_lines_at_most() {
    assert!(PAGE.contains(include_str!("../../contracts/press.waiters.yaml")));
    let program = PAGE.split("```rust,no_run\n").nth(1).unwrap();
    let program = program.split("```").next().unwrap();
    let own = program
        .lines()
        .filter(|line| !line.starts_with("# ") && !line.is_empty());
    assert!(own.count() <= 40);
}
