//! Additional networks: what is applied on top of the checkpoint.

use civitai_api::v1::types::{AssetType, ImageJobNetworkParams};

use crate::Air;
use serde::{Deserialize, Serialize};

/// A LoRA, an embedding or another network that changes what a checkpoint draws.
///
/// ```
/// use civitai_jobs::jobs::Network;
/// use civitai_jobs::{Air, TextToImage};
///
/// let model = Air::civitai("sd1", "checkpoint", 4384, 128713)?;
/// let style: Air = "urn:air:sd1:lora:civitai:82098@87153".parse()?;
/// let face: Air = "urn:air:sd1:embedding:civitai:7808@9208".parse()?;
/// let request = TextToImage::new(model, "a lighthouse, easynegative")
///     .network(Network::lora(style).strength(0.8))
///     .network(Network::embedding(face, "easynegative"));
/// assert!(request.check().is_ok());
/// # Ok::<(), civitai_jobs::ParseAirError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[must_use = "a network does nothing until it is added to a request"]
pub struct Network {
    pub(super) air: Air,
    kind: AssetType,
    pub(super) strength: Option<f64>,
    trigger_word: Option<String>,
}

impl Network {
    /// Creates a network of any type; one that this crate does not list is made with `AssetType::from`.
    pub fn new(air: Air, kind: AssetType) -> Self {
        Self {
            air,
            kind,
            strength: None,
            trigger_word: None,
        }
    }

    /// Creates a LoRA at the strength that the service chooses, until it is set.
    pub fn lora(air: Air) -> Self {
        Self::new(air, AssetType::Lora)
    }

    /// Creates an embedding, also called a textual inversion, with the word in the prompt that calls it.
    pub fn embedding(air: Air, trigger_word: impl Into<String>) -> Self {
        Self::new(air, AssetType::TextualInversion).trigger_word(trigger_word)
    }

    /// Sets how strongly the network acts, from 0 to 2; used for `Lora` and `LoCon`.
    pub fn strength(mut self, strength: f64) -> Self {
        self.strength = Some(strength);
        self
    }

    /// Sets the word in the prompt that calls the network; used for `TextualInversion`.
    pub fn trigger_word(mut self, word: impl Into<String>) -> Self {
        self.trigger_word = Some(word.into());
        self
    }

    pub(super) fn params(&self) -> ImageJobNetworkParams {
        ImageJobNetworkParams {
            strength: self.strength,
            trigger_word: self.trigger_word.clone(),
            type_: Some(self.kind.clone()),
            ..ImageJobNetworkParams::default()
        }
    }
}
