//! Recipes: what a picture was made by, kept in the picture itself.
//!
//! Other programs find the text that AUTOMATIC1111 writes; this one finds the whole request, from which
//! `generate --like` makes another picture.

use std::path::Path;

use civitai_jobs::File;
use civitai_jobs::workflows::NamedStep;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::failure::{Failure, chain};
use crate::ledger::Entry;
use carrier::Texts;

mod carrier;
mod parameters;

/// The name of the text that holds a recipe.
const KEYWORD: &str = "civitai-jobs";

/// The version of the form; a newer one may mean something else.
const VERSION: u32 = 1;

/// Members of a request that stay out of a recipe: an address for events may hold a secret.
const PRIVATE: [&str; 2] = ["callbacks", "callbackUrl"];

/// The largest picture that is read, in bytes.
const LARGEST: u64 = 256 << 20;

/// The longest data URL that is kept, in bytes.
const LONGEST_DATA: usize = 256;

/// What a picture was made by. It holds no id and no link that opens anything, so that the same request makes
/// the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Recipe {
    version: u32,
    /// `v1` or `v2`; nothing where another program wrote the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    api: Option<String>,
    /// The step that made the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    step: Option<String>,
    /// Where its random numbers began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seed: Option<i64>,
    /// The request as it was sent, or a step alone where another program wrote the picture.
    request: Value,
}

/// The step to which a recipe comes down: its type and its input.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Origin {
    pub(crate) kind: String,
    pub(crate) input: Map<String, Value>,
}

impl Recipe {
    /// The recipe of a file; none where the request is not known, as for work that others began.
    pub(crate) fn of(entry: &Entry, file: &File) -> Option<Self> {
        entry.request.is_object().then(|| Self {
            version: VERSION,
            api: Some(entry.api.clone()),
            step: file.step().map(str::to_owned),
            seed: file.seed(),
            request: without_secrets(entry.request.clone()),
        })
    }

    /// Writes it into a picture; nothing where the picture has no place for it.
    pub(crate) fn write(&self, picture: &[u8]) -> Option<Vec<u8>> {
        let ours = serde_json::to_string(self).ok()?;
        let parameters = self.origin().map(|origin| parameters::of(&origin));
        let texts = Texts {
            recipe: Some(ours),
            parameters,
        };
        carrier::write(picture, &texts)
    }

    /// Reads the recipe in a picture, ours or that of AUTOMATIC1111; none where there is none.
    ///
    /// # Errors
    ///
    /// The file is no picture of a known kind, or a newer version of this program wrote it.
    pub(crate) fn read(picture: &[u8]) -> Result<Option<Self>, String> {
        let texts = carrier::read(picture)?;
        if let Some(text) = texts.recipe {
            let recipe: Self = serde_json::from_str(&text)
                .map_err(|_| "its recipe is not as this program writes it".to_owned())?;
            if recipe.version > VERSION {
                return Err("a newer version of this program has written its recipe".to_owned());
            }
            return Ok(Some(recipe));
        }
        let read = texts.parameters.as_deref().and_then(parameters::read);
        Ok(read.map(|origin| Self {
            version: VERSION,
            api: None,
            step: None,
            seed: None,
            request: serde_json::json!({ "$type": origin.kind, "input": origin.input }),
        }))
    }

    /// Reads the recipe in the file of a picture.
    pub(crate) fn of_file(path: &Path) -> Result<Self, Failure> {
        use std::io::Read as _;

        let refused = |why: &str| Failure::input(format!("`{}`: {why}", path.display()));
        let mut picture = Vec::new();
        let read = std::fs::File::open(path)
            .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut picture));
        let read = read.map_err(|error| refused(&chain(&error)))?;
        if read as u64 > LARGEST {
            return Err(refused(&format!("it is larger than {} MiB", LARGEST >> 20)));
        }
        let recipe = Self::read(&picture).map_err(|why| refused(&why))?;
        recipe.ok_or_else(|| refused("it holds no recipe"))
    }

    /// Reads what the picture of a file was made by.
    pub(crate) fn origin_of(path: &Path) -> Result<Origin, Failure> {
        let origin = Self::of_file(path)?.origin();
        origin
            .ok_or_else(|| Failure::input(format!("`{}`: its recipe has no words", path.display())))
    }

    /// The step with the words that the picture shows: the one that made it, or, where that has none, the
    /// first one before it that has some. With the seed of this very picture.
    pub(crate) fn origin(&self) -> Option<Origin> {
        let mut origin = match self.request["steps"].as_array() {
            Some(steps) => self.among(steps)?,
            None if self.request["$type"].is_string() => Origin::of(&self.request)?,
            None => Origin::of_job(self.request.as_object()?),
        };
        origin.input.remove("quantity");
        if let Some(seed) = self.seed {
            origin.input.insert("seed".to_owned(), seed.into());
        }
        Some(origin)
    }

    fn among(&self, steps: &[Value]) -> Option<Origin> {
        let has_words = |step: &&Value| step["input"]["prompt"].is_string();
        let named = |step: &&Value| {
            let name = self.step.as_deref();
            name.is_some_and(|name| step["name"].as_str() == Some(name))
        };
        let own = steps.iter().find(named).filter(has_words);
        let step = own.or_else(|| steps.iter().find(has_words))?;
        Origin::of(step)
    }
}

impl Origin {
    /// What the picture shows.
    pub(crate) fn prompt(&self) -> Option<&str> {
        self.input.get("prompt").and_then(Value::as_str)
    }

    fn of(step: &Value) -> Option<Self> {
        let (kind, input) = (step["$type"].as_str()?, step["input"].as_object()?);
        let (kind, input) = (kind.to_owned(), input.clone());
        Some(Self { kind, input })
    }

    /// The step that makes what a job of the older API makes: both call nearly all of it the same.
    fn of_job(request: &Map<String, Value>) -> Self {
        const KIND: &str = "textToImage";
        let members = NamedStep::new(KIND).members();
        let mut input = request.clone();
        input.retain(|name, value| {
            let is_shared = members.contains(&name.as_str()) && name != "controlNets";
            !value.is_null() && (is_shared || name == "networks")
        });
        if let Some(Value::Array(networks)) = input.remove("networks") {
            let strengths = networks.iter().filter_map(|network| {
                let (air, strength) = (network["air"].as_str()?, &network["strength"]);
                let strength = strength.as_f64().unwrap_or(1.0);
                Some((air.to_owned(), serde_json::json!({ "strength": strength })))
            });
            let strengths: Map<_, _> = strengths.collect();
            if !strengths.is_empty() {
                input.insert("additionalNetworks".to_owned(), strengths.into());
            }
        }
        Self {
            kind: KIND.to_owned(),
            input,
        }
    }
}

/// A request without what opens something: queries of links, addresses for events; and without whole files.
fn without_secrets(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.into_iter();
            let kept = kept.filter(|(name, _)| !PRIVATE.contains(&name.as_str()));
            Value::Object(
                kept.map(|(name, member)| (name, without_secrets(member)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_secrets).collect()),
        Value::String(text) => Value::String(plain(text)),
        other => other,
    }
}

fn plain(text: String) -> String {
    let is_link = text.starts_with("https://") || text.starts_with("http://");
    if is_link && let Ok(mut link) = reqwest::Url::parse(&text) {
        link.set_query(None);
        link.set_fragment(None);
        let _no_host = link.set_username("").and_then(|()| link.set_password(None));
        return link.into();
    }
    match text.get(..LONGEST_DATA) {
        Some(front) if text.starts_with("data:") => {
            let front = front.split_once(',').map_or("data:", |(front, _)| front);
            format!("{front},")
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests;
