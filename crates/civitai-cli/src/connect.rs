//! The client that a command works with: for the service, or for a simulator inside the program.

use std::time::Duration;

use civitai_jobs::{Client, ClientBuilder, Pace, SubmitPolicy, WatchPolicy};
use civitai_sim::{SimTime, Simulator, Speed};
use clap::Args;
use file_save::Connections;
use reqwest::{Method, RequestBuilder};
use secrecy::{ExposeSecret as _, SecretString};

use crate::exit;
use crate::failure::{Failure, chain};
use crate::profile::Profile;

const TOKEN: &str = "CIVITAI_API_TOKEN";
const BASE_URL: &str = "CIVITAI_BASE_URL";
/// How long to find out what became of a submission without a clear answer.
const LONGEST_SEARCH: Duration = Duration::from_secs(120);

/// Which service is asked, and who asks; or a simulator.
#[derive(Clone, Debug, Args)]
pub(crate) struct Connection {
    /// Runs against a simulator inside the program; needs no account and no network. Its time runs 4 times as fast as
    /// on the wall, or as is said: 1, 60, max.
    #[arg(
        long, value_name = "SPEED", num_args = 0..=1, require_equals = true, default_missing_value = "4",
        conflicts_with_all = ["base_url", "profile"]
    )]
    local: Option<Speed>,

    #[command(flatten)]
    remote: Remote,
}

/// Which service is asked, and who asks.
#[derive(Clone, Debug, Args)]
pub(crate) struct Remote {
    /// Another address of the API [env: CIVITAI_BASE_URL].
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,

    /// The profile whose token and address are used [env: CIVITAI_PROFILE].
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
}

/// A client, and the simulator that it talks to where that is inside the program.
#[derive(Debug)]
pub(crate) struct Session {
    client: Client,
    token: SecretString,
    /// The address of the API.
    service: String,
    /// Lives as long as the session.
    sim: Option<Simulator>,
}

impl Connection {
    /// Makes a client whose watches give up after `deadline`.
    pub(crate) async fn open(&self, deadline: Duration) -> Result<Session, Failure> {
        if let Some(speed) = self.local {
            return local(speed, deadline).await;
        }
        self.remote.open(deadline)
    }

    /// The arguments that lead to the same service again, of those that were given.
    pub(crate) fn given(&self) -> Vec<(&'static str, &str)> {
        self.remote.given()
    }
}

impl Remote {
    /// Makes a client whose watches give up after `deadline`.
    pub(crate) fn open(&self, deadline: Duration) -> Result<Session, Failure> {
        let profile = self.profile()?;
        Session::to(self.address(&profile), token(&profile)?, deadline)
    }

    /// The arguments that lead to the same service again, of those that were given.
    pub(crate) fn given(&self) -> Vec<(&'static str, &str)> {
        let given = [("--base-url", &self.base_url), ("--profile", &self.profile)];
        let given = given.into_iter();
        given
            .filter_map(|(name, value)| Some((name, value.as_deref()?)))
            .collect()
    }

    fn profile(&self) -> Result<Profile, Failure> {
        let set = variable("CIVITAI_PROFILE");
        Profile::read(self.profile.as_deref().or(set.as_deref()))
    }

    /// The address that was asked for, or else the service's own.
    fn address(&self, profile: &Profile) -> String {
        let given = self.base_url.clone().filter(|url| !url.trim().is_empty());
        let set = given
            .or_else(|| variable(BASE_URL))
            .or_else(|| profile.base_url.clone());
        let url = set.unwrap_or_else(|| civitai_api::BASE_URL.to_owned());
        url.trim().trim_end_matches('/').to_owned()
    }
}

impl Session {
    /// Makes a client with the token of a profile, which must have one, at its address.
    pub(crate) fn of(profile: &Profile) -> Result<Self, Failure> {
        let token = profile.token.clone().unwrap_or_default();
        let address = profile.base_url.as_deref().unwrap_or(civitai_api::BASE_URL);
        Self::to(
            address.trim_end_matches('/').to_owned(),
            token,
            Duration::ZERO,
        )
    }

