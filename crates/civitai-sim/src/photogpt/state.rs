//! What PhotoGPT knows: jobs, models with their pictures, downloads.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Map, Value};

use crate::core::rule::{Rule, Submission};
use crate::core::setup::Setup;
use crate::core::works::Works;

/// How many pictures a training takes.
const PICTURES: std::ops::RangeInclusive<usize> = 12..=20;
/// Pictures of each type that a model takes, at most.
const MOST_PICTURES: usize = 20;
/// Trainings under way at once, at most.
const TRAININGS: usize = 2;
/// How long the file of a video takes.
pub(crate) const DOWNLOAD: Duration = Duration::from_secs(30);

/// What the ids of models begin with.
const MODEL: &str = "model-";

/// The id of a model.
pub(crate) fn model_id(number: usize) -> String {
    format!("{MODEL}{number}")
}

/// What was asked for.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Wish {
    pub(crate) model: String,
    pub(crate) prompt: String,
    pub(crate) count: u32,
    pub(crate) is_video: bool,
}

/// A model.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Model {
    pub(crate) created: Duration,
    /// When its training began.
    pub(crate) training: Option<Duration>,
    pub(crate) is_deleted: bool,
}

/// A picture that was uploaded for a model.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Picture {
    /// The id of its model.
    pub(crate) model: String,
    /// `modelInput` or `auxiliaryType`.
    pub(crate) kind: String,
    pub(crate) is_deleted: bool,
}

/// Why something is refused: a status and a message.
pub(crate) type Refusal = (u16, String);

/// The state of the service.
#[derive(Debug, serde::Serialize)]
pub(crate) struct State {
    #[serde(skip)]
    pub(crate) setup: Setup,
    pub(crate) works: Works<Wish>,
    pub(crate) models: Vec<Model>,
    pub(crate) pictures: Vec<Picture>,
    /// Videos that were deleted, by their ids.
    pub(crate) deleted: BTreeSet<String>,
    /// How long a training takes.
    #[serde(skip)]
    pub(crate) training: Duration,
    /// Video → when its file was asked for.
    pub(crate) downloads: BTreeMap<String, Duration>,
}

/// What is written down of a state, all but its settings.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Kept {
    works: Works<Wish>,
    models: Vec<Model>,
    pictures: Vec<Picture>,
    deleted: BTreeSet<String>,
    downloads: BTreeMap<String, Duration>,
}

impl State {
    pub(crate) fn new(setup: Setup, training: Duration) -> Self {
        Self {
            works: Works::new(setup.workers),
            setup,
            models: Vec::new(),
            pictures: Vec::new(),
            deleted: BTreeSet::new(),
            training,
            downloads: BTreeMap::new(),
        }
    }

    /// Goes on from what was written down.
    pub(crate) fn take_up(&mut self, kept: Kept) {
        self.works = kept.works;
        self.models = kept.models;
        self.pictures = kept.pictures;
        self.deleted = kept.deleted;
        self.downloads = kept.downloads;
    }

    /// The next instant at which work goes on; nothing where there is none.
    pub(crate) fn next_work(&self, now: Duration) -> Option<Duration> {
        let trained = self.models.iter().filter_map(|model| model.training);
        let trained = trained.map(|began| began + self.training);
        let loaded = self.downloads.values().map(|asked| *asked + DOWNLOAD);
        let others = trained.chain(loaded).filter(|at| *at > now);
        others.chain(self.works.next_change()).min()
    }

    /// Takes a job in, and returns its number.
    pub(crate) fn submit(
        &mut self,
        body: &Value,
        is_video: bool,
        now: Duration,
    ) -> Result<usize, Refusal> {
        let text = |name: &str| {
            body.get(name)
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
        };
        let need = |names: &[&str]| {
            let found = names.iter().find_map(|name| text(name));
            found.ok_or_else(|| (400, format!("`{}` is required", names[0])))
        };
        let model = need(&["modelID", "imageID"])?.to_owned();
        let is_ours = self.find(&model).is_some();
        let prompt = match text("prompt") {
            Some(prompt) => prompt.to_owned(),
            None if is_video => return Err((400, "`prompt` is required".to_owned())),
            None => String::new(),
        };
        if is_ours && !self.is_ready(&model, now) {
            return Err((409, "the model is not ready".to_owned()));
        }
        let count = ["numImages", "numVideos"]
            .iter()
            .find_map(|name| body.get(*name)?.as_u64());
        let wish = Wish {
            model,
            prompt,
            count: u32::try_from(count.unwrap_or(1)).unwrap_or(1).clamp(1, 8),
            is_video,
        };
        let submission = Submission {
            job_type: if is_video { "video" } else { "image" },
            prompt: &wish.prompt,
            properties: &Map::new(),
            attempt: 0,
        };
        let failure = Rule::first(&self.setup.failures, &submission);
        let times = (self.setup.queue_delay, self.setup.work_delay);
        Ok(self.works.submit(wish, now, times, failure))
    }

    /// Makes a model, and returns its number.
    pub(crate) fn make(&mut self, now: Duration) -> usize {
        self.models.push(Model {
            created: now,
            training: None,
            is_deleted: false,
        });
        self.models.len() - 1
    }

    /// Finds a model by its id.
    pub(crate) fn find(&self, id: &str) -> Option<usize> {
        let number = id.strip_prefix(MODEL)?.parse().ok()?;
        (number < self.models.len()).then_some(number)
    }

    /// Takes a picture in, and returns its number.
    pub(crate) fn upload(&mut self, model: &str, kind: &str) -> Result<usize, Refusal> {
        if self.find(model).is_none() {
            return Err((404, "there is no such model".to_owned()));
        }
        if self.count(model, kind) >= MOST_PICTURES {
            let most = format!("the model has {MOST_PICTURES} pictures of this type");
            return Err((400, most));
        }
        self.pictures.push(Picture {
            model: model.to_owned(),
            kind: kind.to_owned(),
            is_deleted: false,
        });
        Ok(self.pictures.len() - 1)
    }

    fn count(&self, model: &str, kind: &str) -> usize {
        let fits = |picture: &&Picture| {
            picture.model == model && picture.kind == kind && !picture.is_deleted
        };
        self.pictures.iter().filter(fits).count()
    }

    /// Begins to train a model.
    pub(crate) fn train(&mut self, number: usize, now: Duration) -> Result<(), Refusal> {
        let under_way = self
            .models
            .iter()
            .filter(|model| self.status(model, now) == "training");
        if under_way.count() >= TRAININGS {
            return Err((429, "too many trainings at once".to_owned()));
        }
        let pictures = self.count(&model_id(number), "modelInput");
        let model = &mut self.models[number];
        if !PICTURES.contains(&pictures) {
            return Err((
                400,
                format!("{pictures} pictures; a training takes 12 to 20"),
            ));
        }
        if model.training.is_some() {
            return Err((409, "the model is being trained".to_owned()));
        }
        model.training = Some(now);
        Ok(())
    }

    /// Where a model stands.
    pub(crate) fn status(&self, model: &Model, now: Duration) -> &'static str {
        match model.training {
            _ if model.is_deleted => "deleted",
            None => "new",
            Some(began) if now < began + self.training => "training",
            Some(_) => "ready",
        }
    }

    fn is_ready(&self, id: &str, now: Duration) -> bool {
        let model = self.find(id).and_then(|number| self.models.get(number));
        model.is_some_and(|model| self.status(model, now) == "ready")
    }
}
