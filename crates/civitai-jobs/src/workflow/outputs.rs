//! What each step type makes, as values for further steps.
//!
//! The paths are those of the outputs' links and texts; a list is counted from 0.

use super::handle::StepHandle;
use super::types;
use super::value::*;

/// Lists outputs: the method, its kind, and the path below `output`.
macro_rules! outputs {
    ($($(#[$cut:meta])* $output:ident {
        $($(#[$about:meta])* $method:ident($($index:ident),*) -> $kind:ty = $path:literal;)*
        $([$list:ident -> $item:ty = $lies:literal each $within:literal];)?
    })*) => {
        $(
            $(#[$cut])*
            impl StepHandle<types::$output> {
                $(
                    $(#[$about])*
                    #[must_use]
                    pub fn $method(&self $(, $index: usize)*) -> Deferred<$kind> {
                        self.at(format_args!($path))
                    }
                )*
                $(
                    /// All of them, to be gone through by [`Step::repeat`](super::Step::repeat).
                    #[must_use]
                    pub fn $list(&self) -> super::repeat::DeferredList<$item> {
                        self.list_at($lies, Some($within))
                    }
                )?
            }
        )*
    };
}

outputs! {
    EchoOutput {
        /// The message that came back.
        message() -> Text = "message";
    }
    #[cfg(any(feature = "image", feature = "media"))]
    ImageGenOutput {
        /// One of the images that were made.
        image(index) -> Image = "images[{index}].url";
        [images -> Image = "images" each "url"];
    }
    #[cfg(feature = "image")]
    TextToImageOutput {
        /// One of the images that were made.
        image(index) -> Image = "images[{index}].url";
        [images -> Image = "images" each "url"];
    }
    #[cfg(feature = "image")]
    ImageUpscalerOutput {
        /// The larger image.
        image() -> Image = "blob.url";
    }
    #[cfg(feature = "image")]
    ImageBackgroundRemovalOutput {
        /// The image without its background.
        image() -> Image = "image.url";
    }
    #[cfg(feature = "image")]
    ConvertImageOutput {
        /// The converted image.
        image() -> Image = "blob.url";
    }
    #[cfg(feature = "image")]
    PreprocessImageOutput {
        /// The drawing, the depths or whatever else was looked for.
        image() -> Image = "blob.url";
    }
    #[cfg(feature = "image")]
    ImageUploadOutput {
        /// The image as the service keeps it.
        image() -> Image = "blob.url";
    }
    #[cfg(feature = "image")]
    ImageToSvgOutput {
        /// The drawing as SVG.
        image() -> Image = "svg.url";
    }
    #[cfg(feature = "video")]
    VideoGenOutput {
        /// The video.
        video() -> Video = "video.url";
        /// One of the videos beside the first, counted from 0.
        additional_video(index) -> Video = "additionalVideos[{index}].url";
        /// What the draft leaves behind for the final video.
        draft_cache() -> DraftCache = "draftCache.url";
    }
    #[cfg(feature = "video")]
    VideoUpscalerOutput {
        /// The larger video.
        video() -> Video = "video.url";
    }
    #[cfg(feature = "video")]
    VideoEnhancementOutput {
        /// The better video.
        video() -> Video = "video.url";
    }
    #[cfg(feature = "video")]
    VideoInterpolationOutput {
        /// The smoother video.
        video() -> Video = "video.url";
    }
    #[cfg(feature = "video")]
    VideoBackgroundRemovalOutput {
        /// The video without its background.
        video() -> Video = "video.url";
    }
    #[cfg(feature = "video")]
    VideoFrameExtractionOutput {
        /// One of the frames.
        frame(index) -> Image = "frames[{index}].url";
        [frames -> Image = "frames" each "url"];
    }
    #[cfg(feature = "video")]
    TranscodeOutput {
        /// The video in its new form.
        video() -> Video = "url";
    }
    #[cfg(feature = "video")]
    VideoMetadataOutput {
        /// The width in pixels.
        width() -> i32 = "width";
        /// The height in pixels.
        height() -> i32 = "height";
        /// The frames per second.
        fps() -> f64 = "fps";
    }
    #[cfg(feature = "audio")]
    AceStepAudioOutput {
        /// The music.
        audio() -> Audio = "blob.url";
    }
    #[cfg(feature = "audio")]
    TextToSpeechOutput {
        /// The speech.
        audio() -> Audio = "audioBlob.url";
    }
    #[cfg(feature = "audio")]
    TranscriptionOutput {
        /// What was said.
        text() -> Text = "text";
        /// The code of the language that was spoken.
        language() -> Text = "language";
    }
    #[cfg(feature = "text")]
    ChatCompletionOutput {
        /// The text of the first answer.
        text() -> Text = "choices[0].message.content";
        /// The text of one of several answers.
        choice(index) -> Text = "choices[{index}].message.content";
    }
    #[cfg(feature = "text")]
    PromptEnhancementOutput {
        /// The better prompt.
        prompt() -> Text = "enhancedPrompt";
        /// The better negative prompt.
        negative_prompt() -> Text = "enhancedNegativePrompt";
    }
    #[cfg(feature = "training")]
    TrainingOutput {
        /// The model as it was after one of the epochs.
        model(epoch) -> Model = "epochs[{epoch}].model.url";
        /// A sample made after one of the epochs.
        sample(epoch, index) -> Image = "epochs[{epoch}].samples[{index}].url";
    }
    #[cfg(feature = "training")]
    ImageResourceTrainingOutput {
        /// The model as it was after one of the epochs.
        model(epoch) -> Model = "epochs[{epoch}].blobUrl";
        /// A sample made after one of the epochs.
        sample(epoch, index) -> Image = "epochs[{epoch}].sampleImages[{index}]";
    }
    #[cfg(feature = "media")]
    MediaCaptioningOutput {
        /// The caption.
        caption() -> Text = "caption";
    }
    #[cfg(feature = "media")]
    ComposeMediaOutput {
        /// The composition, where it is a video.
        video() -> Video = "videoBlob.url";
        /// The composition, where it is sound.
        audio() -> Audio = "audioBlob.url";
    }
    #[cfg(feature = "media")]
    BlobArchiveOutput {
        /// The archive.
        archive() -> Archive = "url";
    }
    #[cfg(feature = "media")]
    PolyGenOutput {
        /// The model.
        model() -> Model3d = "model.url";
        /// The model that can be moved.
        rigged_model() -> Model3d = "riggedModel.url";
        /// The model that moves.
        animated_model() -> Model3d = "animatedModel.url";
        /// A picture of the model.
        thumbnail() -> Image = "thumbnail.url";
    }
    #[cfg(feature = "media")]
    Model3DPreviewOutput {
        /// One of the pictures, by the pose of the camera.
        image(index) -> Image = "images[{index}].url";
        [images -> Image = "images" each "url"];
    }
    #[cfg(feature = "comfy")]
    ComfyOutput {
        /// One of the files that were made, where it is an image.
        image(index) -> Image = "blobs[{index}].url";
        /// One of the files that were made, where it is a video.
        video(index) -> Video = "blobs[{index}].url";
    }
    #[cfg(feature = "comfy")]
    CustomComfyOutput {
        /// One of the files that were made, where it is an image.
        image(index) -> Image = "blobs[{index}].url";
        /// One of the files that were made, where it is a video.
        video(index) -> Video = "blobs[{index}].url";
    }
}
