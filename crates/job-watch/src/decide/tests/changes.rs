//! What answers lead to that were to come at the first change.

use super::*;

/// A long poll of up to 30 s, with its times in milliseconds and the digest of its answer.
fn changed(asked: u64, answered: u64, digest: u64) -> Exchange {
    Exchange {
        asked: Duration::from_millis(asked),
        answered: Duration::from_millis(answered),
        long_poll: Some(secs(30)),
        outcome: Outcome::Phase {
            phase: Phase::Running,
            progress: Progress::new(),
            retry_after: None,
            digest: Some(digest),
        },
    }
}

#[test]
fn each_change_is_followed_by_a_poll_at_once_and_none_by_a_pause() {
    // The pace is from 2 s to 10 s, doubled each time.
    for (case, exchanges, pauses) in [
        (
            "each change",
            vec![(0, 4_000, 1), (4_000, 9_000, 2), (9_000, 12_000, 3)],
            vec![0, 0, 0],
        ),
        (
            "a long poll that was over without one",
            vec![(0, 4_000, 1), (4_000, 34_000, 1), (34_000, 40_000, 2)],
            vec![0, 0, 0],
        ),
        (
            "answers that nothing called for",
            vec![(0, 4_000, 1), (4_000, 4_000, 1), (6_000, 6_000, 1)],
            vec![0, 2_000, 4_000],
        ),
        (
            "changes faster than the pace, and then one that took its time",
            vec![
                (0, 500, 1),
                (500, 900, 2),
                (900, 1_000, 3),
                (1_000, 5_000, 4),
                (5_000, 5_100, 5),
            ],
            vec![0, 0, 0, 0, 0],
        ),
        (
            "a service that keeps nothing open, whatever changes",
            vec![
                (0, 0, 1),
                (0, 0, 2),
                (0, 0, 3),
                (0, 0, 4),
                (2_000, 2_000, 5),
            ],
            vec![0, 0, 0, 2_000, 4_000],
        ),
    ] {
        let mut state = PollState::default();
        let mut got = Vec::new();
        for (asked, answered, digest) in exchanges {
            let exchange = changed(asked, answered, digest);
            let (next, step) = decide(&policy(), state, &exchange, 0.0);
            state = next;
            let Step::Again { pause } = step else {
                panic!("{case}: {step:?}");
            };
            got.push(pause);
        }
        let pauses: Vec<_> = pauses.into_iter().map(Duration::from_millis).collect();
        assert_eq!(got, pauses, "{case}");
    }
}
