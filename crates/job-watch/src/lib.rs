#![doc = include_str!("../README.md")]

#[cfg(target_family = "wasm")]
#[doc(no_inline)]
pub use browser::BrowserClock as UsualClock;
#[cfg(target_family = "wasm")]
pub use browser::BrowserClock;
#[cfg(not(target_family = "wasm"))]
#[doc(no_inline)]
pub use clock::TokioClock as UsualClock;
#[cfg(not(target_family = "wasm"))]
pub use clock::TokioClock;
pub use clock::{Clock, Instant, SkipClock, Sleep};
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

#[cfg(target_family = "wasm")]
mod browser;
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
