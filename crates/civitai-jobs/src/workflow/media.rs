//! Steps that describe media and make three-dimensional models.

use super::slot::Member;
use super::step::Step;
use super::types::{MediaCaptioningInput, MeshyTextTo3DFalPolyGenInput};
use super::value::{Source, Text, Visual};

impl Step<MediaCaptioningInput> {
    /// A caption for an image or a video.
    pub fn caption(media: impl Into<Source<Visual>>) -> Self {
        Self::new(MediaCaptioningInput {
            media_url: media.into().into_input(),
            ..MediaCaptioningInput::default()
        })
    }

    /// Sets what to write about, in words.
    pub fn custom_instructions(mut self, text: impl Into<Source<Text>>) -> Self {
        self.input.custom_instructions.set(text.into().into_input());
        self
    }
}

impl Step<MeshyTextTo3DFalPolyGenInput> {
    /// A three-dimensional model of what a prompt says, by Meshy.
    pub fn text_to_3d(prompt: impl Into<Source<Text>>) -> Self {
        Self::prompted(prompt)
    }
}
