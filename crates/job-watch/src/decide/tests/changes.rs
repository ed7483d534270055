//! What answers lead to that were to come at the first change.

use super::*;

/// A look that was to be held for 30 s, in milliseconds and by what it saw.
fn changed(asked: u64, answered: u64, digest: u64) -> Look {
    Look {
        asked: Duration::from_millis(asked),
        answered: Duration::from_millis(answered),
        hold: Some(secs(30)),
        told: Told::Phase {
            phase: Phase::Running,
            progress: Progress::new(),
            retry_after: None,
            digest: Some(digest),
        },
    }
}

#[test]
fn each_change_is_followed_by_a_look_at_once_and_silence_by_a_pause() {
    // The pace is from 2 s to 10 s, doubled each time.
    for (case, looks, pauses) in [
        (
            "each change",
            vec![(0, 4_000, 1), (4_000, 9_000, 2), (9_000, 12_000, 3)],
            vec![0, 0, 0],
        ),
        (
            "a hold that was over without one",
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
            "a source that holds nothing, whatever changes",
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
        for (asked, answered, digest) in looks {
            let look = changed(asked, answered, digest);
            let (next, step) = decide(&policy(), state, &look, 0.0);
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
