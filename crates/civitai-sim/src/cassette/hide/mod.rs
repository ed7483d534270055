//! What a cassette must not hold: credentials, tokens, signatures, and prompts where that is asked for.
//!
//! A secret that tells one request from another is replaced by a word that follows from it alone, so that a
//! request still meets its answer; hiding what is hidden changes nothing.

mod links;
mod names;
mod prompts;

use axum::http::{HeaderMap, header};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::core::seed::hex;

use super::exchange::{Answered, Asked, Body};

use prompts::Prompts;

/// What stands in the place of a secret.
pub(super) const HIDDEN: &str = "hidden";
/// Credentials that are remembered.
const KEPT: usize = 100;
/// Shorter ones are no secrets, and may be part of any word.
const SHORTEST: usize = 8;

/// Replaces what a cassette must not hold.
#[derive(Debug)]
pub(super) struct Veil {
    credentials: Vec<String>,
    prompts: Option<Prompts>,
}

impl Veil {
    pub(super) fn new(hides_prompts: bool) -> Self {
        Self {
            credentials: Vec::new(),
            prompts: hides_prompts.then(Prompts::default),
        }
    }

    /// Notes the credentials of a request, to hide them wherever else they stand.
    pub(super) fn learn(&mut self, headers: &HeaderMap) {
        let names = [header::AUTHORIZATION, header::COOKIE].into_iter();
        let given = names.flat_map(|name| headers.get_all(name));
        let given = given.chain(headers.get_all("x-api-key"));
        for value in given.filter_map(|value| value.to_str().ok()) {
            for word in value.split([' ', ';', ',']) {
                let word = word.split_once('=').map_or(word, |(_, value)| value);
                let is_new = !self.credentials.iter().any(|known| known == word);
                if word.len() >= SHORTEST && is_new && self.credentials.len() < KEPT {
                    self.credentials.push(word.to_owned());
                }
            }
        }
    }

    pub(super) fn hide_request(&mut self, asked: &mut Asked) {
        asked.path = self.hide_text(&links::hide_path(&asked.path));
        let query = asked.query.as_deref();
        asked.query = query.map(|query| self.hide_text(&links::hide_query(query)));
        if let Some(Body::Json(value)) = &asked.body
            && let Some(prompts) = &mut self.prompts
        {
            prompts.learn(value);
        }
        self.hide_body(&mut asked.body);
    }

    pub(super) fn hide_reply(&self, answered: &mut Answered) {
        for value in answered.headers.values_mut() {
            *value = self.hide_text(&links::hide_links(value));
        }
        self.hide_body(&mut answered.body);
    }

    fn hide_body(&self, body: &mut Option<Body>) {
        match body {
            Some(Body::Json(value)) => self.hide_value(value, ""),
            Some(Body::Text(text)) => {
                *text = self.hide_text(&links::hide_links(text));
                if let Some(prompts) = &self.prompts {
                    *text = prompts.hide_within(text);
                }
            }
            Some(Body::Base64(_)) | None => {}
        }
    }

    /// Hides what is secret in a value that is a member of this name.
    fn hide_value(&self, value: &mut Value, name: &str) {
        match value {
            Value::String(text) => *text = self.hidden(text, name),
            Value::Array(items) => {
                for item in items {
                    self.hide_value(item, name);
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    self.hide_value(member, name);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn hidden(&self, text: &str, name: &str) -> String {
        if names::is_secret_member(name, text) {
            return stand_in(text);
        }
        let mut hidden = self.hide_text(&links::hide_links(text));
        if let Some(prompts) = &self.prompts {
            if names::is_prompt(name) && !text.is_empty() {
                return stand_in(text);
            }
            hidden = prompts.hide_within(&hidden);
        }
        hidden
    }

    fn hide_text(&self, text: &str) -> String {
        let known = self.credentials.iter();
        known.fold(text.to_owned(), |text, known| {
            if text.contains(known.as_str()) {
                text.replace(known.as_str(), HIDDEN)
            } else {
                text
            }
        })
    }
}

/// A word that follows from a secret and does not tell it.
fn stand_in(secret: &str) -> String {
    let is_hidden = secret
        .strip_prefix(HIDDEN)
        .is_some_and(|rest| rest.is_empty() || is_tag(rest));
    if is_hidden {
        return secret.to_owned();
    }
    let hash = hex(&Sha256::digest(secret));
    format!("{HIDDEN}-{}", &hash[..TAG])
}

/// Digits of a hash in a stand-in.
const TAG: usize = 12;

fn is_tag(rest: &str) -> bool {
    let digits = rest.strip_prefix('-').unwrap_or_default();
    digits.len() == TAG && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use serde_json::json;

    use super::super::exchange::Server;
    use super::*;

    fn asked(query: &str, body: Value) -> Asked {
        Asked {
            server: Server::Api,
            method: "POST".to_owned(),
            path: "/v1/consumer/jobs".to_owned(),
            query: Some(query.to_owned()),
            range: None,
            content_type: None,
            body: Some(Body::Json(body)),
        }
    }

    #[test]
    fn secrets_go_wherever_they_stand_and_tokens_stay_apart() {
        let mut veil = Veil::new(false);
        let mut headers = HeaderMap::new();
        let bearer = HeaderValue::from_static("Bearer secret-of-mine");
        headers.insert(header::AUTHORIZATION, bearer);
        veil.learn(&headers);
        let body = json!({
            "token": "abcdefghijklmnopqrstuvwxyz",
            "logprobs": [{"token": "fog"}],
            "callbackUrl": "https://me:pass@mine.example/hook?key=k1",
            "note": "by secret-of-mine",
        });
        let mut one = asked("token=abcdefghijklmnopqrstuvwxyz&wait=true&sig=x", body);
        veil.hide_request(&mut one);
        let text = serde_json::to_string(&one).unwrap();
        for secret in ["secret-of-mine", "abcdefgh", "pass", "k1", "sig=x"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert!(
            text.contains("\"fog\"") && text.contains("wait=true"),
            "{text}"
        );
        // The word for a token in a query is the word for it in a body.
        let Some(Body::Json(body)) = &one.body else {
            unreachable!("it is JSON")
        };
        let token = body["token"].as_str().unwrap().to_owned();
        assert!(one.query.as_ref().unwrap().contains(&token), "{one:?}");
        let again = one.clone();
        veil.hide_request(&mut one);
        assert_eq!(one, again);
        let mut other = asked("token=another-token-of-a-batch", json!(null));
        veil.hide_request(&mut other);
        assert!(!other.query.unwrap().contains(&token));
    }

    #[test]
    fn prompts_stay_where_nobody_asks_and_go_where_somebody_does() {
        let body =
            json!({"prompt": "a lighthouse", "messages": [{"role": "user", "content": "in fog"}]});
        let mut open = asked("", body.clone());
        Veil::new(false).hide_request(&mut open);
        assert_eq!(open.body, Some(Body::Json(body.clone())));
        let mut veil = Veil::new(true);
        let mut closed = asked("", body);
        veil.hide_request(&mut closed);
        let mut answered = Answered {
            status: 400,
            headers: [("x-note".to_owned(), "none".to_owned())].into(),
            body: Some(Body::Json(
                json!({"detail": "no `a lighthouse` here", "id": "user"}),
            )),
        };
        veil.hide_reply(&mut answered);
        let text = format!("{closed:?}{answered:?}");
        assert!(
            !text.contains("lighthouse") && !text.contains("in fog"),
            "{text}"
        );
        assert!(text.contains("\"user\""), "{text}");
    }
}
