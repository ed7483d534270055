use std::time::Duration;

use super::{again, cut, ends, hinted, long_polled, policy, polled, refused, secs, starts};
use crate::decide::{Exchange, PollState, Step, decide, time_limit};
use crate::{Pace, Phase, WatchPolicy};

#[test]
fn chance_shortens_a_pause_and_lengthens_a_hint() {
    let policy = policy().pace(Pace::growing(secs(4), secs(10)).jitter(0.5));
    for (exchange, draw, expected) in [
        (polled(0, Phase::Running), 0.0, 4),
        (polled(0, Phase::Running), 1.0, 2),
        (hinted(0, 8), 0.0, 8),
        (hinted(0, 8), 1.0, 12),
        (hinted(0, 40), 1.0, 45),
    ] {
        let (_, step) = decide(&policy, PollState::default(), &exchange, draw);
        assert_eq!(step, again(expected), "{exchange:?} with {draw}");
    }
}

#[test]
fn a_long_poll_is_made_only_where_it_fits() {
    let policy = policy().long_poll(secs(30));
    let none = policy.long_poll(Duration::ZERO);
    let slow = polled(8, Phase::Running);
    let slow = Exchange {
        asked: secs(4),
        ..slow
    };
    for (case, policy, exchanges, offered, elapsed, expected) in [
        ("not offered", policy, vec![], None, 0, None),
        ("offered for less", policy, vec![], Some(10), 0, Some(10)),
        ("offered for more", policy, vec![], Some(90), 0, Some(30)),
        ("near the deadline", policy, vec![], Some(90), 95, Some(5)),
        (
            "near the deadline of slow polls",
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
            vec![cut(0, 30, 20), long_polled(20, 15, 35), cut(35, 15, 47)],
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
        let state = exchanges
            .iter()
            .fold(PollState::default(), |state, exchange| {
                decide(&policy, state, exchange, 0.0).0
            });
        let asked = state.long_poll(&policy, offered.map(secs), secs(elapsed));
        assert_eq!(asked, expected.map(secs), "{case}");
    }
}

#[test]
fn no_poll_goes_on_past_the_deadline() {
    let policy = policy().poll_timeout(secs(20));
    let late = Duration::from_millis(40);
    for (open, elapsed, expected) in [
        (None, 0, secs(20)),
        (Some(30), 0, secs(50)),
        (Some(5), 95, secs(5) + late),
        (None, 100, late),
        (None, 200, late),
    ] {
        let limit = time_limit(&policy, open.map(secs), secs(elapsed));
        assert_eq!(limit, expected, "{open:?} at {elapsed}");
    }
}

#[test]
fn chance_polls_after_a_start_and_before_an_end() {
    for (exchange, draw, millis) in [
        (starts(0, 8), 0.0, 8_000),
        (starts(0, 8), 1.0, 8_500),
        (ends(0, 8), 0.0, 8_000),
        (ends(0, 8), 1.0, 7_500),
    ] {
        let policy = policy().pace(Pace::growing(secs(2), secs(10)));
        let (_, step) = decide(&policy, PollState::default(), &exchange, draw);
        let pause = Duration::from_millis(millis);
        assert_eq!(step, Step::Again { pause }, "{exchange:?} with {draw}");
    }
}

#[test]
fn absurd_settings_are_clamped() {
    let zero = Duration::ZERO;
    let pace = Pace::growing(zero, zero)
        .factor(f64::NAN)
        .jitter(f64::INFINITY);
    let policy = WatchPolicy::default()
        .pace(pace)
        .poll_timeout(zero)
        .grace(Duration::MAX)
        .deadline(Duration::MAX);
    for at in [0, 1, 1_000] {
        let (_, step) = decide(
            &policy,
            PollState::default(),
            &polled(at, Phase::Undecided),
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
    let end = polled(WatchPolicy::MAX_DEADLINE.as_secs(), Phase::Running);
    let (_, step) = decide(&policy, PollState::default(), &end, 1.0);
    assert_eq!(step, Step::TimedOut);

    let steep = policy.pace(Pace::growing(secs(1), Duration::MAX).factor(f64::INFINITY));
    let state = PollState {
        grown: u32::MAX,
        ..PollState::default()
    };
    let (_, step) = decide(&steep, state, &polled(0, Phase::Running), 0.0);
    assert_eq!(
        step,
        Step::Again {
            pause: WatchPolicy::MAX_DEADLINE
        }
    );
}
