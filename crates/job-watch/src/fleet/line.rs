//! Which group is looked at next, and when: the rule of the schedule as a pure function.

use std::collections::BTreeSet;
use std::time::Duration;

use super::budget::{RequestBudget, Spent};

/// The groups that are due, now or later; those that keep failing stand apart.
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
pub(super) struct Flying {
    pub(super) sound: usize,
    pub(super) failing: usize,
}

impl Flying {
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
    /// Look at that group.
    Look(u64),
    /// Nothing before that time.
    At(Duration),
    /// Nothing until a request is answered or a job is added.
    Rest,
}

/// Says what to do at `now`: the group that has been due longest goes first, within the budget.
///
/// Groups that keep failing get at most half of the requests under way, because theirs may hang.
pub(super) fn turn(
    line: &Line,
    flying: Flying,
    budget: &RequestBudget,
    spent: &Spent,
    now: Duration,
) -> Turn {
    let most = budget.in_flight();
    if flying.sound + flying.failing >= most {
        return Turn::Rest;
    }
    let may_fail = flying.failing < (most / 2).max(1);
    let failing = line.failing.first().filter(|_| may_fail);
    let Some((due, group)) = line.sound.first().into_iter().chain(failing).min() else {
        return Turn::Rest;
    };
    let at = spent.free(budget).max(*due);
    if at <= now {
        Turn::Look(*group)
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
        let flying = |sound, failing| Flying { sound, failing };
        let none = flying(0, 0);
        // Two requests in a second, four under way.
        let budget = RequestBudget::per_second(2).with_in_flight(4);
        for (case, sound, failing, under_way, spent, resting, now, expected) in [
            ("nobody", vec![], vec![], none, vec![], 0, 9, Turn::Rest),
            (
                "one is due",
                vec![(5, 1)],
                vec![],
                none,
                vec![],
                0,
                5,
                Turn::Look(1),
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
                Turn::Look(2),
            ),
            (
                "a failing one too",
                vec![(5, 1)],
                vec![(4, 3)],
                none,
                vec![],
                0,
                9,
                Turn::Look(3),
            ),
            (
                "a second with room",
                vec![(5, 1)],
                vec![],
                none,
                vec![0],
                0,
                9,
                Turn::Look(1),
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
                Turn::Look(1),
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
                "told to rest",
                vec![(5, 1)],
                vec![],
                none,
                vec![],
                7_000,
                9,
                at(7_000),
            ),
            (
                "rested",
                vec![(5, 1)],
                vec![],
                none,
                vec![],
                7_000,
                7_000,
                Turn::Look(1),
            ),
            (
                "all under way",
                vec![(5, 1)],
                vec![],
                flying(2, 2),
                vec![],
                0,
                9,
                Turn::Rest,
            ),
            (
                "half of it failing",
                vec![(5, 1)],
                vec![(4, 3)],
                flying(0, 2),
                vec![],
                0,
                9,
                Turn::Look(1),
            ),
            (
                "only failing ones",
                vec![],
                vec![(4, 3)],
                flying(0, 2),
                vec![],
                0,
                9,
                Turn::Rest,
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
            past.rest(ms(resting));
            let turn = turn(&line, under_way, &budget, &past, ms(now));
            assert_eq!(turn, expected, "{case}");
        }
        let alone = RequestBudget::per_second(1).with_in_flight(0);
        let mut line = Line::default();
        line.add(ms(0), 1, true);
        let turn = turn(&line, none, &alone, &Spent::default(), ms(0));
        assert_eq!(
            turn,
            Turn::Look(1),
            "one request at a time is enough to fail"
        );
    }
}
