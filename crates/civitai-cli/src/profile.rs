//! Profiles: tokens and addresses under a name, in a file of the user's settings folder.
//!
//! The file is `profiles.json`: `{"work": {"token": "…", "baseUrl": "https://…"}}`.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;

use directories::ProjectDirs;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use crate::exit;
use crate::failure::{Failure, chain};
use crate::system_keyring;

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
    /// Whether the token is in the keyring of the system, and not here.
    #[serde(default)]
    pub(crate) keyring: bool,
}

impl Profile {
    /// Reads the profile that was asked for, or the default one, which may be missing.
    pub(crate) fn read(name: Option<&str>) -> Result<Self, Failure> {
        let mut profiles = all()?;
        let found = profiles.remove(name.unwrap_or(DEFAULT));
        match (found, name) {
            (Some(mut profile), _) => {
                if profile.keyring {
                    profile.token = Some(system_keyring::token(name.unwrap_or(DEFAULT))?);
                }
                Ok(profile)
            }
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

/// The names of the profiles.
pub(crate) fn names() -> Result<Vec<String>, Failure> {
    Ok(all()?.into_keys().collect())
}

/// Keeps a profile under a name, in place of one that was there, and returns the file.
pub(crate) fn keep(name: &str, profile: &Profile) -> Result<PathBuf, Failure> {
    let mut profiles = all()?;
    let mut profile = profile.clone();
    if profile.keyring
        && let Some(token) = profile.token.take()
    {
        system_keyring::keep(name, &token)?;
    }
    profiles.insert(name.to_owned(), profile);
    write(&profiles)
}

/// Forgets a profile.
pub(crate) fn forget(name: &str) -> Result<(), Failure> {
    let mut profiles = all()?;
    let Some(profile) = profiles.remove(name) else {
        let what = format!("there is no profile `{name}`");
        return Err(Failure::input(what));
    };
    if profile.keyring {
        system_keyring::forget(name)?;
    }
    write(&profiles).map(drop)
}

/// Writes all profiles to the file, which nobody else can read.
fn write(profiles: &BTreeMap<String, Profile>) -> Result<PathBuf, Failure> {
    let unwritten = |why: String| {
        let what = format!("the profiles cannot be written: {why}");
        Failure::new(exit::NOT_SAVED, what)
    };
    let folder = folder().ok_or_else(|| unwritten("the system names no home".to_owned()))?;
    let mut document = json!({});
    for (name, profile) in profiles {
        let token = profile.token.as_ref().map(ExposeSecret::expose_secret);
        document[name] = json!({ "token": token, "baseUrl": profile.base_url });
        if profile.keyring {
            document[name]["keyring"] = true.into();
        }
    }
    let file = folder.join(FILE);
    let put = || -> std::io::Result<()> {
        std::fs::create_dir_all(&folder)?;
        // Such a file is the user's alone from its first byte on.
        let mut whole = tempfile::NamedTempFile::new_in(&folder)?;
        writeln!(whole, "{document:#}")?;
        whole.as_file().sync_all()?;
        whole.persist(&file)?;
        Ok(())
    };
    put().map_err(|error| unwritten(chain(&error)))?;
    Ok(file)
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
