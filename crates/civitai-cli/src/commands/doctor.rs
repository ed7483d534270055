//! `doctor`: what may be wrong between the program and the service, and what to do about it.

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::json;

use crate::common::Common;
use crate::connect::Session;
use crate::exit;
use crate::failure::{Failure, chain};
use crate::ledger::Recording;
use crate::{folder, profile, screen};

/// How far the clocks may be apart, in seconds, before signed links seem to end too soon.
const MOST_SKEW: i64 = 60;

/// How many bytes are to be free where files go.
const LEAST_FREE: u64 = 500_000_000;

/// Looks at token, address, clock, ledger and folder, and says what is wrong and what to do.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Doctor {
    /// The folder for files that is looked at.
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,

    #[command(flatten)]
    recording: Recording,

    #[command(flatten)]
    common: Common,
}

/// What was looked at, and what came of it.
type Finding = (&'static str, Result<String, Failure>);

impl Doctor {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let mut findings: Vec<Finding> = vec![("settings", settings())];
        match self.common.connection.open(Duration::ZERO).await {
            Err(failure) => {
                findings.push(("token", Err(failure)));
                findings.push(("ledger", self.ledger(None).await));
            }
            Ok(session) => {
                findings.push(("address and token", reached(&session).await));
                findings.push(("clock", clock(&session).await));
                findings.push(("ledger", self.ledger(Some(&session)).await));
            }
        }
        findings.push(("folder", self.folder()));
        let first = findings
            .iter()
            .find_map(|(_, found)| found.as_ref().err().map(Failure::code));
        let rows = findings.iter().map(|(what, found)| {
            let (good, said) = match found {
                Ok(said) => (true, said.clone()),
                Err(failure) => (false, failure.to_string()),
            };
            let mark = if good { "ok " } else { "bad" };
            (
                json!({ "what": what, "good": good, "said": said }),
                format!("{mark} {what}: {said}"),
            )
        });
        screen::rows(rows, self.common.json)?;
        match first {
            Some(code) => Err(Failure::new(code, "something is wrong").advise("see above")),
            None => Ok(()),
        }
    }

    /// Opens the ledger, which tries that it can be written, and counts what is open.
    async fn ledger(&self, session: Option<&Session>) -> Result<String, Failure> {
        let ledger = self.recording.open(session.is_some_and(Session::is_local));
        let ledger = ledger.await?;
        let Some(session) = session else {
            return Ok("it can be read and written".to_owned());
        };
        Ok(match ledger.open_entries(session.service()).await?.len() {
            0 => "nothing is open".to_owned(),
            count => format!("{count} open; `civitai-jobs resume` takes them up"),
        })
    }

    fn folder(&self) -> Result<String, Failure> {
        folder::ready(&self.out)?;
        let shown = self.out.display();
        let tried = tempfile::NamedTempFile::new_in(&self.out);
        tried.map_err(|error| {
            let what = format!("nothing can be written to `{shown}`: {}", chain(&error));
            Failure::new(exit::NOT_SAVED, what)
        })?;
        match fs4::available_space(&self.out) {
            Ok(free) => room(free, &shown.to_string()),
            // Some file systems do not tell.
            Err(_) => Ok(format!("files can be written to `{shown}`")),
        }
    }
}

/// Whether there is room for files, of which a video may be a tenth of the least.
fn room(free: u64, shown: &str) -> Result<String, Failure> {
    let amount = match free {
        0..1_000_000_000 => format!("{} MB", free / 1_000_000),
        _ => format!("{:.1} GB", free as f64 / 1e9),
    };
    if free < LEAST_FREE {
        let what = format!("only {amount} are free where `{shown}` is");
        let advice = "make room, or name a folder elsewhere with --out";
        return Err(Failure::new(exit::NOT_SAVED, what).advise(advice));
    }
    Ok(format!(
        "files can be written to `{shown}`, {amount} are free"
    ))
}

fn settings() -> Result<String, Failure> {
    let names = profile::names()?;
    Ok(match names.is_empty() {
        true => "there are no profiles".to_owned(),
        false => format!("profiles {}", names.join(", ")),
    })
}

async fn reached(session: &Session) -> Result<String, Failure> {
    session.check().await?;
    let address = session.service();
    Ok(format!("{address} takes the token"))
}

/// How far this clock is from that of the service, by the `Date` of a reply.
async fn clock(session: &Session) -> Result<String, Failure> {
    let http = session.client().api().http();
    // No credential: whoever answers tells the time.
    let reply = http.client().head(http.base_url()).send().await;
    let reply =
        reply.map_err(|error| Failure::new(exit::UNREACHABLE, chain(&error.without_url())))?;
    let date = reply
        .headers()
        .get("date")
        .and_then(|date| date.to_str().ok());
    let Some(date) = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok()) else {
        return Ok("the service tells no time".to_owned());
    };
    let skew = (Utc::now() - date.to_utc()).num_seconds();
    if skew.abs() > MOST_SKEW {
        let way = if skew > 0 { "ahead of" } else { "behind" };
        let what = format!("this clock is {} s {way} the service's", skew.abs());
        return Err(Failure::new(exit::INPUT, what).advise("set the clock"));
    }
    Ok("as the service's".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_is_nearly_full_is_told() {
        assert_eq!(
            room(79_940_000_000, "out").unwrap(),
            "files can be written to `out`, 79.9 GB are free"
        );
        let failure = room(4_200_000, "out").unwrap_err();
        assert_eq!(failure.code(), exit::NOT_SAVED);
        assert_eq!(
            failure.to_string(),
            "error: only 4 MB are free where `out` is; make room, or name a folder elsewhere with --out"
        );
    }
}
