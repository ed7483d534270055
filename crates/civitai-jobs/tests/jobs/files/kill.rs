//! Dropping a transfer at every point: nothing is ever there in part.

use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use civitai_jobs::{File, Naming, Sidecar};
use civitai_sim::{Content, Fault, Origin, Simulator};

use super::outputs;
use crate::stage::{Stage, builder};

/// More polls than any save here takes.
const MOST: usize = 10_000;

/// Polls a save so many times, then drops it and ends its runtime; true where it was done before.
fn killed_after(polls: usize, sim: &Arc<Simulator>, outputs: &[File], dir: &Path) -> bool {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    runtime.block_on(async {
        let client = builder(sim).build().unwrap();
        let save = client.save(outputs, dir, &Naming::default());
        let mut saving = pin!(save.sidecar(Sidecar::new()).into_future());
        let mut left = polls;
        std::future::poll_fn(|context| {
            if left == 0 {
                return Poll::Ready(false);
            }
            left -= 1;
            saving.as_mut().poll(context).map(|saved| {
                assert_eq!(saved.unwrap().len(), 2);
                true
            })
        })
        .await
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn no_file_is_there_in_part_wherever_a_save_is_dropped() {
    // Some chunks long, so that there are points in the middle of a file.
    let content = Content::new("image/png", &b"\x89PNG\r\n\x1a\n"[..]).padded_to(300_000);
    let held = content.clone();
    let stage = Stage::with(|sim| sim.content_when(move |_| Some(held.clone()))).await;
    let outputs = outputs(&stage, 2).await;
    let whole = content.slice(0..content.size());
    let (mut polls, mut parts_seen) = (0, 0);
    loop {
        polls += 1;
        assert!(polls < MOST, "the save does not end");
        let dir = tempfile::tempdir().unwrap();
        // A second try is among the points.
        stage.sim.fail_next(Origin::Blob, Fault::TruncateBody);
        let (sim, outputs, path) = (
            Arc::clone(&stage.sim),
            outputs.clone(),
            dir.path().to_owned(),
        );
        let done = tokio::task::spawn_blocking(move || killed_after(polls, &sim, &outputs, &path));
        let done = done.await.unwrap();
        let mut files = 0;
        for entry in std::fs::read_dir(dir.path()).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let held = std::fs::read(&path).unwrap();
            if name.ends_with(".png") {
                assert!(held == whole, "{name} is there in part after {polls} polls");
                assert!(
                    path.with_extension("png.json").is_file(),
                    "{name} lacks its sidecar"
                );
                files += 1;
            } else if name.ends_with(".png.json") {
                serde_json::from_slice::<serde_json::Value>(&held).unwrap();
            } else {
                panic!("{name} was left after {polls} polls");
            }
        }
        if done {
            assert_eq!(files, 2);
            break;
        }
        parts_seen += usize::from(files < 2);
    }
    assert!(parts_seen > 5, "only {parts_seen} points before the end");
}
