//! How long a model takes to load, as the builder is told.

use std::time::Duration;

use super::template::Priority;

/// A model that no worker holds when the simulation starts, and how it is loaded once a step asks for
/// it.
///
/// ```
/// use civitai_sim::{Loading, Simulator};
///
/// let model = "urn:air:sdxl:checkpoint:civitai:101055@128078";
/// let loading = Loading::new(6_000_000_000).speed(50_000_000).boost_price(20);
/// let builder = Simulator::builder().not_loaded(model, loading);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[must_use]
pub struct Loading {
    pub(crate) size: u64,
    speed: u64,
    boosted: Option<u64>,
    pub(crate) boost_price: u64,
}

impl Loading {
    /// Returns the loading of a model of this size in bytes: 100 MB a second, or four times as fast for
    /// 10 Buzz.
    pub fn new(size: u64) -> Self {
        Self {
            size,
            speed: 100_000_000,
            boosted: None,
            boost_price: 10,
        }
    }

    /// Sets the bytes a second in the lane `normal`, at least 1; the lane `low` has half of it. Default:
    /// 100,000,000.
    pub fn speed(mut self, bytes: u64) -> Self {
        self.speed = bytes.max(1);
        self
    }

    /// Sets the bytes a second in the lane `high`, at least 1. Default: four times those of `normal`.
    pub fn boosted_speed(mut self, bytes: u64) -> Self {
        self.boosted = Some(bytes.max(1));
        self
    }

    /// Sets the Buzz that the lane `high` costs for this model. Default: 10.
    pub fn boost_price(mut self, buzz: u64) -> Self {
        self.boost_price = buzz.min(u64::from(u32::MAX));
        self
    }

    /// Bytes a second in a lane.
    pub(crate) fn rate(&self, lane: Priority) -> f64 {
        let speed = self.speed as f64;
        match lane {
            Priority::High => self.boosted.map_or(4.0 * speed, |bytes| bytes as f64),
            Priority::Normal => speed,
            Priority::Low => speed / 2.0,
        }
    }

    /// How long this many bytes take in a lane; a year at most.
    pub(crate) fn time(&self, bytes: f64, lane: Priority) -> Duration {
        let seconds = bytes.max(0.0) / self.rate(lane);
        Duration::from_secs_f64(seconds.min(crate::core::time::LONGEST.as_secs_f64()))
    }
}
