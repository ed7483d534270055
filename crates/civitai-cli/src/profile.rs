//! Profiles: tokens and addresses under a name, in a file of the user's settings folder.
//!
//! The file is `profiles.json`: `{"work": {"token": "…", "baseUrl": "https://…"}}`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use directories::ProjectDirs;
use secrecy::SecretString;
use serde::Deserialize;

use crate::exit;
use crate::failure::{Failure, chain};

/// The profile that counts where none is named.
pub(crate) const DEFAULT: &str = "default";
const FILE: &str = "profiles.json";

/// What a profile holds.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Profile {
    pub(crate) token: Option<SecretString>,
    /// The address of the API, where it is not the service's own.
    pub(crate) base_url: Option<String>,
}

impl Profile {
    /// Reads the profile that was asked for, or the default one, which may be missing.
    pub(crate) fn read(name: Option<&str>) -> Result<Self, Failure> {
        let mut profiles = all()?;
        let found = profiles.remove(name.unwrap_or(DEFAULT));
        match (found, name) {
            (Some(profile), _) => Ok(profile),
            (None, None) => Ok(Self::default()),
            (None, Some(name)) => {
                let names: Vec<_> = profiles.into_keys().collect();
                let there = match names.is_empty() {
                    true => "there is none yet".to_owned(),
                    false => format!("there are {}", names.join(", ")),
                };
                let what = format!("there is no profile `{name}`");
                Err(Failure::new(exit::TOKEN, what).advise(there))
            }
        }
    }
}

/// The folder of the user's settings; nothing where the system names no home.
pub(crate) fn folder() -> Option<PathBuf> {
    let places = ProjectDirs::from("", "", "civitai-jobs")?;
    Some(places.config_dir().to_owned())
}

/// All profiles of the user by their names.
fn all() -> Result<BTreeMap<String, Profile>, Failure> {
    let Some(file) = folder().map(|folder| folder.join(FILE)) else {
        return Ok(BTreeMap::new());
    };
    let unusable = |why: String| {
        let what = format!("the profiles in `{}` cannot be read: {why}", file.display());
        Failure::new(exit::TOKEN, what)
    };
    // The message of the parser may repeat a token.
    let place = |error: serde_json::Error| {
        let (line, column) = (error.line(), error.column());
        format!("line {line}, column {column} is not as the README shows it")
    };
    match std::fs::read(&file) {
        Ok(text) => serde_json::from_slice(&text).map_err(|error| unusable(place(error))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(unusable(chain(&error))),
    }
}
