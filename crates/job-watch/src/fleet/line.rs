//! Which group is polled next, and when: the rule of the schedule as a pure function.

use std::collections::BTreeSet;
use std::time::Duration;

use super::budget::{RequestBudget, Spent};

/// The groups that are due, now or later; those that keep failing are kept apart.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    sound: BTreeSet<(Duration, u64)>,
    failing: BTreeSet<(Duration, u64)>,
}

impl Line {
    fn of(&mut self, failing: bool) -> &mut BTreeSet<(Duration, u64)> {
        if failing {
            &mut self.failing
        } else {
            &mut self.sound
        }
    }

    pub(super) fn add(&mut self, due: Duration, group: u64, failing: bool) {
        self.of(failing).insert((due, group));
    }

    pub(super) fn remove(&mut self, due: Duration, group: u64, failing: bool) {
        self.of(failing).remove(&(due, group));
    }
}

/// The requests under way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct InFlight {
    pub(super) sound: usize,
    pub(super) failing: usize,
}

impl InFlight {
    pub(super) fn of(&mut self, failing: bool) -> &mut usize {
        if failing {
            &mut self.failing
        } else {
            &mut self.sound
        }
    }
}

/// What the fleet does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Poll that group.
    Poll(u64),
    /// Nothing before that time.
    At(Duration),
    /// Nothing until a request is answered or a job is added.
    Idle,
}

/// Returns what to do at `now`: the group that has been due longest goes first, within the budget.
///
/// Groups that keep failing get at most half of the requests under way, because theirs may hang.
pub(super) fn turn(
    line: &Line,
    in_flight: InFlight,
    budget: &RequestBudget,
    spent: &Spent,
    now: Duration,
) -> Turn {
    let most = budget.max_in_flight();
    if in_flight.sound + in_flight.failing >= most {
        return Turn::Idle;
    }
    let may_fail = in_flight.failing < (most / 2).max(1);
    let failing = line.failing.first().filter(|_| may_fail);
    let Some((due, group)) = line.sound.first().into_iter().chain(failing).min() else {
        return Turn::Idle;
    };
    let at = spent.free(budget).max(*due);
    if at <= now {
        Turn::Poll(*group)
    } else {
        Turn::At(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_that_is_due_longest_goes_first_within_the_budget() {
        let ms = Duration::from_millis;
        let at = |millis| Turn::At(ms(millis));
        let under = |sound, failing| InFlight { sound, failing };
        let none = under(0, 0);
        // Two requests in a second, four under way.
        let budget = RequestBudget::per_second(2).in_flight(4);
        for (case, sound, failing, under_way, spent, paused, now, expected) in [
            ("nobody", vec![], vec![], none, vec![], 0, 9, Turn::Idle),
            (
                "one is due",
                vec![(5, 1)],
                vec![],
                none,
                vec![],
                0,
                5,
                Turn::Poll(1),
            ),
            (
                "one is not yet",
                vec![(5, 1)],
                vec![],
                none,
                vec![],
                0,
                4,
                at(5),
            ),
            (
                "the longest due",
                vec![(5, 1), (3, 2)],
                vec![(4, 3)],
                none,
                vec![],
                0,
                9,
                Turn::Poll(2),
            ),
            (
                "a failing one too",
                vec![(5, 1)],
                vec![(4, 3)],
                none,
                vec![],
                0,
                9,
                Turn::Poll(3),
            ),
            (
                "a second with room",
                vec![(5, 1)],
                vec![],
                none,
                vec![0],
                0,
                9,
                Turn::Poll(1),
            ),
            (
                "a full second",
                vec![(5, 1)],
                vec![],
                none,
                vec![0, 600],
                0,
                900,
                at(1_050),
            ),
            (
                "a second later",
                vec![(5, 1)],
                vec![],
                none,
                vec![0, 600],
                0,
                1_050,
                Turn::Poll(1),
            ),
            (
                "the latest count",
                vec![(5, 1)],
                vec![],
                none,
                vec![0, 600, 700],
                0,
                1_100,
                at(1_650),
            ),
            (
                "due after the second",
                vec![(2_000, 1)],
                vec![],
                none,
                vec![0, 600],
                0,
                900,
                at(2_000),
            ),
            (
                "a pause that the service asked for",
                vec![(5, 1)],
                vec![],
                none,
                vec![],
                7_000,
                9,
                at(7_000),
            ),
            (
                "the pause is over",
                vec![(5, 1)],
                vec![],
                none,
                vec![],
                7_000,
                7_000,
                Turn::Poll(1),
            ),
            (
                "all under way",
                vec![(5, 1)],
                vec![],
                under(2, 2),
                vec![],
                0,
                9,
                Turn::Idle,
            ),
            (
                "half of it failing",
                vec![(5, 1)],
                vec![(4, 3)],
                under(0, 2),
                vec![],
                0,
                9,
                Turn::Poll(1),
            ),
            (
                "only failing ones",
                vec![],
                vec![(4, 3)],
                under(0, 2),
                vec![],
                0,
                9,
                Turn::Idle,
            ),
        ] {
            let mut line = Line::default();
            for (due, group) in sound {
                line.add(ms(due), group, false);
            }
            for (due, group) in failing {
                line.add(ms(due), group, true);
            }
            let mut past = Spent::default();
            for start in spent {
                past.spend(&budget, ms(start));
            }
            past.pause(ms(paused));
            let turn = turn(&line, under_way, &budget, &past, ms(now));
            assert_eq!(turn, expected, "{case}");
        }
        let alone = RequestBudget::per_second(1).in_flight(0);
        let mut line = Line::default();
        line.add(ms(0), 1, true);
        let turn = turn(&line, none, &alone, &Spent::default(), ms(0));
        assert_eq!(
            turn,
            Turn::Poll(1),
            "one request at a time is enough to fail"
        );
    }
}
