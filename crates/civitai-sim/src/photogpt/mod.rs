//! The PhotoGPT API: images and videos as jobs, models that are trained, downloads.

pub(crate) mod state;
pub(crate) mod view;
