//! Faults that were ordered for the next requests, are left to chance, or come by rules.

use std::collections::VecDeque;

use crate::core::effect::Effect;
use crate::core::fault::Fault;
use crate::core::record::Origin;
use crate::core::request_rule::{Asked, RequestRule, Running};
use crate::core::seed::Seed;

/// The faults that are still to come.
#[derive(Debug)]
pub(crate) struct Faults {
    api: VecDeque<Fault>,
    blob: VecDeque<Fault>,
    chances: Vec<(f64, Fault)>,
    rules: Vec<Running>,
    seed: Seed,
    submissions: u64,
}

impl Faults {
    pub(crate) fn new(seed: Seed, chances: Vec<(f64, Fault)>) -> Self {
        Self {
            api: VecDeque::new(),
            blob: VecDeque::new(),
            chances,
            rules: Vec::new(),
            seed,
            submissions: 0,
        }
    }

    pub(crate) fn order(&mut self, origin: Origin, fault: Fault) {
        self.line(origin).push_back(fault);
    }

    /// What goes wrong with a request: what was ordered, or else what a submission draws, and what rules
    /// say.
    pub(crate) fn effects(&mut self, asked: Asked<'_>, is_submission: bool) -> Vec<Effect> {
        let mut effects: Vec<Effect> = self
            .next(asked.origin, is_submission)
            .iter()
            .map(Effect::of)
            .collect();
        for (place, running) in self.rules.iter_mut().enumerate() {
            if running.strikes(asked, self.seed, place) {
                effects.extend(running.rule.effects.iter().cloned());
            }
        }
        effects
    }

    /// Adds a rule for requests.
    pub(crate) fn add(&mut self, rule: RequestRule) {
        self.rules.push(Running::new(rule));
    }

    /// The rules for requests, with how often each has struck.
    pub(crate) fn rules(&self) -> &[Running] {
        &self.rules
    }

    /// Takes back all rules and all that was ordered.
    pub(crate) fn clear(&mut self) {
        self.rules.clear();
        self.api.clear();
        self.blob.clear();
    }

    /// The fault for a request: one that was ordered, or else one that a submission draws.
    fn next(&mut self, origin: Origin, is_submission: bool) -> Option<Fault> {
        let drawn = if is_submission { self.draw() } else { None };
        self.line(origin).pop_front().or(drawn)
    }

    /// What chance has for the next submission.
    fn draw(&mut self) -> Option<Fault> {
        let mut left = self.seed.share("fault", self.submissions);
        self.submissions += 1;
        let hit = self.chances.iter().find(|(share, _)| {
            left -= share;
            left < 0.0
        });
        hit.map(|(_, fault)| fault.clone())
    }

    fn line(&mut self, origin: Origin) -> &mut VecDeque<Fault> {
        match origin {
            Origin::Api => &mut self.api,
            Origin::Blob => &mut self.blob,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(seed: u64, submissions: usize) -> Vec<Option<Fault>> {
        let chances = vec![(0.3, Fault::DropReply), (0.2, Fault::Status(503))];
        let mut faults = Faults::new(Seed(seed), chances);
        let draw = |_| faults.next(Origin::Api, true);
        (0..submissions).map(draw).collect()
    }

    #[test]
    fn chance_keeps_to_its_shares_and_to_the_seed() {
        let draws = drawn(7, 10_000);
        for (fault, share) in [
            (Some(Fault::DropReply), 0.3),
            (Some(Fault::Status(503)), 0.2),
            (None, 0.5),
        ] {
            let count = draws.iter().filter(|drawn| **drawn == fault).count();
            let found = count as f64 / draws.len() as f64;
            assert!((found - share).abs() < 0.02, "{fault:?}: {found}");
        }
        assert_eq!(draws, drawn(7, 10_000));
        assert_ne!(draws, drawn(8, 10_000));
    }

    #[test]
    fn only_submissions_draw_and_an_order_goes_first() {
        let mut faults = Faults::new(Seed(1), vec![(1.0, Fault::DropReply)]);
        assert_eq!(faults.next(Origin::Api, false), None);
        faults.order(Origin::Api, Fault::EmptyBody);
        assert_eq!(faults.next(Origin::Api, true), Some(Fault::EmptyBody));
        assert_eq!(faults.next(Origin::Api, true), Some(Fault::DropReply));
    }
}
