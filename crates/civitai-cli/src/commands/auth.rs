//! `auth`: puts tokens into profiles and takes them out again.

use std::io::{self, IsTerminal as _, Read as _};
use std::time::Duration;

use clap::{Args, Subcommand};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use crate::common::Common;
use crate::connect::{Session, clean};
use crate::exit;
use crate::failure::{Failure, chain};
use crate::profile::{self, Profile};
use crate::{screen, system_keyring};

/// The longest token that is read from stdin, in bytes.
const LONGEST: u64 = 10_000;

/// Keeps API tokens in profiles.
#[derive(Debug, Args)]
pub(crate) struct Auth {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reads a token from the terminal or from stdin, asks the service whether it is good, and keeps it in a
    /// file that only you can read.
    #[command(after_help = exit::HELP)]
    Login(Login),
    /// Forgets the token of a profile.
    #[command(after_help = exit::HELP)]
    Logout(Logout),
    /// Says which profiles there are, and whether the service takes the token that would be used.
    #[command(after_help = exit::HELP)]
    Status(Status),
}

#[derive(Debug, Args)]
struct Login {
    /// The profile to keep it in; `default` is the one that counts without --profile.
    #[arg(value_name = "PROFILE", default_value = profile::DEFAULT)]
    name: String,

    /// The address of the API for this profile, where it is not the service's own.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,

    /// Keeps the token in the keyring of the system in place of a file.
    #[arg(long)]
    keyring: bool,

    /// Keeps the token without asking the service.
    #[arg(long)]
    unchecked: bool,
}

#[derive(Debug, Args)]
struct Logout {
    /// The profile.
    #[arg(value_name = "PROFILE", default_value = profile::DEFAULT)]
    name: String,
}

#[derive(Debug, Args)]
struct Status {
    #[command(flatten)]
    common: Common,
}

impl Auth {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Login(login) => login.run().await,
            Command::Logout(logout) => logout.run(),
            Command::Status(status) => status.run().await,
        }
    }
}

impl Login {
    async fn run(self) -> Result<(), Failure> {
        if self.keyring {
            system_keyring::ready()?;
        }
        let profile = Profile {
            token: Some(clean(&read()?)?),
            base_url: self.base_url,
            keyring: self.keyring,
        };
        if !self.unchecked {
            Session::of(&profile)?.check().await?;
        }
        let file = profile::keep(&self.name, &profile)?;
        let (name, file) = (&self.name, file.display());
        screen::note(&match self.keyring {
            true => format!("the token of the profile `{name}` is in the keyring of the system"),
            false => format!("the token is in the profile `{name}` of {file}"),
        });
        Ok(())
    }
}

impl Logout {
    fn run(self) -> Result<(), Failure> {
        profile::forget(&self.name)?;
        screen::note(&format!("the profile `{}` is gone", self.name));
        Ok(())
    }
}

impl Status {
    async fn run(self) -> Result<(), Failure> {
        let profiles = profile::names()?;
        let session = self.common.connection.open(Duration::ZERO).await?;
        session.check().await?;
        let address = session.service();
        let document = json!({ "address": address, "token": "good", "profiles": profiles });
        let known = match profiles.is_empty() {
            true => "no profiles".to_owned(),
            false => format!("profiles: {}", profiles.join(", ")),
        };
        let line = format!("{address} takes the token; {known}");
        screen::rows([(document, line)], self.common.json)
    }
}

/// Reads a token: from the terminal without showing it, or from stdin.
fn read() -> Result<SecretString, Failure> {
    let unread = |error: io::Error| {
        let what = format!("the token cannot be read: {}", chain(&error));
        Failure::new(exit::TOKEN, what)
    };
    if io::stdin().is_terminal() {
        let text = rpassword::prompt_password("API token: ").map_err(unread)?;
        return Ok(text.into());
    }
    let mut text = String::new();
    let mut input = io::stdin().take(LONGEST);
    input.read_to_string(&mut text).map_err(unread)?;
    let token = SecretString::from(text);
    match token.expose_secret().trim().is_empty() {
        true => Err(Failure::new(exit::TOKEN, "stdin has no token")
            .advise("give it as in: civitai-jobs auth login < token.txt")),
        false => Ok(token),
    }
}
