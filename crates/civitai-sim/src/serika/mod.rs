//! The Serika API: images as jobs, and what is answered at once.

pub(crate) mod state;
pub(crate) mod view;
