use std::time::Duration;

use super::{Exchange, Outcome, PollState, Step, decide};
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
        .pace(Pace::growing(secs(2), secs(10)).factor(2.0).jitter(0.0))
        .tolerance(Tolerance::in_a_row(2))
        .deadline(secs(100))
        .grace(secs(20))
}

/// A plain poll that is answered at once.
fn exchange(at: u64, outcome: Outcome) -> Exchange {
    Exchange {
        asked: secs(at),
        answered: secs(at),
        long_poll: None,
        outcome,
    }
}

fn polled(at: u64, phase: Phase) -> Exchange {
    exchange(
        at,
        Outcome::Phase {
            phase,
            progress: Progress::new(),
            retry_after: None,
            digest: None,
        },
    )
}

fn hinted(at: u64, hint: u64) -> Exchange {
    exchange(
        at,
        Outcome::Phase {
            phase: Phase::Running,
            progress: Progress::new(),
            retry_after: Some(secs(hint)),
            digest: None,
        },
    )
}

fn with_progress(at: u64, phase: Phase, progress: Progress) -> Exchange {
    let outcome = Outcome::Phase {
        phase,
        progress,
        retry_after: None,
        digest: None,
    };
    exchange(at, outcome)
}

fn starts(at: u64, wait: u64) -> Exchange {
    let progress = Progress::new().starts_in(secs(wait));
    with_progress(at, Phase::Queued, progress)
}

fn ends(at: u64, wait: u64) -> Exchange {
    let progress = Progress::new().ends_in(secs(wait));
    with_progress(at, Phase::Running, progress)
}

/// A long poll that fails.
fn cut(asked: u64, open: u64, failed: u64) -> Exchange {
    Exchange {
        asked: secs(asked),
        long_poll: Some(secs(open)),
        ..transient(failed, None)
    }
}

fn refused(at: u64, open: Option<u64>) -> Exchange {
    Exchange {
        long_poll: open.map(secs),
        ..exchange(at, Outcome::Fault(Fault::LongPollRefused))
    }
}

fn long_polled(asked: u64, open: u64, answered: u64) -> Exchange {
    Exchange {
        asked: secs(asked),
        long_poll: Some(secs(open)),
        ..polled(answered, Phase::Running)
    }
}

fn transient(at: u64, hint: Option<u64>) -> Exchange {
    exchange(
        at,
        Outcome::Fault(Fault::Transient {
            retry_after: hint.map(secs),
        }),
    )
}

fn missing(at: u64) -> Exchange {
    exchange(at, Outcome::Fault(Fault::Missing))
}

fn permanent(at: u64) -> Exchange {
    exchange(at, Outcome::Fault(Fault::Permanent))
}

