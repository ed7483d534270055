//! Blobs: what lies in storage under a key.

use chrono::{DateTime, Utc};

use crate::core::content::Content;
use crate::core::paint::Picture;
use crate::core::rule::Rule;

use super::state::State;

/// A blob that can be had.
#[derive(Debug)]
pub(crate) struct Blob {
    pub(crate) shown: Shown,
    pub(crate) uploaded: DateTime<Utc>,
}

/// What a blob shows.
#[derive(Debug)]
pub(crate) enum Shown {
    Picture(Picture),
    Content(Content),
}

/// The blob of a key; nothing where there is none, or none yet.
pub(crate) fn find(state: &State, key: &str) -> Option<Blob> {
    let (job, place) = state.store.blob(key)?;
    let picture = job.template().picture.as_ref()?;
    let uploaded = job.drawn_at(place)? + state.settings.upload_lag;
    if uploaded > state.now {
        return None;
    }
    let contents = &state.setup.contents;
    let content = Rule::first(contents, &job.template().submission());
    let shown = content.map(Shown::Content).unwrap_or_else(|| {
        Shown::Picture(Picture {
            prompt: picture.prompt.clone(),
            seed: job.image_seed(place),
            width: picture.width,
            height: picture.height,
        })
    });
    Some(Blob {
        shown,
        uploaded: state.date(uploaded),
    })
}
