//! Steps that describe media and make three-dimensional models.

use super::step::Step;
use super::value::{Source, Text, Visual};
use super::wiring::Slot as _;
use civitai_api::v2::types::*;

impl Step<MediaCaptioningInput> {
    /// Creates a step for a caption for an image or a video.
    pub fn caption(media: impl Into<Source<Visual>>) -> Self {
        Self::of(|input| input.media_url.set(media.into()))
    }

    /// Sets what to write about, in words.
    pub fn custom_instructions(mut self, text: impl Into<Source<Text>>) -> Self {
        self.input.custom_instructions.set(text.into());
        self
    }
}

impl Step<MeshyTextTo3DFalPolyGenInput> {
    /// Creates a step for a three-dimensional model of what a prompt says, by Meshy.
    pub fn text_to_3d(prompt: impl Into<Source<Text>>) -> Self {
        Self::prompted(prompt)
    }
}
