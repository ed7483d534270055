//! Prompts that a service repeats in its own words.

use serde_json::Value;

use super::names::is_prompt;
use super::{HIDDEN, stand_in};

/// Prompts that are remembered.
const KEPT: usize = 1_000;
/// Shorter ones may be part of any word.
const SHORTEST: usize = 4;

/// The latest prompts that went by.
#[derive(Debug, Default)]
pub(super) struct Prompts(Vec<String>);

impl Prompts {
    /// Notes the prompts of a request.
    pub(super) fn learn(&mut self, value: &Value) {
        self.walk(value, "");
    }

    fn walk(&mut self, value: &Value, name: &str) {
        match value {
            Value::String(text) if is_prompt(name) => self.note(text),
            Value::Array(items) => items.iter().for_each(|item| self.walk(item, name)),
            Value::Object(members) => {
                for (name, member) in members {
                    self.walk(member, name);
                }
            }
            _ => {}
        }
    }

    fn note(&mut self, text: &str) {
        let is_new = !self.0.iter().any(|known| known == text);
        if text.len() < SHORTEST || text.starts_with(HIDDEN) || !is_new {
            return;
        }
        if self.0.len() == KEPT {
            self.0.remove(0);
        }
        self.0.push(text.to_owned());
    }

    /// Hides the prompts in a text.
    pub(super) fn hide_within(&self, text: &str) -> String {
        let known = self.0.iter();
        known.fold(text.to_owned(), |text, known| {
            if text.contains(known.as_str()) {
                text.replace(known.as_str(), &stand_in(known))
            } else {
                text
            }
        })
    }
}