#[test]
fn each_poll_leads_to_one_step() {
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
        was_found: true,
        ..fresh
    };
    for (case, before, exchange, expected) in [
        ("queued", fresh, polled(0, Phase::Queued), again(2)),
        ("running", fresh, polled(0, Phase::Running), again(2)),
        (
            "an unknown state runs",
            fresh,
            polled(0, Phase::Unknown),
            again(2),
        ),
        (
            "the pace grows",
            grown,
            polled(20, Phase::Running),
            again(8),
        ),
        (
            "the pace has a cap",
            PollState { grown: 9, ..fresh },
            polled(20, Phase::Running),
            again(10),
        ),
        (
            "succeeded",
            fresh,
            polled(5, Phase::Succeeded),
            Step::Succeeded,
        ),
        ("failed", fresh, polled(5, Phase::Failed), Step::Ended),
        ("expired", fresh, polled(5, Phase::Expired), Step::Ended),
        ("canceled", fresh, polled(5, Phase::Canceled), Step::Ended),
        (
            "success after the deadline",
            fresh,
            polled(101, Phase::Succeeded),
            Step::Succeeded,
        ),
        (
            "failure at the deadline",
            fresh,
            polled(100, Phase::Failed),
            Step::Ended,
        ),
        (
            "undecided at first",
            fresh,
            polled(5, Phase::Undecided),
            again(2),
        ),
        (
            "undecided within the grace",
            unsure,
            polled(15, Phase::Undecided),
            again(10),
        ),
        (
            "polls when the grace ends",
            unsure,
            polled(27, Phase::Undecided),
            again(3),
        ),
        (
            "undecided for too long",
            unsure,
            polled(30, Phase::Undecided),
            Step::Ended,
        ),
        (
            "decided in time",
            unsure,
            polled(31, Phase::Running),
            again(10),
        ),
        ("a longer hint", fresh, hinted(0, 7), again(7)),
        ("a shorter hint", grown, hinted(0, 3), again(3)),
        (
            "a hint of nothing is no busy loop",
            grown,
            hinted(0, 0),
            again(2),
        ),
        (
            "a hint past the deadline",
            fresh,
            hinted(40, 3_600),
            again(60),
        ),
        ("a transient fault", fresh, transient(0, None), again(2)),
        (
            "a transient fault with a hint",
            fresh,
            transient(0, Some(30)),
            again(30),
        ),
        (
            "one transient fault too many",
            failing,
            transient(0, None),
            Step::GiveUp,
        ),
        ("a permanent fault", fresh, permanent(0), Step::GiveUp),
        ("fresh work is not there yet", fresh, missing(0), again(2)),
        ("still not there", absent, missing(19), again(1)),
        ("not there for too long", absent, missing(20), Step::GiveUp),
        ("gone after it was there", known, missing(3), Step::GiveUp),
        (
            "an answer ends the row of faults",
            failing,
            polled(0, Phase::Running),
            again(2),
        ),
        (
            "the last pause ends at the deadline",
            grown,
            polled(95, Phase::Running),
            again(5),
        ),
        (
            "no sliver is left for another poll",
            grown,
            polled(91, Phase::Running),
            again(9),
        ),
        (
            "time is up",
            fresh,
            polled(100, Phase::Running),
            Step::TimedOut,
        ),
        (
            "time is up in doubt",
            unsure,
            polled(100, Phase::Failed),
            Step::Ended,
        ),
        (
            "time is up in trouble",
            fresh,
            transient(100, None),
            Step::TimedOut,
        ),
        (
            "a permanent fault is one at any time",
            fresh,
            permanent(100),
            Step::GiveUp,
        ),
        (
            "a long poll was pause enough",
            grown,
            long_polled(10, 30, 40),
            again(0),
        ),
        (
            "a long poll cut short by rounding counts",
            grown,
            long_polled(10, 30, 39),
            again(0),
        ),
        (
            "a long poll shorter than a pause",
            grown,
            long_polled(10, 1, 11),
            again(1),
        ),
        (
            "an early answer is no busy loop",
            grown,
            long_polled(10, 30, 11),
            again(8),
        ),
        ("a start is expected", grown, starts(0, 7), again(7)),
        ("a start far off", grown, starts(0, 40), again(10)),
        ("a start that is due", fresh, starts(0, 0), again(2)),
        ("an end is expected", grown, ends(0, 7), again(7)),
        ("an end far off", fresh, ends(0, 70), again(10)),
        ("an end that is near", grown, ends(0, 1), again(2)),
        ("an end past the deadline", grown, ends(93, 70), again(7)),
        (
            "a cut long poll is no fault",
            failing,
            cut(0, 30, 20),
            again(0),
        ),
        (
            "a long poll that fails at once is one",
            failing,
            cut(0, 30, 1),
            Step::GiveUp,
        ),
        (
            "a cut at the deadline",
            fresh,
            cut(75, 25, 100),
            Step::TimedOut,
        ),
        (
            "a long poll refused",
            failing,
            refused(5, Some(30)),
            again(0),
        ),
        (
            "what no long poll explains",
            fresh,
            refused(5, None),
            Step::GiveUp,
        ),
        (
            "a long poll refused at the deadline",
            fresh,
            refused(100, Some(1)),
            Step::TimedOut,
        ),
        ("no answer", fresh, exchange(0, Outcome::NoAnswer), again(2)),
        (
            "no answer too often",
            failing,
            exchange(0, Outcome::NoAnswer),
            Step::GiveUp,
        ),
        (
            "no answer at the deadline",
            failing,
            exchange(100, Outcome::NoAnswer),
            Step::TimedOut,
        ),
        (
            "the last poll ends before the deadline",
            PollState {
                slowest: secs(1),
                ..fresh
            },
            polled(99, Phase::Running),
            Step::TimedOut,
        ),
        (
            "the last poll begins as early as polls are slow",
            PollState {
                slowest: secs(4),
                ..grown
            },
            polled(85, Phase::Running),
            again(10),
        ),
    ] {
        let (_, step) = decide(&policy(), before, &exchange, 0.0);
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
    for (case, before, exchange, expected) in [
        (
            "an answer",
            fresh,
            polled(5, Phase::Running),
            after(0, 3, None),
        ),
        ("a fault", fresh, transient(5, None), after(2, 3, None)),
        (
            "a hint leaves the pace alone",
            fresh,
            hinted(5, 9),
            after(0, 2, None),
        ),
        (
            "a long poll starts the pace over",
            fresh,
            long_polled(5, 30, 35),
            after(0, 0, None),
        ),
        (
            "a cut long poll adds no fault",
            fresh,
            cut(5, 30, 25),
            after(1, 0, None),
        ),
        (
            "a start that is expected starts the pace over",
            fresh,
            starts(5, 9),
            after(0, 0, None),
        ),
        (
            "doubt begins",
            fresh,
            polled(5, Phase::Undecided),
            after(0, 3, Some(5)),
        ),
        (
            "doubt goes on",
            unsure,
            polled(5, Phase::Undecided),
            after(0, 3, Some(1)),
        ),
        (
            "a fault settles no doubt",
            unsure,
            transient(5, None),
            after(2, 3, Some(1)),
        ),
        (
            "doubt ends",
            unsure,
            polled(5, Phase::Running),
            after(0, 3, None),
        ),
    ] {
        let (state, _) = decide(&policy(), before, &exchange, 0.0);
        let got = (
            state.polls,
            state.faults,
            state.grown,
            state.undecided_since,
        );
        assert_eq!(got, expected, "{case}");
    }
}
