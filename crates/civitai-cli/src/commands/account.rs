//! `account`: what has been made and what it cost.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use civitai_jobs::Buzz;
use clap::Args;
use serde_json::json;

use crate::common::Common;
use crate::exit;
use crate::failure::Failure;
use crate::screen;

/// Says what the account has made in a period, and for how many Buzz.
///
/// The service adds up the jobs of its older API and tells no balance.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Account {
    /// The beginning, such as 2026-11-01 or 2026-11-01T08:00:00Z; the default is the service's choice.
    #[arg(long, value_name = "DATE", value_parser = date)]
    since: Option<DateTime<Utc>>,

    /// The end, such as 2026-12-01; the default is now.
    #[arg(long, value_name = "DATE", value_parser = date)]
    until: Option<DateTime<Utc>>,

    #[command(flatten)]
    common: Common,
}

impl Account {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let session = self.common.connection.open(Duration::ZERO).await?;
        let period = (
            self.since
                .map_or(std::ops::Bound::Unbounded, std::ops::Bound::Included),
            self.until
                .map_or(std::ops::Bound::Unbounded, std::ops::Bound::Excluded),
        );
        let used = session.client().account().consumption(period).await;
        let used = used.map_err(|error| Failure::call(&error))?;
        if self.common.json {
            let document = json!({
                "since": used.start,
                "until": used.end,
                "images": used.images,
                "buzz": used.cost.map(Buzz::as_f64),
            });
            return screen::print(&format!("{document:#}\n"));
        }
        let shown = |date: Option<DateTime<Utc>>, open: &str| {
            date.map_or_else(
                || open.to_owned(),
                |date| date.format("%F %R UTC").to_string(),
            )
        };
        let images = used
            .images
            .map_or_else(|| "?".to_owned(), |images| images.to_string());
        let cost = used
            .cost
            .map_or_else(|| "?".to_owned(), |cost| cost.to_string());
        screen::print(&format!(
            "{images} images for {cost} from {} to {}\n",
            shown(used.start, "the beginning"),
            shown(used.end, "now"),
        ))
    }
}

/// Reads a day, which begins at midnight UTC, or a time with an offset.
fn date(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(day.and_time(NaiveTime::MIN).and_utc());
    }
    let time = DateTime::parse_from_rfc3339(text);
    time.map(|time| time.to_utc()).map_err(|_| {
        "expected a date, such as 2026-11-01, or a time, such as 2026-11-01T08:00:00Z".to_owned()
    })
}
