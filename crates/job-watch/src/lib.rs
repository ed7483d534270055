#![doc = include_str!("../README.md")]

pub use clock::{Clock, SkipClock, Sleep, TokioClock};
pub use error::WatchError;
pub use fleet::{Driver, ErrorOf, Fleet, FleetBuilder, RequestBudget, Sight, Source, Waiter};
pub use job::{Fault, Job, Phase, Seen};
pub use policy::{Pace, Tolerance, WatchPolicy};
pub use progress::Progress;
#[cfg(feature = "stream")]
pub use stream::Updates;
pub use throttle::Throttle;
pub use update::Update;
pub use watch::Watch;

mod ask;
mod clock;
mod decide;
mod error;
mod fleet;
mod job;
mod policy;
mod progress;
mod slot;
#[cfg(feature = "stream")]
mod stream;
mod throttle;
mod update;
mod watch;
