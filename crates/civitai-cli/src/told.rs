//! Members of an input that are set by their names: `--set KEY=VALUE`.

use civitai_jobs::workflows::NamedStep;
use clap::Args;

use crate::source::{Links, Source};

/// Members that are set by hand.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Told {
    /// Sets a member of the input as the contract calls it; `KEY=@FILE` uploads the file.
    #[arg(long, value_name = "KEY=VALUE", value_parser = told)]
    set: Vec<(String, Value)>,
}

/// What a member is set to.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    /// As it is.
    Json(serde_json::Value),
    File(Source),
}

impl Told {
    pub(crate) fn is_empty(&self) -> bool {
        self.set.is_empty()
    }

    /// All that is set.
    pub(crate) fn all(&self) -> &[(String, Value)] {
        &self.set
    }

    /// Sets one more member.
    pub(crate) fn add(&mut self, key: impl Into<String>, value: Value) {
        self.set.push((key.into(), value));
    }

    /// The files that are uploaded for it.
    pub(crate) fn sources(&self) -> impl Iterator<Item = Source> {
        sources(&self.set)
    }

    /// Sets the members of a step.
    pub(crate) fn tell(&self, step: NamedStep, links: &Links) -> NamedStep {
        tell(&self.set, step, links)
    }
}

pub(crate) fn sources(set: &[(String, Value)]) -> impl Iterator<Item = Source> {
    set.iter().filter_map(|(_, value)| match value {
        Value::File(source) => Some(source.clone()),
        Value::Text(_) | Value::Json(_) => None,
    })
}

pub(crate) fn tell(set: &[(String, Value)], step: NamedStep, links: &Links) -> NamedStep {
    set.iter().fold(step, |step, (key, value)| match value {
        Value::Text(text) => step.set_text(key, text),
        Value::Json(value) => step.set(key, value.clone()),
        Value::File(source) => step.set(key, links.of(source)),
    })
}

/// Reads `KEY=VALUE`.
pub(crate) fn told(text: &str) -> Result<(String, Value), String> {
    let expected = "expected the name of a member, `=` and a value";
    let (key, value) = text.split_once('=').ok_or(expected)?;
    if key.is_empty() {
        return Err(expected.to_owned());
    }
    let value = match value.strip_prefix('@') {
        Some(file) => Value::File(Source::read(file)?),
        None => Value::Text(value.to_owned()),
    };
    Ok((key.to_owned(), value))
}
