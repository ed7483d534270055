//! Bytes with faults in them: the functions of `fuzz`, fed without a fuzzer.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    missing_docs,
    unreachable_pub,
    reason = "it is a crate of its own there"
)]

use std::path::Path;

#[path = "../../fuzz/src/lib.rs"]
mod targets;

/// Damaged inputs that are tried of each, unless `MUTATIONS` says how many; of what takes longer a tenth.
const TRIED: usize = 2_000;
/// What a damaged input is made of besides its own bytes.
const PIECES: [&str; 12] = [
    "{", "}", "[", "]", "\"", ":", ",", "null", "-1e400", "\\ud800", "$ref", "\u{202e}",
];

/// One to four faults: bytes that change, go, come twice, or come from elsewhere.
fn damage(input: &[u8], chance: &mut fastrand::Rng) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..chance.usize(1..5) {
        let at = chance.usize(..=bytes.len());
        let end = (at + chance.usize(1..30)).min(bytes.len());
        let piece: Vec<u8> = match chance.u8(..4) {
            0 => vec![chance.u8(..)],
            1 => Vec::new(),
            2 => bytes[at..end].repeat(2),
            _ => PIECES[chance.usize(..PIECES.len())].into(),
        };
        bytes.splice(at..end, piece);
    }
    bytes
}

#[test]
fn whatever_the_bytes_nothing_panics_and_what_is_read_keeps_its_promises() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    let mut chance = fastrand::Rng::with_seed(7);
    let all = std::env::var("MUTATIONS").map_or(TRIED, |tried| tried.parse().unwrap());
    for (name, feed) in targets::TARGETS {
        let tried = match name {
            "flow" | "cassette" | "contract" => all / 10,
            _ => all,
        };
        let mut entries: Vec<_> = std::fs::read_dir(corpus.join(name))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        entries.sort();
        assert!(!entries.is_empty(), "{name}");
        for path in entries {
            let input = std::fs::read(&path).unwrap();
            feed(&input);
            for _ in 0..tried {
                feed(&damage(&input, &mut chance));
            }
        }
    }
}
