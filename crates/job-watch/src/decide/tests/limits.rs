use std::time::Duration;

use super::{again, cut, ends, held, policy, refused, saw, saw_hint, secs, starts};
use crate::decide::{Look, PollState, Step, decide, hold, limit};
use crate::{Pace, Phase, WatchPolicy};

#[test]
fn chance_shortens_a_pause_and_lengthens_a_hint() {
    let policy = policy().with_pace(Pace::growing(secs(4), secs(10)).with_jitter(0.5));
    for (look, draw, expected) in [
        (saw(0, Phase::Running), 0.0, 4),
        (saw(0, Phase::Running), 1.0, 2),
        (saw_hint(0, 8), 0.0, 8),
        (saw_hint(0, 8), 1.0, 12),
        (saw_hint(0, 40), 1.0, 45),
    ] {
        let (_, step) = decide(&policy, PollState::default(), &look, draw);
        assert_eq!(step, again(expected), "{look:?} with {draw}");
    }
}

#[test]
fn a_hold_is_asked_for_only_where_it_fits() {
    let policy = policy().with_hold(secs(30));
    let none = policy.with_hold(Duration::ZERO);
    let slow = saw(8, Phase::Running);
    let slow = Look {
        asked: secs(4),
        ..slow
    };
    for (case, policy, looks, offered, waited, expected) in [
        ("not offered", policy, vec![], None, 0, None),
        ("offered for less", policy, vec![], Some(10), 0, Some(10)),
        ("offered for more", policy, vec![], Some(90), 0, Some(30)),
        ("near the deadline", policy, vec![], Some(90), 95, Some(5)),
        (
            "near the deadline of slow looks",
            policy,
            vec![slow],
            Some(90),
            90,
            Some(5),
        ),
        ("at the deadline", policy, vec![], Some(90), 100, None),
        ("not wanted", none, vec![], Some(90), 0, None),
        (
            "refused",
            policy,
            vec![refused(0, Some(30))],
            Some(90),
            0,
            None,
        ),
        (
            "shorter than what was cut",
            policy,
            vec![cut(0, 30, 20)],
            Some(90),
            20,
            Some(15),
        ),
        (
            "cut twice",
            policy,
            vec![cut(0, 30, 20), cut(20, 15, 30)],
            Some(90),
            30,
            None,
        ),
        (
            "cut now and then",
            policy,
            vec![cut(0, 30, 20), held(20, 15, 35), cut(35, 15, 47)],
            Some(90),
            47,
            Some(9),
        ),
        (
            "failed at once",
            policy,
            vec![cut(0, 30, 1)],
            Some(90),
            1,
            Some(30),
        ),
    ] {
        let state = looks.iter().fold(PollState::default(), |state, look| {
            decide(&policy, state, look, 0.0).0
        });
        let asked = hold(&policy, &state, offered.map(secs), secs(waited));
        assert_eq!(asked, expected.map(secs), "{case}");
    }
}

#[test]
fn no_look_goes_on_past_the_deadline() {
    let policy = policy().with_patience(secs(20));
    let late = Duration::from_millis(40);
    for (hold, waited, expected) in [
        (None, 0, secs(20)),
        (Some(30), 0, secs(50)),
        (Some(5), 95, secs(5) + late),
        (None, 100, late),
        (None, 200, late),
    ] {
        let limit = limit(&policy, hold.map(secs), secs(waited));
        assert_eq!(limit, expected, "{hold:?} at {waited}");
    }
}

#[test]
fn chance_looks_after_a_start_and_before_an_end() {
    for (look, draw, millis) in [
        (starts(0, 8), 0.0, 8_000),
        (starts(0, 8), 1.0, 8_500),
        (ends(0, 8), 0.0, 8_000),
        (ends(0, 8), 1.0, 7_500),
    ] {
        let policy = policy().with_pace(Pace::growing(secs(2), secs(10)));
        let (_, step) = decide(&policy, PollState::default(), &look, draw);
        let pause = Duration::from_millis(millis);
        assert_eq!(step, Step::Again { pause }, "{look:?} with {draw}");
    }
}

#[test]
fn absurd_settings_are_clamped() {
    let zero = Duration::ZERO;
    let pace = Pace::growing(zero, zero)
        .with_factor(f64::NAN)
        .with_jitter(f64::INFINITY);
    let policy = WatchPolicy::default()
        .with_pace(pace)
        .with_patience(zero)
        .with_grace(Duration::MAX)
        .with_deadline(Duration::MAX);
    for at in [0, 1, 1_000] {
        let (_, step) = decide(
            &policy,
            PollState::default(),
            &saw(at, Phase::Undecided),
            1.0,
        );
        assert_eq!(
            step,
            Step::Again {
                pause: Duration::from_millis(1)
            },
            "{at}"
        );
    }
    let end = saw(WatchPolicy::LONGEST.as_secs(), Phase::Running);
    let (_, step) = decide(&policy, PollState::default(), &end, 1.0);
    assert_eq!(step, Step::TimedOut);

    let steep = policy.with_pace(Pace::growing(secs(1), Duration::MAX).with_factor(f64::INFINITY));
    let state = PollState {
        grown: u32::MAX,
        ..PollState::default()
    };
    let (_, step) = decide(&steep, state, &saw(0, Phase::Running), 0.0);
    assert_eq!(
        step,
        Step::Again {
            pause: WatchPolicy::LONGEST
        }
    );
}
