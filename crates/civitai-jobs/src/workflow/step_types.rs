//! The step types, by what each takes and what it makes.

use super::input::StepInput;
use super::types::{self, WorkflowStepTemplate};
#[cfg(feature = "image")]
use super::value::{Image, Source};

/// An image to keep as a blob of the service: the input of a step of type `imageUpload`.
#[cfg(feature = "image")]
#[derive(Clone, Debug, PartialEq)]
pub struct ImageUpload {
    /// The image.
    pub image: Source<Image>,
}

/// Lists step types: the variant, what is submitted, its input, and what its output decodes to.
macro_rules! step_types {
    ($(#[$cut:meta] {
        $($variant:ident($template:ident, $input:ident, $output:ident);)*
    })*) => {
        $($(
            #[$cut]
            impl StepInput for types::$input {
                type Output = types::$output;

                fn into_template(self) -> WorkflowStepTemplate {
                    types::$template::new(self).into_template()
                }
            }

            #[$cut]
            impl StepInput for types::$template {
                type Output = types::$output;

                fn into_template(self) -> WorkflowStepTemplate {
                    WorkflowStepTemplate::$variant(Box::new(self))
                }
            }
        )*)*

        /// The step types, but for the one whose input is no object.
        #[cfg(test)]
        const LISTED: &[&str] = &[$($(stringify!($variant),)*)*];
    };
}

/// Any step, one of an unknown type included; what it makes is known by path alone.
impl StepInput for WorkflowStepTemplate {
    type Output = serde_json::Value;

    fn into_template(self) -> WorkflowStepTemplate {
        self
    }
}

#[cfg(feature = "image")]
impl StepInput for types::ImageUploadStepTemplate {
    type Output = types::ImageUploadOutput;

    fn into_template(self) -> WorkflowStepTemplate {
        WorkflowStepTemplate::ImageUpload(Box::new(self))
    }
}

#[cfg(feature = "image")]
impl StepInput for ImageUpload {
    type Output = types::ImageUploadOutput;

    fn into_template(self) -> WorkflowStepTemplate {
        let template = types::ImageUploadStepTemplate {
            input: Some(self.image.into_input()),
            ..types::ImageUploadStepTemplate::default()
        };
        template.into_template()
    }
}

