//! How long to pause before the next poll.

use std::time::Duration;

use super::outlook::Milestone;
use crate::Pace;
use crate::estimates::Span;

/// Returns the pause that leads to an expected begin or end, as far as the cap lets it: past the begin,
/// since a poll before it shows nothing, and short of the end, to close in on it.
pub(super) fn toward(pace: &Pace, milestone: Milestone, now: Duration, draw: f64) -> Duration {
    let off = pace.jitter.min(0.0625) * draw;
    let (pause, spread) = match milestone {
        Milestone::Begin(pause) => (pause, 1.0 + off),
        Milestone::End(pause) => (pause, 1.0 - off),
        Milestone::Window(window) => (within(pace, window, now), 1.0 - off),
    };
    pause.clamp(pace.first, pace.cap).mul_f64(spread)
}

/// Returns the pause that leads to a window in which the job should end, or through it: four polls
/// cover it, and the first of them is a step behind its begin, since one before shows nothing.
fn within(pace: &Pace, window: Span, now: Duration) -> Duration {
    let step = (window.width() / 4).max(slack(pace, window));
    let first = window.from.saturating_add(step);
    let ahead = first.saturating_sub(now);
    if ahead < pace.first { step } else { ahead }
}

/// Returns the window in which polls gather around an end that was learned.
pub(super) fn window(pace: &Pace, end: Span) -> Span {
    let slack = slack(pace, end);
    Span {
        from: end.from.saturating_sub(slack),
        to: end.to.saturating_add(slack),
    }
}

/// Returns how far an end may be off without being late or early: jobs vary by some hundredths of their
/// length, and a second or two is soon enough, however long a job takes.
fn slack(pace: &Pace, end: Span) -> Duration {
    let share = end.middle() / 16;
    share.clamp(pace.first / 2, pace.first.saturating_mul(2))
}

/// Returns the pause that the service asks for: never shorter than that, and spread out above it,
/// because a service tends to ask the same of everybody.
pub(super) fn after_hint(pace: &Pace, hint: Duration, draw: f64) -> Duration {
    let hint = hint.max(pace.first);
    hint.saturating_add(hint.min(pace.cap).mul_f64(pace.jitter * draw))
}
