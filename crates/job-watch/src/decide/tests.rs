use std::time::Duration;

use super::{Look, PollState, Step, Told, decide};
use crate::{Fault, Pace, Phase, Progress, Tolerance, WatchPolicy};

mod changes;
mod limits;

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn again(pause: u64) -> Step {
    Step::Again { pause: secs(pause) }
}

/// Pauses of 2, 4, 8, 10 seconds without jitter, two faults borne, 100 s in all, 20 s of grace.
fn policy() -> WatchPolicy {
    WatchPolicy::default()
        .with_pace(
            Pace::growing(secs(2), secs(10))
                .with_factor(2.0)
                .with_jitter(0.0),
        )
        .with_tolerance(Tolerance::in_a_row(2))
        .with_deadline(secs(100))
        .with_grace(secs(20))
}

/// A look without hold, answered at once.
fn look(at: u64, told: Told) -> Look {
    Look {
        asked: secs(at),
        answered: secs(at),
        hold: None,
        told,
    }
}

fn saw(at: u64, phase: Phase) -> Look {
    look(
        at,
        Told::Phase {
            phase,
            progress: Progress::new(),
            retry_after: None,
            digest: None,
        },
    )
}

fn saw_hint(at: u64, hint: u64) -> Look {
    look(
        at,
        Told::Phase {
            phase: Phase::Running,
            progress: Progress::new(),
            retry_after: Some(secs(hint)),
            digest: None,
        },
    )
}

fn foretold(at: u64, phase: Phase, progress: Progress) -> Look {
    let told = Told::Phase {
        phase,
        progress,
        retry_after: None,
        digest: None,
    };
    look(at, told)
}

fn starts(at: u64, wait: u64) -> Look {
    let progress = Progress::new().with_starts_in(secs(wait));
    foretold(at, Phase::Waiting, progress)
}

fn ends(at: u64, wait: u64) -> Look {
    let progress = Progress::new().with_ends_in(secs(wait));
    foretold(at, Phase::Running, progress)
}

/// A held look that fails.
fn cut(asked: u64, hold: u64, failed: u64) -> Look {
    Look {
        asked: secs(asked),
        hold: Some(secs(hold)),
        ..passing(failed, None)
    }
}

fn refused(at: u64, hold: Option<u64>) -> Look {
    Look {
        hold: hold.map(secs),
        ..look(at, Told::Fault(Fault::HoldRefused))
    }
}

fn held(asked: u64, hold: u64, answered: u64) -> Look {
    Look {
        asked: secs(asked),
        hold: Some(secs(hold)),
        ..saw(answered, Phase::Running)
    }
}

fn passing(at: u64, hint: Option<u64>) -> Look {
    look(
        at,
        Told::Fault(Fault::Passing {
            retry_after: hint.map(secs),
        }),
    )
}

fn missing(at: u64) -> Look {
    look(at, Told::Fault(Fault::Missing))
}

fn lasting(at: u64) -> Look {
    look(at, Told::Fault(Fault::Lasting))
}

