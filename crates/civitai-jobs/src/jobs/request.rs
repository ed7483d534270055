//! The request: a value that is built, checked, cloned and submitted.

use std::sync::Arc;

pub(super) use check::is_limit;
pub use control_net::ControlNet;
pub use network::Network;
pub use priority::Priority;

use civitai_api::v1::types::Scheduler;

use crate::Air;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use settings::Settings;

mod check;
mod control_net;
mod network;
mod priority;
mod settings;
mod wire;

/// Images to be made from a prompt.
///
/// A value without ties to a client: build it once, share it as a template between threads, submit
/// it as often as images are wanted. Cloning costs nothing; a clone that is changed becomes its own.
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
pub struct TextToImage(Arc<Parts>);

impl Serialize for TextToImage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TextToImage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Parts::deserialize(deserializer).map(|parts| Self(Arc::new(parts)))
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parts {
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
    networks: Vec<Network>,
    control_nets: Vec<ControlNet>,
    settings: Settings,
    unchecked: bool,
}

impl TextToImage {
    /// Creates a request for one image of 512 × 512 pixels; everything else is the service's choice
    /// until set.
    pub fn new(model: Air, prompt: impl Into<String>) -> Self {
        Self(Arc::new(Parts {
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
            networks: Vec::new(),
            control_nets: Vec::new(),
            settings: Settings::default(),
            unchecked: false,
        }))
    }

    /// Sets another prompt: a template can be shared by many.
    pub fn prompt(self, prompt: impl Into<String>) -> Self {
        self.with(|parts| parts.prompt = prompt.into())
    }

    /// Sets what the image is not to show.
    pub fn negative_prompt(self, text: impl Into<String>) -> Self {
        self.with(|parts| parts.negative_prompt = Some(text.into()))
    }

    /// Sets width and height in pixels, each from 64 to 2048 and a multiple of 8; Default:
    /// 512 × 512.
    pub fn size(self, width: u32, height: u32) -> Self {
        self.with(|parts| (parts.width, parts.height) = (width, height))
    }

    /// Sets the number of denoising steps, from 1 to 150; more take longer and cost more.
    pub fn steps(self, steps: u32) -> Self {
        self.with(|parts| parts.steps = Some(steps))
    }

    /// Sets how closely the image follows the prompt, from 1 to 30.
    pub fn cfg_scale(self, scale: f64) -> Self {
        self.with(|parts| parts.cfg_scale = Some(scale))
    }

    /// Sets where the random numbers begin, from 0 to 4294967295; -1 leaves the choice to the
    /// service.
    pub fn seed(self, seed: i64) -> Self {
        self.with(|parts| parts.seed = Some(seed))
    }

    /// Sets the sampler. One that this crate does not list yet is made with `Scheduler::from` and
    /// needs [`allow_unchecked`](Self::allow_unchecked).
    pub fn scheduler(self, scheduler: Scheduler) -> Self {
        self.with(|parts| parts.scheduler = Some(scheduler))
    }

    /// Sets how many of the last layers of the text encoder to leave out, from 1 to 12.
    pub fn clip_skip(self, layers: i32) -> Self {
        self.with(|parts| parts.clip_skip = Some(layers))
    }

    /// Sets how many images to make, from 1 to 100. Default: 1.
    pub fn quantity(self, images: u32) -> Self {
        self.with(|parts| parts.quantity = images)
    }

    /// Adds a LoRA, an embedding or another network.
    pub fn network(self, network: Network) -> Self {
        self.with(|parts| parts.networks.push(network))
    }

    /// Adds an image that steers the composition.
    pub fn control_net(self, net: ControlNet) -> Self {
        self.with(|parts| parts.control_nets.push(net))
    }

    /// Lets through what only a limit forbids, for the day when the service takes more than this
    /// crate knows: numbers outside their range, words that are not listed, sides off the grid of 8
    /// pixels, a callback without TLS.
    ///
    /// What can never be meant is refused all the same: an empty prompt, a number that is none, the
    /// same network twice, an address that is none, a label of this crate's own.
    pub fn allow_unchecked(self) -> Self {
        self.with(|parts| parts.unchecked = true)
    }

    /// Returns the prompt.
    #[must_use]
    pub fn prompt_text(&self) -> &str {
        &self.0.prompt
    }

    /// Returns the checkpoint.
    #[must_use]
    pub fn model(&self) -> &Air {
        &self.0.model
    }

    /// Changes a request that nobody else holds, or a copy of one that is shared.
    fn with(mut self, change: impl FnOnce(&mut Parts)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }
}
