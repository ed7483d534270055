//! Control nets: images that steer the composition.

use civitai_api::v1::types::{ImageJobControlNet, ImageTransformer};
use serde::{Deserialize, Serialize};

/// An image that steers the composition of the picture.
///
/// ```
/// use civitai_jobs::jobs::{ControlNet, ImageTransformer};
///
/// let edges = ControlNet::from_url("https://example.com/pose.png")
///     .preprocessor(ImageTransformer::Canny)
///     .weight(0.7);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[must_use = "a control net does nothing until it is added to a request"]
pub struct ControlNet(ImageJobControlNet);

impl ControlNet {
    /// Steers by the image behind a link, which the service must be able to fetch.
    pub fn from_url(url: impl Into<String>) -> Self {
        Self(ImageJobControlNet {
            image_url: Some(url.into()),
            ..ImageJobControlNet::default()
        })
    }

    /// Steers by an image that the service has stored, given by its blob key.
    pub fn from_blob(key: impl Into<String>) -> Self {
        Self(ImageJobControlNet {
            blob_key: Some(key.into()),
            ..ImageJobControlNet::default()
        })
    }

    /// Sets what is drawn out of the image first, such as its edges or its depth.
    pub fn preprocessor(mut self, preprocessor: ImageTransformer) -> Self {
        self.0.preprocessor = Some(preprocessor);
        self
    }

    /// Sets how strongly the image steers, from 0 to 2.
    pub fn weight(mut self, weight: f64) -> Self {
        self.0.weight = Some(weight);
        self
    }

    /// Sets where in the run the steering begins. The service does not say in what unit: some of its
    /// clients send a fraction of 1, others a number of steps.
    pub fn start_step(mut self, start: f64) -> Self {
        self.0.start_step = Some(start);
        self
    }

    /// Sets where in the run the steering ends, counted like [`start_step`](Self::start_step).
    pub fn end_step(mut self, end: f64) -> Self {
        self.0.end_step = Some(end);
        self
    }

    /// Where in the run it acts, by the names of the wire.
    pub(super) fn steps(&self) -> [(&'static str, Option<f64>); 2] {
        [
            ("startStep", self.0.start_step),
            ("endStep", self.0.end_step),
        ]
    }

    pub(super) fn params(&self) -> &ImageJobControlNet {
        &self.0
    }
}
