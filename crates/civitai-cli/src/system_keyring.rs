//! Tokens in the keyring of the system: Keychain on macOS, the Credential Manager on Windows, the Secret Service
//! elsewhere. A feature, since it brings a client of D-Bus along.

use secrecy::SecretString;

use crate::failure::Failure;

/// Whether there is one, before a token is asked for.
pub(crate) fn ready() -> Result<(), Failure> {
    store::ready()
}

/// Keeps the token of a profile.
pub(crate) fn keep(name: &str, token: &SecretString) -> Result<(), Failure> {
    store::keep(name, token)
}

/// The token of a profile.
pub(crate) fn token(name: &str) -> Result<SecretString, Failure> {
    store::token(name)
}

/// Forgets the token of a profile; one that is gone already is forgotten.
pub(crate) fn forget(name: &str) -> Result<(), Failure> {
    store::forget(name)
}

#[cfg(feature = "keyring")]
mod store {
    use keyring::{Entry, Error};
    use secrecy::{ExposeSecret as _, SecretString};

    use crate::exit;
    use crate::failure::{Failure, chain};

    /// Under which the keyring has all tokens of this program.
    const SERVICE: &str = "civitai-jobs";

    pub(super) fn ready() -> Result<(), Failure> {
        match Entry::store_status() {
            Ok(()) => Ok(()),
            Err(error) => Err(unusable(error)),
        }
    }

    pub(super) fn keep(name: &str, token: &SecretString) -> Result<(), Failure> {
        let kept = entry(name).and_then(|entry| entry.set_password(token.expose_secret()));
        kept.map_err(|error| unusable(&error))
    }

    pub(super) fn token(name: &str) -> Result<SecretString, Failure> {
        match entry(name).and_then(|entry| entry.get_password()) {
            Ok(token) => Ok(token.into()),
            Err(Error::NoEntry) => {
                let what = format!("the keyring has no token for the profile `{name}`");
                let again = format!("keep it with: civitai-jobs auth login {name} --keyring");
                Err(Failure::new(exit::TOKEN, what).advise(again))
            }
            Err(error) => Err(unusable(&error)),
        }
    }

    pub(super) fn forget(name: &str) -> Result<(), Failure> {
        match entry(name).and_then(|entry| entry.delete_credential()) {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(unusable(&error)),
        }
    }

    fn entry(name: &str) -> Result<Entry, Error> {
        Entry::new(SERVICE, name)
    }

    fn unusable(error: &Error) -> Failure {
        // Why there is none is known where the store was opened.
        let why = match (error, Entry::store_status()) {
            (Error::NoDefaultStore, Err(cause)) => chain(cause),
            _ => chain(error),
        };
        let what = format!("the keyring of the system cannot be used: {why}");
        Failure::new(exit::TOKEN, what)
            .advise("unlock it, or leave out --keyring to keep the token in a file")
    }
}

#[cfg(not(feature = "keyring"))]
mod store {
    use secrecy::SecretString;

    use crate::failure::Failure;

    pub(super) fn ready() -> Result<(), Failure> {
        Err(lacking())
    }

    pub(super) fn keep(_: &str, _: &SecretString) -> Result<(), Failure> {
        Err(lacking())
    }

    pub(super) fn token(_: &str) -> Result<SecretString, Failure> {
        Err(lacking())
    }

    pub(super) fn forget(_: &str) -> Result<(), Failure> {
        Err(lacking())
    }

    fn lacking() -> Failure {
        let what = "this program was built without the keyring of the system";
        Failure::input(what).advise("build it with the feature `keyring`, or use a file")
    }
}
