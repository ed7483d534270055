//! Placeholder.

pub use air::{Air, AirBuilder, AirPart, ParseAirError};

mod air;
