//! What every service shares, and what knows none of them: time, the queue, the seed, faults, files.

pub(crate) mod agenda;
pub(crate) mod air;
pub(crate) mod content;
pub(crate) mod effect;
pub(crate) mod fault;
pub(crate) mod faults;
pub(crate) mod fields;
pub(crate) mod film;
pub(crate) mod hexadecimal;
pub(crate) mod lock;
pub(crate) mod paint;
pub(crate) mod problem;
pub(crate) mod queue;
pub(crate) mod record;
pub(crate) mod reply;
pub(crate) mod request_rule;
pub(crate) mod rule;
pub(crate) mod seed;
pub(crate) mod setup;
pub(crate) mod speed;
pub(crate) mod time;
pub(crate) mod time_span;
pub(crate) mod wait;
pub(crate) mod works;
