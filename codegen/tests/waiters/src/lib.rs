//! Clients of public services of different kinds, from small contracts with waiters in `contracts/`. The
//! test `golden` of the `codegen` crate keeps `generated/` as it should be; this crate compiles it, and
//! its tests watch work on a scripted server.

/// The page whose example is tested here.
#[cfg(doctest)]
#[doc = include_str!("../../../../docs/bring-your-own-api.md")]
pub struct Page;

#[rustfmt::skip]
mod generated {
    pub(crate) mod support;
    pub mod bfl;
    pub mod dubbing;
    pub mod fal;
    pub mod leonardo;
    pub mod lro;
    pub mod minimax;
    pub mod press;
    pub mod replicate;
    pub mod stability;
    pub mod vectors;
}

pub use generated::support::*;
pub use generated::{
    bfl, dubbing, fal, leonardo, lro, minimax, press, replicate, stability, vectors,
};
