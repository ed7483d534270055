//! The secret in a callback address.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;
use url::Url;

/// Letters of a secret that is made here: 128 bits, written in hex.
const LENGTH: usize = 32;

/// The part of a callback address that only the service and the receiver know.
///
/// ```
/// use civitai_jobs::events::Secret;
///
/// let secret = Secret::random();
/// let address = secret.address(&"https://example.com/hooks".parse()?)?;
/// let sent = address.path_segments().and_then(|mut segments| segments.next_back());
/// assert!(secret.matches(sent.unwrap_or_default()));
/// assert!(!secret.matches("guess"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Creates a secret that nobody can guess. It has to outlive the process where deliveries do:
    /// [`reveal`](Self::reveal) gives it to be stored.
    #[must_use]
    pub fn random() -> Self {
        // From the system's source of random numbers, as identifiers of this version are.
        Self(uuid::Uuid::new_v4().simple().to_string().into())
    }

    /// Creates a secret from one that was stored.
    ///
    /// # Errors
    ///
    /// It is shorter than 16 letters, or holds something else than letters, digits, `-` and `_`.
    pub fn new(secret: impl Into<SecretString>) -> Result<Self, WeakSecret> {
        let secret = secret.into();
        let text = secret.expose_secret();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if text.len() < LENGTH / 2 || !text.bytes().all(plain) {
            return Err(WeakSecret);
        }
        Ok(Self(secret))
    }

    /// Returns the text of the secret, to store it where secrets are kept.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }

    /// Returns the address to give to the service: `base` and the secret as a last part of its path. Treat
    /// it as a secret.
    ///
    /// # Errors
    ///
    /// The service calls `https` addresses only, and `base` is none; `http` is taken for a loopback
    /// address, where nobody listens in.
    pub fn address(&self, base: &Url) -> Result<Url, NoAddress> {
        match base.scheme() {
            "https" => {}
            "http" if crate::net::is_loopback(base) => {}
            _ => return Err(NoAddress),
        }
        let mut address = base.clone();
        match address.path_segments_mut() {
            Ok(mut segments) => {
                segments.pop_if_empty().push(self.0.expose_secret());
            }
            Err(()) => return Err(NoAddress),
        }
        Ok(address)
    }

    /// Returns whether this is the secret. It takes as long for a wrong one of the same length as for the
    /// right one.
    #[must_use]
    pub fn matches(&self, guess: &str) -> bool {
        let secret = self.0.expose_secret().as_bytes();
        secret.ct_eq(guess.as_bytes()).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// A text makes no [`Secret`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a secret has at least 16 letters, digits, `-` or `_`, and nothing else")]
pub struct WeakSecret;

/// An address cannot be called back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the service calls back `https` addresses only")]
pub struct NoAddress;
