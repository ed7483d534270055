use proptest::prelude::*;

use super::*;

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn only_what_is_known_not_to_have_been_accepted_is_sent_again() {
    use Answer::{NotSent, Refused, Throttled, Unclear};
    let policy = SubmitPolicy::default().resends(2);
    let again = |hint: u64, pause: u64| Step::SendAgain {
        after: secs(hint) + Duration::from_millis(pause),
    };
    for (answer, resent, hint, expected) in [
        (NotSent, 0, None, again(0, 500)),
        (NotSent, 1, None, again(0, 1000)),
        (NotSent, 2, None, Step::GiveUp),
        (Throttled, 0, Some(7), again(7, 500)),
        (Throttled, 1, None, again(0, 1000)),
        (Throttled, 0, Some(61), Step::GiveUp),
        (Throttled, 2, Some(1), Step::GiveUp),
        (Refused, 0, Some(1), Step::GiveUp),
        (Unclear, 0, None, Step::Search),
        (Unclear, 0, Some(1), Step::Search),
        (Unclear, 9, Some(1), Step::Search),
    ] {
        let step = after_answer(&policy, answer, resent, hint.map(secs), 1.0);
        assert_eq!(step, expected, "{answer:?} {resent} {hint:?}");
    }
}

#[test]
fn what_is_not_there_is_believed_only_after_the_settling_time() {
    use Verdict::{Accepted, NotAccepted, Partly, SearchAgain, Unknown};
    let policy = SubmitPolicy::default().patience(secs(60));
    let settle = secs(15);
    let again = |millis| SearchAgain {
        after: Duration::from_millis(millis),
    };
    // When asked and answered, in seconds; searches before; found; hint; verdict.
    for (asked, answered, before, found, hint, expected) in [
        (0, 0, 0, Found::All, None, Accepted),
        (99, 99, 9, Found::All, None, Accepted),
        (0, 0, 0, Found::None, None, again(500)),
        (0, 0, 2, Found::None, None, again(2_000)),
        (0, 0, 9, Found::None, None, again(8_000)),
        (12, 12, 9, Found::None, None, again(3_000)),
        (12, 12, 9, Found::None, Some(7), again(7_000)),
        (15, 15, 4, Found::None, None, NotAccepted),
        (15, 90, 4, Found::None, None, NotAccepted),
        // Asked too early, answered late: the next one proves it.
        (14, 16, 0, Found::None, None, again(500)),
        (0, 0, 0, Found::Some, None, again(500)),
        (15, 15, 4, Found::Some, None, Partly),
        (20, 20, 9, Found::Failed, None, again(8_000)),
        (55, 55, 9, Found::Failed, None, again(5_000)),
        (60, 60, 9, Found::Failed, None, Unknown),
        (20, 20, 9, Found::Failed, Some(41), Unknown),
        (0, 0, 0, Found::Refused, None, Unknown),
        (20, 20, 0, Found::Refused, None, Unknown),
    ] {
        let look = Search {
            asked: secs(asked),
            answered: secs(answered),
            before,
            found,
            hint: hint.map(secs),
        };
        assert_eq!(
            after_search(&policy, settle, &look, 1.0),
            expected,
            "{look:?}"
        );
    }
}

#[test]
fn a_patience_that_ends_before_the_settling_time_proves_nothing() {
    let policy = SubmitPolicy::default().patience(secs(5));
    let look = Search {
        asked: secs(5),
        answered: secs(5),
        before: 3,
        found: Found::None,
        hint: None,
    };
    let verdict = after_search(&policy, secs(15), &look, 0.0);
    assert_eq!(verdict, Verdict::Unknown);
}

proptest! {
    /// Whatever the searches give, looking up ends, in bounded time and with few requests.
    #[test]
    fn looking_up_ends(
        settle in 0..4_000_u64,
        patience in 0..4_000_u64,
        seen in proptest::collection::vec((0..4_u8, 0..20_u64, proptest::option::of(0..30_u64)), 1..20),
        draw in 0.0..1.0,
    ) {
        let policy = SubmitPolicy::default().settle(secs(settle)).patience(secs(patience));
        let (mut now, mut before) = (Duration::ZERO, 0);
        loop {
            let (found, takes, hint) = seen[before as usize % seen.len()];
            let found = [Found::Some, Found::None, Found::Failed, Found::Failed][usize::from(found)];
            let asked = now;
            now += secs(takes);
            let look = Search { asked, answered: now, before, found, hint: hint.map(secs) };
            match after_search(&policy, policy.settle, &look, draw) {
                Verdict::SearchAgain { after } => now += after,
                Verdict::NotAccepted | Verdict::Partly => {
                    prop_assert!(asked >= policy.settle);
                    prop_assert_ne!(found, Found::Failed);
                    break;
                }
                Verdict::Unknown => break,
                Verdict::Accepted => prop_assert!(false, "nothing was found whole"),
            }
            before += 1;
            prop_assert!(now <= policy.patience + secs(1));
            prop_assert!(before < 1_100);
        }
    }
}
