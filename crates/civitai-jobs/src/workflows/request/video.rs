//! Steps that make and change videos.

use super::step::Step;
use super::value::{Image, Source, Text, Video};
use super::wiring::Slot as _;
use civitai_api::v2::types::*;

/// Lists steps that need only a prompt: the function, and the input of the engine.
macro_rules! engines {
    ($($(#[$about:meta])* $make:ident: $input:ident;)*) => {
        $(impl Step<$input> {
            $(#[$about])*
            pub fn $make(prompt: impl Into<Source<Text>>) -> Self {
                Self::prompted(prompt)
            }
        })*
    };
}

engines! {
    /// A video by Google's Veo 3, without sound until [`generate_audio`](Self::generate_audio).
    veo3: Veo3VideoGenInput;
    /// A video by Kling 3.
    kling_v3: KlingV3VideoGenInput;
    /// A video by OpenAI's Sora 2.
    sora: Sora2TextToVideoInput;
    /// A video by Vidu Q3.
    vidu_q3: ViduQ3VideoGenInput;
    /// A video by LTX 2.3.
    ltx: ComfyLtx23CreateVideoInput;
    /// A video by Wan 2.6.
    wan: Wan26FalTextToVideoInput;
}

impl Step<Wan26FalImageToVideoInput> {
    /// Creates a step for an image brought to life, by Wan 2.6.
    pub fn animate(image: impl Into<Source<Image>>, prompt: impl Into<Source<Text>>) -> Self {
        Self::prompted(prompt).images([image.into()])
    }
}

impl Step<SeedanceVideoGenInput> {
    /// Creates a step for a video by Seedance, whose shape, resolution and length in seconds must be said.
    pub fn seedance(
        prompt: impl Into<Source<Text>>,
        aspect_ratio: SeedanceVideoGenInputAspectRatio,
        resolution: SeedanceVideoGenInputResolution,
        seconds: i32,
    ) -> Self {
        let prompt = prompt.into().into_input();
        Self::new(SeedanceVideoGenInput::new(
            aspect_ratio,
            seconds,
            prompt,
            resolution,
        ))
    }
}

impl Step<VideoUpscalerInput> {
    /// Creates a step for a video made larger.
    pub fn upscale_video(video: impl Into<Source<Video>>) -> Self {
        Self::of(|input| input.video.set(video.into()))
    }

    /// Sets by how much width and height grow, from 2 to 4.
    pub fn scale_factor(mut self, factor: impl Into<Source<i32>>) -> Self {
        self.input.scale_factor.set(factor.into());
        self
    }
}

impl Step<VideoInterpolationInput> {
    /// Creates a step for a video with frames added between those it has.
    pub fn interpolate_video(video: impl Into<Source<Video>>) -> Self {
        Self::of(|input| input.video.set(video.into()))
    }

    /// Sets how many times as many frames the video gets, 2 or 3.
    pub fn factor(mut self, factor: impl Into<Source<i32>>) -> Self {
        self.input.interpolation_factor.set(factor.into());
        self
    }
}

impl Step<VideoBackgroundRemovalInput> {
    /// Creates a step for a video without its background.
    pub fn remove_video_background(video: impl Into<Source<Video>>) -> Self {
        Self::of(|input| input.video.set(video.into()))
    }
}

impl Step<VideoFrameExtractionInput> {
    /// Frames of a video, as images.
    pub fn extract_frames(video: impl Into<Source<Video>>) -> Self {
        Self::of(|input| input.video_url.set(video.into()))
    }

    /// Sets how many frames to take at most.
    pub fn max_frames(mut self, frames: impl Into<Source<i32>>) -> Self {
        self.input.max_frames.set(frames.into());
        self
    }
}

impl Step<VideoMetadataInput> {
    /// Size, length and frames per second of a video.
    pub fn video_metadata(video: impl Into<Source<Video>>) -> Self {
        Self::of(|input| input.video.set(video.into()))
    }
}

impl Step<TranscodeInput> {
    /// Creates a step for a video in another container and of another width in pixels.
    pub fn transcode_video(
        video: impl Into<Source<Video>>,
        container: ContainerFormat,
        width: impl Into<Source<i32>>,
    ) -> Self {
        Self::of(|input| {
            input.container_format = Some(container.into());
            input.source_url.set(video.into());
            input.width.set(width.into());
        })
    }
}
