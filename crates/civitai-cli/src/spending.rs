//! What may be spent: limits, the price before anything is paid, and the question to the user.

use std::time::Duration;

use civitai_jobs::{Buzz, WorkflowRequest};
use clap::Args;

use crate::event::{Event, warn};
use crate::exit;
use crate::failure::Failure;
use crate::ledger::{Budget, Entry};
use crate::run::Run;
use crate::screen;
use crate::substituted::Substituted;

/// A request within this long that asks for the same is named before it is paid again.
const SAME: Duration = Duration::from_secs(24 * 60 * 60);

/// What may be spent.
#[derive(Clone, Debug, Args)]
pub(crate) struct Spending {
    /// Submits nothing that costs more Buzz than this.
    #[arg(long, value_name = "BUZZ", value_parser = buzz)]
    max_cost: Option<Buzz>,

    /// Submits nothing that brings all that the ledger tells over this: 400/day, 1000/week, 3000/month or 400/all; a day
    /// where it is not said.
    #[arg(long, value_name = "BUZZ[/TIME]", value_parser = budget)]
    budget: Option<Budget>,

    /// Asks on a terminal before more Buzz than this are spent.
    #[arg(long, value_name = "BUZZ", default_value = "100", value_parser = buzz)]
    ask_above: Buzz,

    /// Asks nothing.
    #[arg(long, short)]
    yes: bool,

    /// Fails where the service puts another model, engine or number in place of what was asked for. It is asked
    /// before, and nothing is submitted then; without this there is a warning.
    #[arg(long)]
    fail_on_substitution: bool,
}

impl Spending {
    /// The cap over all that the ledger tells.
    pub(crate) fn budget(&self) -> Option<Budget> {
        self.budget
    }

    /// Whether the service is to be asked before.
    pub(crate) fn needs_price(&self) -> bool {
        self.max_cost.is_some() || self.budget.is_some() || self.fail_on_substitution
    }

    /// What becomes of it where the service puts something else in place of what was asked for.
    pub(crate) fn substituted(&self, json: bool) -> Substituted {
        Substituted::new(self.fail_on_substitution, json)
    }

    /// Asks for the price where somebody wants to know it, and for leave where it is high or the same was asked for
    /// before.
    pub(crate) async fn agree(
        &self,
        run: &Run,
        entry: &Entry,
        request: &WorkflowRequest,
        substituted: &mut Substituted,
    ) -> Result<Option<Buzz>, Failure> {
        let may_ask = screen::is_attended() && !self.yes && !run.again.is_local();
        let price = if self.needs_price() || may_ask {
            self.price(run, request, substituted).await?
        } else {
            None
        };
        self.same(run, entry, may_ask).await?;
        let question = match price {
            Some(price) if price > self.ask_above => format!("This costs {price} Buzz. Go on?"),
            None if may_ask => "The price is not known. Go on?".to_owned(),
            _ => return Ok(price),
        };
        if may_ask && !screen::ask(&question) {
            return Err(declined());
        }
        Ok(price)
    }

    /// The same where the service tells no price before.
    pub(crate) async fn agree_unpriced(&self, run: &Run, entry: &Entry) -> Result<(), Failure> {
        let may_ask = screen::is_attended() && !self.yes && !run.again.is_local();
        self.same(run, entry, may_ask).await
    }

    /// The price; none where the service does not tell it and no limit needs it.
    async fn price(
        &self,
        run: &Run,
        request: &WorkflowRequest,
        substituted: &mut Substituted,
    ) -> Result<Option<Buzz>, Failure> {
        let preview = match run.client().workflows().preview(request).await {
            Ok(preview) => preview,
            // The service is known to fail at prices of steps that take what others make.
            Err(error)
                if error.status().is_some_and(|status| status >= 500) && !self.needs_price() =>
            {
                return Ok(None);
            }
            Err(error) => {
                let advice =
                    "the price is needed for --max-cost, --budget and --fail-on-substitution";
                let failure = Failure::call(&error);
                return Err(if error.is_retryable() {
                    failure.advise(advice)
                } else {
                    failure
                });
            }
        };
        substituted.before(request, preview.snapshot())?;
        let cost = preview.price();
        let (ceiling, affordable) = (preview.is_price_ceiling(), preview.is_affordable());
        if run.json {
            Event::Priced {
                cost,
                ceiling,
                affordable,
            }
            .print()?;
        }
        if !affordable {
            let what = format!("the price is {cost} Buzz, and the account does not have them");
            return Err(Failure::new(exit::REFUSED, what).advise("the account needs more Buzz"));
        }
        if let Some(most) = self.max_cost.filter(|most| cost > *most) {
            let what = format!("the price is {cost} Buzz, and --max-cost allows {most}");
            return Err(Failure::new(exit::TOO_DEAR, what).advise("nothing was submitted"));
        }
        Ok(Some(cost))
    }

    /// Names what was asked for before.
    async fn same(&self, run: &Run, entry: &Entry, may_ask: bool) -> Result<(), Failure> {
        let Some(same) = run.ledger.same(entry, SAME).await? else {
            return Ok(());
        };
        let hours = entry.created_at.saturating_sub(same.created_at) / 3_600;
        let when = match hours {
            0 => "less than an hour ago".to_owned(),
            1 => "an hour ago".to_owned(),
            hours => format!("{hours} hours ago"),
        };
        let id = same.work.unwrap_or_else(|| same.key.to_string());
        let state = same.state.name();
        let cost = same
            .cost
            .map(|cost| format!(" for {cost} Buzz"))
            .unwrap_or_default();
        let message = format!(
            "the same was asked for {when}{cost}, and is {state}: `civitai-jobs get {id}` gives its files"
        );
        warn(&message, run.json)?;
        if may_ask && !screen::ask("Pay for it once more?") {
            return Err(declined());
        }
        Ok(())
    }
}

fn declined() -> Failure {
    Failure::new(exit::TOO_DEAR, "nothing was submitted")
}

/// Reads an amount of Buzz.
pub(crate) fn buzz(text: &str) -> Result<Buzz, String> {
    let number = text
        .trim()
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite() && *number >= 0.0);
    number
        .map(Buzz::from_f64)
        .ok_or_else(|| "expected an amount of Buzz, such as 40".to_owned())
}

fn budget(text: &str) -> Result<Budget, String> {
    let (limit, time) = text.split_once('/').unwrap_or((text, "day"));
    let days = match time {
        "day" => Some(1),
        "week" => Some(7),
        "month" => Some(30),
        "all" => None,
        _ => {
            return Err(
                "expected Buzz and a time, such as 400/day, 1000/week, 3000/month or 400/all"
                    .to_owned(),
            );
        }
    };
    Ok(Budget {
        limit: buzz(limit)?,
        within: days.map(|days| Duration::from_secs(days * 86_400)),
    })
}
