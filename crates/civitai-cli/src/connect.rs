//! The client that a command works with: for the service, or for a simulator inside the program.

use std::time::Duration;

use civitai_jobs::{Client, ClientBuilder, Pace, SubmitPolicy, WatchPolicy};
use civitai_sim::{SimTime, Simulator};

use crate::args::Common;
use crate::exit;
use crate::failure::{Failure, chain};

const TOKEN: &str = "CIVITAI_API_TOKEN";
const BASE_URL: &str = "CIVITAI_BASE_URL";
/// How long to find out what became of a submission without a clear answer.
const LONGEST_SEARCH: Duration = Duration::from_secs(120);
/// A picture of 30 steps takes 9 s of simulated time.
const LOCAL_SPEED: f64 = 4.0;

/// The address to use in place of the service's own.
pub(crate) fn base_url(common: &Common) -> Option<String> {
    let set = || std::env::var(BASE_URL).ok();
    let url = common.base_url.clone().or_else(set);
    url.filter(|url| !url.trim().is_empty())
}

/// A client for the service, with the token from the environment.
pub(crate) fn remote(common: &Common) -> Result<Client, Failure> {
    let token = std::env::var(TOKEN).unwrap_or_default();
    let token = token.trim();
    let missing =
        "put your API token in the environment variable CIVITAI_API_TOKEN, or try --local";
    if token.is_empty() {
        return Err(Failure::new(exit::TOKEN, "there is no API token").advise(missing));
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        let what = format!("{TOKEN} holds characters that no token has");
        return Err(Failure::new(exit::TOKEN, what).advise("copy the token anew"));
    }
    let mut builder = Client::builder().token(token);
    if let Some(url) = base_url(common) {
        builder = builder.base_url(url);
    }
    build(builder, WatchPolicy::default(), common.timeout)
}

/// A client for a simulator that lives as long as what is returned with it.
pub(crate) async fn local(common: &Common) -> Result<(Client, Simulator), Failure> {
    let sim = Simulator::builder()
        .time(SimTime::real(LOCAL_SPEED))
        .start();
    let sim = sim
        .await
        .map_err(|error| Failure::system("the local simulator cannot start", &error))?;
    let builder = Client::builder()
        .token(sim.token().to_owned())
        .base_url(sim.base_url());
    let pace = Pace::growing(Duration::from_millis(100), Duration::from_millis(500));
    let policy = WatchPolicy::default().pace(pace);
    Ok((build(builder, policy, common.timeout)?, sim))
}

fn build(
    builder: ClientBuilder,
    policy: WatchPolicy,
    deadline: Duration,
) -> Result<Client, Failure> {
    let policy = policy.deadline(deadline);
    let submitting = SubmitPolicy::default();
    let submitting = submitting.patience(deadline.min(LONGEST_SEARCH));
    let builder = builder.watch_policy(policy).submit_policy(submitting);
    let client = builder.build();
    client.map_err(|error| Failure::input(chain(&error)))
}
