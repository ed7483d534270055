#![doc = include_str!("../README.md")]

pub use clock::{Clock, SkipClock, Sleep, TokioClock};
pub use error::WatchError;
pub use estimates::{Estimate, Estimates};
pub use fleet::{
    Driver, ErrorOf, Fleet, FleetBuilder, FleetWatch, PollResult, RequestBudget, Source,
};
pub use from_fn::{FromFn, from_fn};
pub use phase::Phase;
pub use policy::{Pace, Tolerance, WatchPolicy};
pub use pollable::{Fault, Pollable, Until};
pub use polled::Polled;
pub use progress::Progress;
#[cfg(feature = "stream")]
pub use stream::Updates;
pub use throttle::Throttle;
pub use update::Update;
pub use watch::Watch;

mod clock;
mod decide;
mod error;
mod estimates;
mod fleet;
mod from_fn;
mod pending;
mod phase;
mod policy;
mod poll;
mod pollable;
mod polled;
mod progress;
#[cfg(feature = "stream")]
mod stream;
mod throttle;
mod update;
mod watch;