    /// Makes a client for a service at an address.
    pub(crate) fn to(
        service: String,
        token: SecretString,
        deadline: Duration,
    ) -> Result<Self, Failure> {
        let builder = Client::builder().token(token.clone()).base_url(&service);
        let client = build(builder, WatchPolicy::default(), deadline)?;
        Ok(Self {
            client,
            token,
            service,
            sim: None,
        })
    }

    /// Asks the service for something that costs nothing, to see whether it takes the token.
    pub(crate) async fn check(&self) -> Result<(), Failure> {
        let mut newest = self.client.workflows().list().page_size(1).stream();
        match newest.next().await {
            Some(Err(error)) => Err(Failure::call(&error)),
            _ => Ok(()),
        }
    }

    /// Starts a request to the API with the token, for a path that begins with a slash.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let http = self.client.api().http().client();
        let request = http.request(method, format!("{}{path}", self.service));
        request.bearer_auth(self.token.expose_secret())
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The address of the API, by which the ledger knows the service.
    pub(crate) fn service(&self) -> &str {
        &self.service
    }

    /// Whether the work is gone when the program ends.
    pub(crate) fn is_local(&self) -> bool {
        self.sim.is_some()
    }
}

/// The token of the environment, or else of the profile.
fn token(profile: &Profile) -> Result<SecretString, Failure> {
    let set = variable(TOKEN).map(SecretString::from);
    let Some(token) = set.or_else(|| profile.token.clone()) else {
        let missing = "put your API token in the environment variable CIVITAI_API_TOKEN or keep it with \
             `civitai-jobs auth login`, or try --local";
        return Err(Failure::new(exit::TOKEN, "there is no API token").advise(missing));
    };
    clean(&token)
}

/// A token without the spaces around it, and refused where it cannot be one.
pub(crate) fn clean(token: &SecretString) -> Result<SecretString, Failure> {
    let plain = token.expose_secret().trim();
    if plain.is_empty() || !plain.bytes().all(|byte| byte.is_ascii_graphic()) {
        let what = format!("{TOKEN}, the profile or the input holds characters that no token has");
        return Err(Failure::new(exit::TOKEN, what).advise("copy the token anew"));
    }
    Ok(plain.to_owned().into())
}

/// A variable of the environment that says something. What is no Unicode is no token and no address
/// either, and is refused as such.
fn variable(name: &str) -> Option<String> {
    let set = std::env::var_os(name)?.to_string_lossy().into_owned();
    Some(set).filter(|set| !set.trim().is_empty())
}

/// A client for a simulator that lives as long as the session.
async fn local(speed: Speed, deadline: Duration) -> Result<Session, Failure> {
    let sim = Simulator::builder().time(SimTime::at(speed)).start();
    let sim = sim
        .await
        .map_err(|error| Failure::system("the local simulator cannot start", &error))?;
    let builder = Client::builder()
        .token(sim.token().to_owned())
        .base_url(sim.base_url());
    let token = SecretString::from(sim.token().to_owned());
    let pace = Pace::growing(Duration::from_millis(100), Duration::from_millis(500));
    let client = build(builder, WatchPolicy::default().pace(pace), deadline)?;
    Ok(Session {
        client,
        token,
        service: sim.base_url().to_owned(),
        sim: Some(sim),
    })
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
    builder.build().map_err(|error| {
        let failure = Failure::input(chain(&error));
        // Where no client can be made at all, it is not what was asked for that is wrong.
        match Connections::new(false) {
            Ok(_) => failure,
            Err(_) => failure.advise(
                "install the certificates of your system (ca-certificates), or name a file of them in SSL_CERT_FILE",
            ),
        }
    })
}
