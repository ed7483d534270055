//! A large file takes no more memory than a small one.
//!
//! A program of its own, since the count is of the whole program: client, simulator and all.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

use std::io::Read as _;
use std::path::Path;

use civitai_jobs::{Air, Client, File, Naming, SkipClock, TextToImage};
use civitai_sim::{BlobFault, Content, SimTime, Simulator};
use peak_alloc::PeakAlloc;
use tokio::sync::Mutex;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The most that may be in use at once, in MiB, however large the file.
const BOUND: f32 = 32.0;
const MIB: u64 = 1 << 20;

/// Held by the test that counts.
static COUNTING: Mutex<()> = Mutex::const_new(());

/// A file of that size, with its signature in front.
fn content(size: u64) -> Content {
    Content::new("video/mp4", &b"\0\0\0\x18ftypmp42"[..]).padded_to(size)
}

async fn stage(size: u64) -> (Simulator, Client, File) {
    let sim = Simulator::builder().time(SimTime::manual());
    let sim = sim.content_when(move |_| Some(content(size)));
    let sim = sim.start().await.unwrap();
    let client = Client::builder()
        .token(sim.token().to_owned())
        .base_url(sim.base_url())
        .clock(std::sync::Arc::new(SkipClock::new()));
    let client = client.build().unwrap();
    let model = Air::civitai("sd1", "checkpoint", 4384, 128_713).unwrap();
    let job = client
        .jobs()
        .submit(&TextToImage::new(model, "fog"))
        .await
        .unwrap();
    sim.advance(std::time::Duration::from_secs(60));
    let output = job.poll().await.unwrap().files().remove(0);
    (sim, client, output)
}

/// Whether a file holds those bytes, without reading it whole.
fn is_same(path: &Path, content: &Content) -> bool {
    let mut file = std::fs::File::open(path).unwrap();
    let mut at = 0;
    let mut block = vec![0; 1 << 16];
    while at < content.size() {
        let here = usize::try_from(content.size() - at)
            .unwrap()
            .min(block.len());
        file.read_exact(&mut block[..here]).unwrap();
        let end = at + u64::try_from(here).unwrap();
        if block[..here] != content.slice(at..end) {
            return false;
        }
        at = end;
    }
    file.read(&mut block).unwrap() == 0
}

async fn saved_within_the_bound(size: u64) {
    let _counting = COUNTING.lock().await;
    let (sim, client, output) = stage(size).await;
    let dir = tempfile::tempdir().unwrap();
    sim.fail_next_blob(BlobFault::Cut);
    MEMORY.reset_peak_usage();
    let save = client.save(&[output], dir.path(), &Naming::default());
    let file = save.await.unwrap().remove(0);
    let peak = MEMORY.peak_usage_as_mb();
    assert!(peak < BOUND, "{peak} MiB for a file of {} MiB", size / MIB);
    assert_eq!(file.bytes, size);
    assert!(is_same(&file.path, &content(size)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_1_gib_is_read_in_less_than_32_mib() {
    let _counting = COUNTING.lock().await;
    let size = 1024 * MIB;
    let (sim, client, output) = stage(size).await;
    sim.fail_next_blob(BlobFault::Cut);
    let content = content(size);
    MEMORY.reset_peak_usage();
    let mut reader = client.open(&output).await.unwrap();
    let (mut read, mut last) = (0, Vec::new());
    while let Some(chunk) = reader.chunk().await.unwrap() {
        read += u64::try_from(chunk.len()).unwrap();
        last = chunk.to_vec();
    }
    let peak = MEMORY.peak_usage_as_mb();
    assert!(peak < BOUND, "{peak} MiB for a file of {} MiB", size / MIB);
    assert_eq!(read, size);
    let tail = size - u64::try_from(last.len()).unwrap();
    assert_eq!(last, content.slice(tail..size));
}

/// A quarter of the size that the bound is meant for, to spare the disk; what was held of a file
/// would show at this size as well.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_256_mib_is_saved_in_less_than_32_mib() {
    saved_within_the_bound(256 * MIB).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes 1 GiB to disk; run with --ignored"]
async fn a_file_of_1_gib_is_saved_in_less_than_32_mib() {
    saved_within_the_bound(1024 * MIB).await;
}
