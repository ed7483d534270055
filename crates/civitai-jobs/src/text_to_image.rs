//! The request: a value that is built, checked, cloned and submitted.

use civitai_api::v1::types;

use crate::{Air, ClientKey, Scheduler};

mod check;

/// Images to be made from a prompt.
///
/// A value without ties to a client: build it once, clone it as a template, submit it as often as
/// images are wanted.
///
/// ```
/// use civitai_jobs::{Air, TextToImage};
///
/// let model = Air::civitai("sd1", "checkpoint", 4384, 128713)?;
/// let fog = TextToImage::new(model, "a lighthouse in fog").size(512, 768).steps(30);
/// let dawn = fog.clone().seed(7);
/// assert!(dawn.check().is_ok());
///
/// let problems = fog.size(500, 5000).steps(0).check().unwrap_err();
/// let fields: Vec<_> = problems.iter().map(|problem| problem.field()).collect();
/// assert_eq!(fields, ["width", "height", "steps"]);
/// # Ok::<(), civitai_jobs::ParseAirError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a request does nothing until it is submitted"]
pub struct TextToImage {
    model: Air,
    prompt: String,
    negative_prompt: Option<String>,
    width: u32,
    height: u32,
    steps: Option<u32>,
    cfg_scale: Option<f64>,
    seed: Option<i64>,
    scheduler: Option<Scheduler>,
    clip_skip: Option<i32>,
    quantity: u32,
}

impl TextToImage {
    /// Asks for one image of 512 × 512 pixels; everything else is the service's choice until set.
    pub fn new(model: Air, prompt: impl Into<String>) -> Self {
        Self {
            model,
            prompt: prompt.into(),
            negative_prompt: None,
            width: 512,
            height: 512,
            steps: None,
            cfg_scale: None,
            seed: None,
            scheduler: None,
            clip_skip: None,
            quantity: 1,
        }
    }

    /// Sets what the image is not to show.
    pub fn negative_prompt(mut self, text: impl Into<String>) -> Self {
        self.negative_prompt = Some(text.into());
        self
    }

    /// Sets width and height in pixels, each from 64 to 2048 and a multiple of 8; 512 × 512 unless
    /// told.
    pub fn size(mut self, width: u32, height: u32) -> Self {
        (self.width, self.height) = (width, height);
        self
    }

    /// Sets the number of denoising steps, from 1 to 150; more take longer and cost more.
    pub fn steps(mut self, steps: u32) -> Self {
        self.steps = Some(steps);
        self
    }

    /// Sets how closely the image follows the prompt, from 1 to 30.
    pub fn cfg_scale(mut self, scale: f64) -> Self {
        self.cfg_scale = Some(scale);
        self
    }

    /// Sets where the random numbers begin, from 0 to 4294967295; -1 leaves the choice to the
    /// service.
    pub fn seed(mut self, seed: i64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Sets the sampler; one that this crate does not list yet is made with `Scheduler::from`.
    pub fn scheduler(mut self, scheduler: Scheduler) -> Self {
        self.scheduler = Some(scheduler);
        self
    }

    /// Sets how many of the last layers of the text encoder to leave out.
    pub fn clip_skip(mut self, layers: i32) -> Self {
        self.clip_skip = Some(layers);
        self
    }

    /// Sets how many images to make, from 1 to 100; 1 unless told.
    pub fn quantity(mut self, images: u32) -> Self {
        self.quantity = images;
        self
    }

    /// The prompt.
    #[must_use]
    pub fn prompt(&self) -> &str {
        &self.prompt
    }

    /// The request as it goes over the wire, with the key by which it can be found again.
    ///
    /// Only for a request that has passed its check.
    pub(crate) fn template(&self, key: ClientKey) -> types::JobRequest {
        let int = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
        let params = types::ImageJobParams {
            prompt: Some(self.prompt.clone()),
            negative_prompt: self.negative_prompt.clone(),
            scheduler: self.scheduler.clone(),
            steps: self.steps.map(int),
            cfg_scale: self.cfg_scale,
            width: int(self.width),
            height: int(self.height),
            seed: self.seed,
            clip_skip: self.clip_skip,
        };
        types::JobRequest::TextToImage(Box::new(types::TextToImageJobRequest {
            additional_networks: None,
            callback_url: None,
            control_nets: None,
            dependencies: None,
            expire_at: None,
            model: Some(self.model.to_string()),
            name: None,
            params: Some(params),
            priority: None,
            properties: Some(key.properties()),
            providers: None,
            quantity: Some(int(self.quantity)),
            retries: None,
            timeout: None,
        }))
    }
}
