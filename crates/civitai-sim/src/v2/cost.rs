//! Prices of workflows: what they are made of, and what is given back.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::shape::Shape;
use super::template::Template;

/// The price of a workflow in Buzz.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Cost {
    /// The price of each step.
    pub(crate) steps: Vec<u64>,
    /// The share of its price that a step is charged at the end, where its price is a ceiling.
    pub(crate) shares: Vec<Option<f64>>,
    pub(crate) factors: BTreeMap<String, f64>,
    /// The tip for the service and the tip for creators.
    pub(crate) tips: (u64, u64),
    /// The price of loading models in the fast lane.
    pub(crate) boost: u64,
}

impl Cost {
    pub(crate) fn of(template: &Template) -> Self {
        let mut cost = Self::default();
        for step in &template.steps {
            let factors = step.kind().factors(&step.input);
            let product: f64 = factors.values().product();
            cost.steps
                .push((step.kind().price as f64 * product).ceil() as u64);
            // Several steps share one map of factors; those of one step say it all.
            if template.steps.len() == 1 {
                cost.factors = factors;
            }
        }
        let tip = |rate: f64| (cost.base() as f64 * rate).ceil() as u64;
        cost.tips = (tip(template.tips.0), tip(template.tips.1));
        cost
    }

    pub(crate) fn base(&self) -> u64 {
        self.steps.iter().sum()
    }

    pub(crate) fn total(&self) -> u64 {
        self.base() + self.tips.0 + self.tips.1 + self.boost
    }

    /// What is to be given back at the end, of the total: the price of steps that did not succeed,
    /// what a ceiling was higher than the work, and their shares of the tips.
    pub(crate) fn owed(&self, succeeded: impl Fn(usize) -> bool) -> u64 {
        let steps = || self.steps.iter().enumerate();
        if !steps().any(|(index, _)| succeeded(index)) {
            return self.total();
        }
        let back = |(index, price): (usize, &u64)| {
            let kept = if succeeded(index) {
                self.charged(index)
            } else {
                0
            };
            price - kept
        };
        let back: u64 = steps().map(back).sum();
        let with_tips = self.base() + self.tips.0 + self.tips.1;
        (back * with_tips).checked_div(self.base()).unwrap_or(0)
    }

    /// What a step costs in the end if it succeeds.
    fn charged(&self, step: usize) -> u64 {
        let price = self.steps[step];
        let share = self.shares.get(step).copied().flatten();
        share.map_or(price, |share| (price as f64 * share).ceil() as u64)
    }

    /// Whether the price is a ceiling.
    fn is_variable(&self) -> bool {
        self.shares.iter().any(Option::is_some)
    }

    /// The price as replies of a shape show it.
    pub(crate) fn view(&self, shape: Shape) -> Value {
        let mut fixed = Map::new();
        if self.boost > 0 {
            fixed.insert("downloadPriority".to_owned(), self.boost.into());
        }
        let mut view = json!({
            "base": self.base(),
            "factors": self.factors,
            "fixed": fixed,
            "tips": {"civitai": self.tips.0, "creators": self.tips.1},
            "total": self.total(),
        });
        if self.is_variable() && shape.is_new() {
            view["variable"] = true.into();
        }
        view
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::settings::Settings;
    use super::super::submission;
    use super::*;

    #[test]
    fn tips_are_on_top_and_lost_steps_come_off_with_their_share_of_them() {
        let image = |quantity: u32| {
            json!({"$type": "imageGen", "input": {
                "engine": "flux2", "model": "klein", "operation": "createImage",
                "modelVersion": "4b", "prompt": "a bay", "quantity": quantity,
            }})
        };
        let template = submission::read(
            &json!({
                "steps": [image(1), image(3)],
                "tips": {"civitai": 0.25, "creators": 0.25},
            }),
            &Settings::default(),
        );
        let cost = Cost::of(&template.unwrap());
        assert_eq!(cost.steps, [8, 24]);
        assert_eq!((cost.base(), cost.tips, cost.total()), (32, (8, 8), 48));
        assert_eq!(cost.owed(|step| step == 1), 12);
        assert_eq!(cost.owed(|_| false), 48);
        assert_eq!(cost.owed(|_| true), 0);
        let ceiling = Cost {
            shares: vec![Some(0.3), None],
            boost: 5,
            ..cost
        };
        assert_eq!(ceiling.total(), 53);
        // 3 of 8 Buzz were worked for, so that 5 and half as much of tips come back.
        assert_eq!(ceiling.owed(|_| true), 7);
        assert_eq!(ceiling.owed(|_| false), 53);
    }
}
