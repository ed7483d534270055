//! Values that are never shown and that go to one server alone.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::error::RunError;

/// The secrets of a run.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// By value: the name, and the server that it was first sent to.
    values: BTreeMap<String, Secret>,
}

struct Secret {
    name: String,
    home: Option<String>,
}

/// Shorter values occur by chance; they are masked where they stand alone.
const SHORTEST: usize = 4;
const MASK: &str = "***";

impl Secrets {
    /// Keeps all texts in a value.
    pub(super) fn keep(&self, name: &str, value: &Value) {
        match value {
            Value::String(text) if !text.is_empty() => {
                let secret = || Secret {
                    name: name.to_owned(),
                    home: None,
                };
                self.lock()
                    .values
                    .entry(text.clone())
                    .or_insert_with(secret);
            }
            Value::Array(items) => items.iter().for_each(|item| self.keep(name, item)),
            Value::Object(members) => members.values().for_each(|member| self.keep(name, member)),
            _ => {}
        }
    }

    /// Keeps the value of a credential, with and without the word before it (`Bearer ...`).
    pub(super) fn keep_credential(&self, name: &str, text: &str) {
        if let Some((_, rest)) = text.split_once(' ') {
            self.keep(name, &rest.trim().into());
        } else {
            self.keep(name, &text.into());
        }
    }

    /// Sends those that are in `texts` to this server, which no other has been before.
    pub(super) fn send(&self, origin: &str, texts: &[&str]) -> Result<(), RunError> {
        let mut known = self.lock();
        for (value, secret) in &mut known.values {
            let forms = forms(value);
            if !texts
                .iter()
                .any(|text| forms.iter().any(|form| holds(text, form)))
            {
                continue;
            }
            let home = secret.home.get_or_insert_with(|| origin.to_owned());
            if home != origin {
                return Err(RunError::secret(&secret.name, home, origin));
            }
        }
        Ok(())
    }

    /// Masks what must not be shown.
    pub(super) fn mask(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for value in self.lock().values.keys() {
            for form in forms(value) {
                if form.len() >= SHORTEST {
                    masked = masked.replace(&form, MASK);
                } else if masked == form {
                    MASK.clone_into(&mut masked);
                }
            }
        }
        masked
    }

    /// Masks all texts in a value.
    pub(super) fn mask_value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => self.mask(&text).into(),
            Value::Array(items) => items
                .into_iter()
                .map(|item| self.mask_value(item))
                .collect(),
            Value::Object(members) => {
                let each = members
                    .into_iter()
                    .map(|(key, member)| (key, self.mask_value(member)));
                Value::Object(each.collect())
            }
            other => other,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As it is, as JSON writes it, and as addresses do.
fn forms(value: &str) -> Vec<String> {
    let json = Value::from(value).to_string();
    let mut forms = vec![
        value.to_owned(),
        json[1..json.len() - 1].to_owned(),
        utf8_percent_encode(value, NON_ALPHANUMERIC).to_string(),
        url::form_urlencoded::byte_serialize(value.as_bytes()).collect(),
    ];
    forms.dedup();
    forms
}

fn holds(text: &str, form: &str) -> bool {
    if form.len() >= SHORTEST {
        text.contains(form)
    } else {
        text == form
    }
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Known")
            .field("values", &self.values.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_in_every_form_and_have_one_home() {
        let secrets = Secrets::default();
        secrets.keep("key", &"a/b \"c\"".into());
        secrets.keep("pin", &"12".into());
        secrets.keep_credential("Authorization", "Bearer token-1");
        for (text, masked) in [
            ("x a/b \"c\" y", "x *** y"),
            (r#"{"k":"a/b \"c\""}"#, r#"{"k":"***"}"#),
            ("http://a?k=a%2Fb%20%22c%22", "http://a?k=***"),
            ("k=a%2Fb+%22c%22", "k=***"),
            ("Bearer token-1", "Bearer ***"),
            ("12", "***"),
            ("1234", "1234"),
        ] {
            assert_eq!(secrets.mask(text), masked, "{text}");
        }
        assert!(secrets.send("https://a", &["Bearer token-1"]).is_ok());
        assert!(secrets.send("https://b", &["nothing"]).is_ok());
        let error = secrets.send("https://b", &["?t=token-1"]).unwrap_err();
        assert!(
            error.is_secret_kept() && !error.to_string().contains("token-1"),
            "{error}"
        );
        assert!(!format!("{secrets:?}").contains("token-1"));
    }
}
