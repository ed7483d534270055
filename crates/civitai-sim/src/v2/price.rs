//! What a workflow costs.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::template::Template;

/// The price of a workflow in Buzz.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cost {
    /// The price of each step.
    pub(crate) steps: Vec<u64>,
    pub(crate) factors: BTreeMap<&'static str, f64>,
    /// The tip for the service and the tip for creators.
    pub(crate) tips: (u64, u64),
}

impl Cost {
    pub(crate) fn of(template: &Template) -> Self {
        let mut cost = Self::default();
        for step in &template.steps {
            let factors = step.kind.factors(&step.input);
            let product: f64 = factors.values().product();
            cost.steps
                .push((step.kind.price as f64 * product).ceil() as u64);
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
        self.base() + self.tips.0 + self.tips.1
    }

    /// The share of the total that falls to the steps for which `lost` says so.
    pub(crate) fn share(&self, lost: impl Fn(usize) -> bool) -> u64 {
        let steps = || self.steps.iter().enumerate();
        if steps().all(|(index, _)| lost(index)) {
            return self.total();
        }
        let base = steps()
            .filter(|(index, _)| lost(*index))
            .map(|(_, price)| price)
            .sum::<u64>();
        (base * self.total()).checked_div(self.base()).unwrap_or(0)
    }

    /// The price as replies show it.
    pub(crate) fn view(&self) -> Value {
        json!({
            "base": self.base(),
            "factors": self.factors,
            "fixed": {},
            "tips": {"civitai": self.tips.0, "creators": self.tips.1},
            "total": self.total(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::template;
    use super::*;

    #[test]
    fn tips_are_on_top_and_lost_steps_come_off_with_their_share_of_them() {
        let image = |quantity: u32| {
            json!({"$type": "imageGen", "input": {
                "engine": "flux2", "model": "klein", "operation": "createImage",
                "modelVersion": "4b", "prompt": "a bay", "quantity": quantity,
            }})
        };
        let template = template::read(&json!({
            "steps": [image(1), image(3)],
            "tips": {"civitai": 0.25, "creators": 0.25},
        }));
        let cost = Cost::of(&template.unwrap());
        assert_eq!(cost.steps, [8, 24]);
        assert_eq!((cost.base(), cost.tips, cost.total()), (32, (8, 8), 48));
        assert_eq!(cost.share(|step| step == 0), 12);
        assert_eq!(cost.share(|_| true), 48);
        assert_eq!(cost.share(|_| false), 0);
    }
}
