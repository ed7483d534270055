//! Cassettes with random faults: each is refused with its place, or answers without an end of the program.

use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::Method;

use civitai_sim::cassette::Replay;

use crate::stage::{Stage, picture};

const KEY: &str = "0190a8f2-7c3e-7b1a-9c2d-3e4f5a6b7c8d";
/// Damaged cassettes that are tried.
const TRIED: usize = 300;

/// Panics of any thread, those of servers included.
static PANICS: AtomicUsize = AtomicUsize::new(0);

/// One to three faults: bytes that change, go, or come twice.
fn damage(text: &[u8], chance: &mut fastrand::Rng) -> Vec<u8> {
    let mut bytes = text.to_vec();
    for _ in 0..chance.usize(1..4) {
        let at = chance.usize(..bytes.len());
        let end = (at + chance.usize(1..40)).min(bytes.len());
        match chance.u8(..4) {
            0 => bytes[at] = chance.u8(..),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            _ => bytes[at] = *chance.choice(b"{}[]\":,0-9\\\n").unwrap(),
        }
    }
    bytes
}

#[tokio::test]
async fn a_damaged_cassette_is_refused_or_answers() {
    let stage = Stage::new().await;
    let recording = stage.record().await;
    recording
        .post("/v2/consumer/workflows?wait=30", &picture("fog", KEY))
        .await;
    recording.get("/v1/consumer/consumption").await;
    let file = stage.file();
    let whole = std::fs::read(&file).unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        told(panic);
    }));
    let mut chance = fastrand::Rng::with_seed(7);
    let (mut refused, mut answered) = (0, 0);
    for _ in 0..TRIED {
        std::fs::write(&file, damage(&whole, &mut chance)).unwrap();
        let replay = match Replay::of(&file).start().await {
            Ok(replay) => replay,
            Err(error) => {
                assert!(error.to_string().contains("run.jsonl"), "{error}");
                refused += 1;
                continue;
            }
        };
        for path in ["/v1/consumer/consumption", "/v2/consumer/workflows", "/%ff"] {
            let url = format!("{}{path}", replay.base_url());
            let sent = http.request(Method::GET, url).send().await;
            // A status or a header that was damaged may be none that a client takes.
            answered += usize::from(sent.is_ok());
        }
    }
    assert_eq!(PANICS.load(Ordering::Relaxed), 0);
    assert!(
        refused > 50 && answered > 50,
        "{refused} refused, {answered} answered"
    );
}