#[test]
fn each_look_leads_to_one_step() {
    let fresh = PollState::default();
    let grown = PollState { grown: 2, ..fresh };
    let failing = PollState { faults: 2, ..fresh };
    let unsure = PollState {
        undecided_since: Some(secs(10)),
        grown: 9,
        ..fresh
    };
    let absent = PollState {
        missing_since: Some(secs(0)),
        grown: 9,
        ..fresh
    };
    let known = PollState {
        was_seen: true,
        ..fresh
    };
    for (case, before, look, expected) in [
        ("waiting", fresh, saw(0, Phase::Waiting), again(2)),
        ("running", fresh, saw(0, Phase::Running), again(2)),
        (
            "an unknown state runs",
            fresh,
            saw(0, Phase::Unknown),
            again(2),
        ),
        ("the pace grows", grown, saw(20, Phase::Running), again(8)),
        (
            "the pace has a cap",
            PollState { grown: 9, ..fresh },
            saw(20, Phase::Running),
            again(10),
        ),
        (
            "succeeded",
            fresh,
            saw(5, Phase::Succeeded),
            Step::Succeeded,
        ),
        ("failed", fresh, saw(5, Phase::Failed), Step::Ended),
        ("expired", fresh, saw(5, Phase::Expired), Step::Ended),
        ("canceled", fresh, saw(5, Phase::Canceled), Step::Ended),
        (
            "success after the deadline",
            fresh,
            saw(101, Phase::Succeeded),
            Step::Succeeded,
        ),
        (
            "failure at the deadline",
            fresh,
            saw(100, Phase::Failed),
            Step::Ended,
        ),
        (
            "undecided at first",
            fresh,
            saw(5, Phase::Undecided),
            again(2),
        ),
        (
            "undecided within the grace",
            unsure,
            saw(15, Phase::Undecided),
            again(10),
        ),
        (
            "looks when the grace ends",
            unsure,
            saw(27, Phase::Undecided),
            again(3),
        ),
        (
            "undecided for too long",
            unsure,
            saw(30, Phase::Undecided),
            Step::Ended,
        ),
        (
            "decided in time",
            unsure,
            saw(31, Phase::Running),
            again(10),
        ),
        ("a longer hint", fresh, saw_hint(0, 7), again(7)),
        ("a shorter hint", grown, saw_hint(0, 3), again(3)),
        (
            "a hint of nothing is no busy loop",
            grown,
            saw_hint(0, 0),
            again(2),
        ),
        (
            "a hint past the deadline",
            fresh,
            saw_hint(40, 3_600),
            again(60),
        ),
        ("a passing fault", fresh, passing(0, None), again(2)),
        (
            "a passing fault with a hint",
            fresh,
            passing(0, Some(30)),
            again(30),
        ),
        (
            "one passing fault too many",
            failing,
            passing(0, None),
            Step::Broken,
        ),
        ("a lasting fault", fresh, lasting(0), Step::Broken),
        ("fresh work is not there yet", fresh, missing(0), again(2)),
        ("still not there", absent, missing(19), again(1)),
        ("not there for too long", absent, missing(20), Step::Broken),
        ("gone after it was there", known, missing(3), Step::Broken),
        (
            "an answer ends the row of faults",
            failing,
            saw(0, Phase::Running),
            again(2),
        ),
        (
            "the last pause ends at the deadline",
            grown,
            saw(95, Phase::Running),
            again(5),
        ),
        (
            "no sliver is left for another look",
            grown,
            saw(91, Phase::Running),
            again(9),
        ),
        (
            "time is up",
            fresh,
            saw(100, Phase::Running),
            Step::TimedOut,
        ),
        (
            "time is up in doubt",
            unsure,
            saw(100, Phase::Failed),
            Step::Ended,
        ),
        (
            "time is up in trouble",
            fresh,
            passing(100, None),
            Step::TimedOut,
        ),
        (
            "a lasting fault is one at any time",
            fresh,
            lasting(100),
            Step::Broken,
        ),
        (
            "a held look was pause enough",
            grown,
            held(10, 30, 40),
            again(0),
        ),
        (
            "a hold cut by rounding counts",
            grown,
            held(10, 30, 39),
            again(0),
        ),
        (
            "a held look shorter than a pause",
            grown,
            held(10, 1, 11),
            again(1),
        ),
        (
            "an early answer is no busy loop",
            grown,
            held(10, 30, 11),
            again(8),
        ),
        ("a start is awaited", grown, starts(0, 7), again(7)),
        ("a start far off", grown, starts(0, 40), again(10)),
        ("a start that is due", fresh, starts(0, 0), again(2)),
        ("an end is awaited", grown, ends(0, 7), again(7)),
        ("an end far off", fresh, ends(0, 70), again(10)),
        ("an end that is near", grown, ends(0, 1), again(2)),
        ("an end past the deadline", grown, ends(93, 70), again(7)),
        ("a cut hold is no fault", failing, cut(0, 30, 20), again(0)),
        (
            "a hold that fails at once is one",
            failing,
            cut(0, 30, 1),
            Step::Broken,
        ),
        (
            "a cut at the deadline",
            fresh,
            cut(75, 25, 100),
            Step::TimedOut,
        ),
        ("a hold refused", failing, refused(5, Some(30)), again(0)),
        (
            "what no hold explains",
            fresh,
            refused(5, None),
            Step::Broken,
        ),
        (
            "a hold refused at the deadline",
            fresh,
            refused(100, Some(1)),
            Step::TimedOut,
        ),
        ("silence", fresh, look(0, Told::Silence), again(2)),
        (
            "too much silence",
            failing,
            look(0, Told::Silence),
            Step::Broken,
        ),
        (
            "silence at the deadline",
            failing,
            look(100, Told::Silence),
            Step::TimedOut,
        ),
        (
            "the last look ends before the deadline",
            PollState {
                slowest: secs(1),
                ..fresh
            },
            saw(99, Phase::Running),
            Step::TimedOut,
        ),
        (
            "the last look begins as early as looks are slow",
            PollState {
                slowest: secs(4),
                ..grown
            },
            saw(85, Phase::Running),
            again(10),
        ),
    ] {
        let (_, step) = decide(&policy(), before, &look, 0.0);
        assert_eq!(step, expected, "{case}");
    }
}

#[test]
fn the_state_remembers_what_the_next_decision_needs() {
    let fresh = PollState {
        polls: 3,
        faults: 1,
        grown: 2,
        ..PollState::default()
    };
    let unsure = PollState {
        undecided_since: Some(secs(1)),
        ..fresh
    };
    let after = |faults, grown, since: Option<u64>| (4, faults, grown, since.map(secs));
    for (case, before, look, expected) in [
        (
            "an answer",
            fresh,
            saw(5, Phase::Running),
            after(0, 3, None),
        ),
        ("a fault", fresh, passing(5, None), after(2, 3, None)),
        (
            "a hint leaves the pace alone",
            fresh,
            saw_hint(5, 9),
            after(0, 2, None),
        ),
        (
            "a held look starts the pace over",
            fresh,
            held(5, 30, 35),
            after(0, 0, None),
        ),
        (
            "a cut hold adds no fault",
            fresh,
            cut(5, 30, 25),
            after(1, 0, None),
        ),
        (
            "a start that is awaited starts the pace over",
            fresh,
            starts(5, 9),
            after(0, 0, None),
        ),
        (
            "doubt begins",
            fresh,
            saw(5, Phase::Undecided),
            after(0, 3, Some(5)),
        ),
        (
            "doubt goes on",
            unsure,
            saw(5, Phase::Undecided),
            after(0, 3, Some(1)),
        ),
        (
            "a fault settles no doubt",
            unsure,
            passing(5, None),
            after(2, 3, Some(1)),
        ),
        (
            "doubt ends",
            unsure,
            saw(5, Phase::Running),
            after(0, 3, None),
        ),
    ] {
        let (state, _) = decide(&policy(), before, &look, 0.0);
        let got = (
            state.polls,
            state.faults,
            state.grown,
            state.undecided_since,
        );
        assert_eq!(got, expected, "{case}");
    }
}
