//! What Serika knows: its jobs.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::core::rule::{Rule, Submission};
use crate::core::setup::Setup;
use crate::core::works::Works;

/// The models that can be asked, the first of them in jobs only.
pub(crate) const MODELS: [&str; 3] = [
    "tensorart-animagine-xl",
    "tensorart-illustrious-xl-v2-aesthetic",
    "serika-chat",
];

/// An image that was asked for.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Image {
    pub(crate) model: String,
    pub(crate) prompt: String,
    pub(crate) size: (u32, u32),
    pub(crate) seed: u32,
}

/// The state of the service.
#[derive(Debug, serde::Serialize)]
pub(crate) struct State {
    #[serde(skip)]
    pub(crate) setup: Setup,
    pub(crate) works: Works<Image>,
}

/// What is written down of a state, all but its settings.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Kept {
    works: Works<Image>,
}

impl State {
    pub(crate) fn new(setup: Setup) -> Self {
        Self {
            works: Works::new(setup.workers),
            setup,
        }
    }

    /// Goes on from what was written down.
    pub(crate) fn take_up(&mut self, kept: Kept) {
        self.works = kept.works;
    }

    /// Takes a job in, and returns its number.
    pub(crate) fn submit(&mut self, body: &Value, now: Duration) -> Result<usize, String> {
        let text = |name: &str| {
            body.get(name)
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
        };
        let need = |name: &str| text(name).ok_or_else(|| format!("`{name}` is required"));
        let number = |name: &str, usual: u32| match body.get(name) {
            None | Some(Value::Null) => Ok(usual),
            Some(value) => {
                let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
                number.ok_or_else(|| format!("`{name}` must be a whole number"))
            }
        };
        let side = |name: &str| match number(name, 1024)? {
            side @ 1..=2048 => Ok(side),
            _ => Err(format!("`{name}` must be from 1 to 2048")),
        };
        let image = Image {
            model: need("model")?.to_owned(),
            prompt: need("prompt")?.to_owned(),
            size: (side("width")?, side("height")?),
            seed: number("seed", 7)?,
        };
        if !MODELS.contains(&image.model.as_str()) {
            return Err(format!("there is no model `{}`", image.model));
        }
        let submission = Submission {
            job_type: "image",
            prompt: &image.prompt,
            properties: &Map::new(),
            attempt: 0,
        };
        let failure = Rule::first(&self.setup.failures, &submission);
        let times = (self.setup.queue_delay, self.setup.work_delay);
        Ok(self.works.submit(image, now, times, failure))
    }
}