step_types! {
    // Always there.
    #[cfg(all())] {
        Echo(EchoStepTemplate, EchoInput, EchoOutput);
    }
    #[cfg(any(feature = "image", feature = "media"))] {
        ImageGen(ImageGenStepTemplate, ImageGenInput, ImageGenOutput);
    }
    #[cfg(feature = "audio")] {
        AceStepAudio(AceStepAudioStepTemplate, AceStepAudioInput, AceStepAudioOutput);
        AudioCaptioning(AudioCaptioningStepTemplate, AudioCaptioningInput, AudioCaptioningOutput);
        TextToSpeech(TextToSpeechStepTemplate, TextToSpeechInput, TextToSpeechOutput);
        Transcription(TranscriptionStepTemplate, TranscriptionInput, TranscriptionOutput);
    }
    #[cfg(feature = "comfy")] {
        Comfy(ComfyStepTemplate, ComfyInput, ComfyOutput);
        ComfyNodepackSnapshot(
            ComfyNodepackSnapshotStepTemplate, ComfyNodepackSnapshotInput,
            ComfyNodepackSnapshotOutput
        );
        CustomComfy(CustomComfyStepTemplate, CustomComfyInput, CustomComfyOutput);
    }
    #[cfg(feature = "image")] {
        ConvertImage(ConvertImageStepTemplate, ConvertImageInput, ConvertImageOutput);
        ImageBackgroundRemoval(
            ImageBackgroundRemovalStepTemplate, ImageBackgroundRemovalInput,
            ImageBackgroundRemovalOutput
        );
        ImageToSvg(ImageToSvgStepTemplate, ImageToSvgInput, ImageToSvgOutput);
        ImageUpscaler(ImageUpscalerStepTemplate, ImageUpscalerInput, ImageUpscalerOutput);
        PreprocessImage(PreprocessImageStepTemplate, PreprocessImageInput, PreprocessImageOutput);
        QwenImageBench(QwenImageBenchStepTemplate, QwenImageBenchInput, QwenImageBenchOutput);
        TextToImage(TextToImageStepTemplate, TextToImageInput, TextToImageOutput);
    }
    #[cfg(feature = "media")] {
        AgeClassification(
            AgeClassificationStepTemplate, AgeClassificationInput,
            AgeClassificationOutput
        );
        BlobArchive(BlobArchiveStepTemplate, BlobArchiveInput, BlobArchiveOutput);
        ComposeMedia(ComposeMediaStepTemplate, ComposeMediaInput, ComposeMediaOutput);
        MediaCaptioning(MediaCaptioningStepTemplate, MediaCaptioningInput, MediaCaptioningOutput);
        MediaHash(MediaHashStepTemplate, MediaHashInput, MediaHashOutput);
        MediaRating(MediaRatingStepTemplate, MediaRatingInput, MediaRatingOutput);
        Model3DPreview(Model3DPreviewStepTemplate, Model3DPreviewInput, Model3DPreviewOutput);
        PolyGen(PolyGenStepTemplate, PolyGenInput, PolyGenOutput);
        WdTagging(WdTaggingStepTemplate, WdTaggingInput, WdTaggingOutput);
    }
    #[cfg(feature = "models")] {
        ModelClamScan(ModelClamScanStepTemplate, ModelClamScanInput, ModelClamScanOutput);
        ModelHash(ModelHashStepTemplate, ModelHashInput, ModelHashOutput);
        ModelParseMetadata(
            ModelParseMetadataStepTemplate, ModelParseMetadataInput,
            ModelParseMetadataOutput
        );
        ModelPickleScan(ModelPickleScanStepTemplate, ModelPickleScanInput, ModelPickleScanOutput);
    }
    #[cfg(feature = "text")] {
        ChatCompletion(ChatCompletionStepTemplate, ChatCompletionInput, ChatCompletionOutput);
        PromptEnhancement(
            PromptEnhancementStepTemplate, PromptEnhancementInput,
            PromptEnhancementOutput
        );
        ShieldstralModeration(
            ShieldstralModerationStepTemplate, ShieldstralModerationInput,
            ShieldstralModerationOutput
        );
        XGuardModeration(XGuardModerationStepTemplate, XGuardModerationInput, XGuardModerationOutput);
    }
    #[cfg(feature = "training")] {
        ImageResourceTraining(
            ImageResourceTrainingStepTemplate, ImageResourceTrainingInput,
            ImageResourceTrainingOutput
        );
        Training(TrainingStepTemplate, TrainingInput, TrainingOutput);
    }
    #[cfg(feature = "video")] {
        Transcode(TranscodeStepTemplate, TranscodeInput, TranscodeOutput);
        VideoBackgroundRemoval(
            VideoBackgroundRemovalStepTemplate, VideoBackgroundRemovalInput,
            VideoBackgroundRemovalOutput
        );
        VideoEnhancement(VideoEnhancementStepTemplate, VideoEnhancementInput, VideoEnhancementOutput);
        VideoFrameExtraction(
            VideoFrameExtractionStepTemplate, VideoFrameExtractionInput,
            VideoFrameExtractionOutput
        );
        VideoGen(VideoGenStepTemplate, VideoGenInput, VideoGenOutput);
        VideoInterpolation(
            VideoInterpolationStepTemplate, VideoInterpolationInput,
            VideoInterpolationOutput
        );
        VideoMetadata(VideoMetadataStepTemplate, VideoMetadataInput, VideoMetadataOutput);
        VideoUpscaler(VideoUpscalerStepTemplate, VideoUpscalerInput, VideoUpscalerOutput);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use civitai_api::v2::limits::WORKFLOW_STEP_TEMPLATE;

    use super::*;

    #[test]
    fn every_step_type_of_the_contract_can_be_added() {
        let variants = WORKFLOW_STEP_TEMPLATE.variants().iter();
        let wanted: BTreeSet<_> = variants.map(|(tag, _)| tag.to_lowercase()).collect();
        let listed = LISTED.iter().copied().chain(["ImageUpload"]);
        let listed: BTreeSet<_> = listed.map(str::to_lowercase).collect();
        assert_eq!(listed, wanted);
    }
}
