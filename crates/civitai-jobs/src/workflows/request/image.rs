//! Steps that make and change images.

use super::members::SourceImage;
use super::step::Step;
use super::value::{Image, Source, Text};
use super::wiring::{Collection as _, Slot as _};
use crate::Air;
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
    /// Images by Z-Image Turbo.
    z_image: ZImageTurboCreateImageGenInput;
    /// Images by Qwen Image.
    qwen_image: Qwen20bCreateImageGenInput;
    /// Images by FLUX.2 pro.
    flux2_pro: Flux2ProCreateImageInput;
    /// Images by OpenAI's GPT Image 2.
    gpt_image: OpenAiGpt2CreateImageInput;
    /// Images by Google's Nano Banana Pro; with [`images`](Self::images), it edits them.
    nano_banana: NanoBananaProImageGenInput;
    /// Images by Google's Imagen 4.
    imagen: Imagen4ImageGenInput;
    /// Images by Seedream; with [`images`](Self::images), it edits them.
    seedream: SeedreamImageGenInput;
}

impl Step<SdxlCreateImageGenInput> {
    /// Images by a model of the SDXL family.
    pub fn sdxl(model: &Air, prompt: impl Into<Source<Text>>) -> Self {
        Self::prompted(prompt).model(model)
    }
}

impl Step<OpenAiGpt2EditImageInput> {
    /// Creates a step for an image changed in words, by OpenAI's GPT Image 2; [`images`](Self::images) adds more to
    /// work from.
    pub fn edit_image(image: impl Into<Source<Image>>, prompt: impl Into<Source<Text>>) -> Self {
        Self::prompted(prompt).images([image.into()])
    }
}

impl Step<TextToImageInput> {
    /// Images from a prompt by any Stable Diffusion checkpoint.
    #[allow(clippy::needless_pass_by_value, reason = "as for the request of v1")]
    pub fn text_to_image(model: Air, prompt: impl Into<Source<Text>>) -> Self {
        Self::prompted(prompt).model(&model)
    }

    /// Sets the sampler.
    pub fn scheduler(mut self, scheduler: Scheduler) -> Self {
        self.input.scheduler = Some(scheduler.into());
        self
    }

    /// Sets how many of the last layers of the text encoder to leave out.
    pub fn clip_skip(mut self, layers: impl Into<Source<i32>>) -> Self {
        self.input.clip_skip.set(layers.into());
        self
    }

    /// Sets how far the image to start from is changed, from 0 to 1.
    pub fn denoise(mut self, strength: impl Into<Source<f64>>) -> Self {
        let member = &mut self.input.source_image_denoise_strength;
        member.set(strength.into());
        self
    }

    /// Sets the file format of the images.
    pub fn format(mut self, format: OutputFormat) -> Self {
        self.input.output_format = Some(format.into());
        self
    }
}

impl Step<ImageUpscalerInput> {
    /// Creates a step for an image made larger.
    pub fn upscale_image(image: impl Into<Source<Image>>) -> Self {
        Self::of(|input| input.image.set(image.into()))
    }

    /// Sets how often to upscale, from 1 to 3; each time doubles width and height.
    pub fn repeats(mut self, times: impl Into<Source<i32>>) -> Self {
        self.input.number_of_repeats.set(times.into());
        self
    }

    /// Sets the upscaler.
    pub fn upscaler(mut self, model: &Air) -> Self {
        self.input.model = Some(model.to_string().into());
        self
    }
}

impl Step<ImageBackgroundRemovalInput> {
    /// Creates a step for an image without its background.
    pub fn remove_background(image: impl Into<Source<Image>>) -> Self {
        Self::of(|input| input.image.set(image.into()))
    }

    /// Sets the file format of the image.
    pub fn format(mut self, format: ImageBackgroundRemovalFormat) -> Self {
        self.input.format = Some(format.into());
        self
    }
}

impl Step<ConvertImageInput> {
    /// Creates a step for an image in another file format, such as [`JpegOutputFormat`] with its quality.
    pub fn convert_image(
        image: impl Into<Source<Image>>,
        format: impl Into<ImageOutputFormat>,
    ) -> Self {
        let image = image.into().into_input();
        Self::new(ConvertImageInput::new(image, format.into()))
    }

    /// Creates a step for an image as PNG.
    pub fn convert_to_png(image: impl Into<Source<Image>>) -> Self {
        Self::convert_image(image, PngOutputFormat::default())
    }

    /// Creates a step for an image as JPEG, of a quality from 1 to 100.
    pub fn convert_to_jpeg(image: impl Into<Source<Image>>, quality: i32) -> Self {
        let format = JpegOutputFormat {
            quality: Some(quality.into()),
            ..Default::default()
        };
        Self::convert_image(image, format)
    }

    /// Creates a step for an image as WebP, of a quality from 1 to 100.
    pub fn convert_to_webp(image: impl Into<Source<Image>>, quality: i32) -> Self {
        let format = WebpOutputFormat {
            quality: Some(quality.into()),
            ..Default::default()
        };
        Self::convert_image(image, format)
    }

    /// Adds a change that is made before the image is converted, such as a
    /// [`ResizeTransform`](crate::workflows::types::ResizeTransform).
    pub fn transform(mut self, transform: impl Into<ImageTransform>) -> Self {
        self.input.transforms.add(transform.into());
        self
    }
}

impl Step<ImageUploadStepTemplate> {
    /// Creates a step for an image that the service is to keep as a blob.
    pub fn upload_image(image: impl Into<Source<Image>>) -> Self {
        Self::of(|step| step.input.set(image.into()))
    }
}

impl<I: SourceImage + Default> Step<I> {
    /// Makes a step of an engine and the image that it works on, such as a
    /// [`PreprocessImageCannyInput`](crate::workflows::types::PreprocessImageCannyInput).
    pub fn of_image(image: impl Into<Source<Image>>) -> Self {
        Self::new(I::default()).image(image)
    }
}
